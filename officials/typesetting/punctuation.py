"""Chinese punctuation for Chinese text.

Much text is typed with the narrow marks of a Latin keyboard, "户口簿(首页)", and would look careless in print. Marks that
stand between Chinese characters become full-width; those inside numbers, times and addresses stay as they are.
"""

import re

_HAN = "\u3400-\u9fff\U00020000-\U000323af"
_CLOSING = "\u3001\u3002\u300b\u3011\u3015\u201d\uff09"  # 、 。 》 】 〕 ” )
_WIDE = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}

_HAS_HAN = re.compile(f"[{_HAN}]")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_MARK_BESIDE_HAN = re.compile(f"(?<=[{_HAN}{_CLOSING}])[,;:?!] ?|[,;:](?=[{_HAN}])")
# "08:30-12:00,14:00" lists two times; "12,000" is one number.
_LISTING_COMMA = re.compile(r"(?<=\d)[,;](?=\d)(?!\d{3}(?!\d))")


def chinese_punctuation(text: str) -> str:
    """The text with full-width marks where it is Chinese. A text without a Chinese character is left alone."""
    if not _HAS_HAN.search(text):
        return text
    inner = ""
    while inner != text:  # brackets within brackets: from the inside out
        inner, text = text, _BRACKETS.sub(_wide_brackets, text)
    text = _MARK_BESIDE_HAN.sub(lambda mark: _WIDE[mark.group().strip()], text)
    return _LISTING_COMMA.sub(lambda mark: _WIDE[mark.group()], text)


def _wide_brackets(pair: re.Match[str]) -> str:
    before = pair.string[pair.start() - 1 : pair.start()]
    inside = pair.group(1)
    if _HAS_HAN.search(inside) or _HAS_HAN.search(before):
        return f"\uff08{inside}\uff09"
    return pair.group()
