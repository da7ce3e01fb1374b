"""How personal data looks where it is not needed in full: lists, histories, logs of look-ups (domain rules 11.2).

A mask never lets the length of what it hides show, and an odd value is hidden entirely rather than half.
"""

import re
import unicodedata

STARS = "**"
# Surnames of two characters that still occur; the mask keeps a whole surname, as a clerk calls people by it.
_SURNAMES = (
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 司空 长孙 宇文 鲜于 闾丘 濮阳 淳于 单于 太叔 申屠 "
    "轩辕 钟离 公冶 澹台 宗政 独孤 南宫 西门 呼延 端木 百里 东郭 闻人 赫连 拓跋 万俟 公羊 仲孙 第五 左丘 东门 羊舌 "
    "微生 梁丘 纳兰 歐陽 諸葛 東方 司馬 上官 尉遲 鍾離"
)
COMPOUND_SURNAMES = frozenset(_SURNAMES.split())
# An address down to the village and the group in it; the house number is what must go.
_TO_GROUP = re.compile(r"^.*?(?:村|社区|居委会|嘎查|屯)[^,,;;\s]{0,8}?(?:村民小组|小组|组|屯)")
_TO_VILLAGE = re.compile(r"^.*?(?:行政村|村委会|社区|居委会|嘎查|村)")
_TO_TOWN = re.compile(r"^.*?(?:街道|乡|镇|苏木)")


def mask_name(name: str) -> str:
    """The surname and two stars: 张** for 张三 and 张三丰, 欧阳** for 欧阳修."""
    name = unicodedata.normalize("NFC", name).strip()
    if len(name) < 2:
        return STARS if name else ""
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]
    return surname + STARS


def mask_phone(phone: str) -> str:
    """138****1234 for a mobile number; area code and last two digits for a landline; the rest by its last two."""
    plain = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"\D", "", plain)
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    landline = re.match(r"^(0\d{2,3})-(\d{7,8})", plain)
    if landline:
        return f"{landline[1]}-****{landline[2][-2:]}"
    if len(digits) >= 7:
        return f"****{digits[-2:]}"
    return "****" if plain else ""


def mask_id(number: str) -> str:
    """First three and last four of an 18-character number; of any other paper only the last two."""
    plain = unicodedata.normalize("NFKC", number).strip()
    if len(plain) == 18:
        return f"{plain[:3]}{'*' * 11}{plain[-4:]}"
    if len(plain) >= 6:
        return f"{'*' * 6}{plain[-2:]}"
    return "*" * 6 if plain else ""


def mask_bank_card(number: str) -> str:
    """The last four digits."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
    return f"**** {digits[-4:]}" if len(digits) >= 12 else ("****" if digits else "")


_IN_WORDS = re.compile(r"(?<![\dA-Za-z])(?:(?P<id>\d{17}[\dXx])|(?P<phone>1\d{10})|(?P<card>\d{16,19}))(?![\dA-Za-z])")


def mask_in_words(words: str) -> str:
    """What somebody typed, with the identity numbers, mobile numbers and bank accounts in it masked."""

    def masked(found: re.Match[str]) -> str:
        number = found.group()
        return mask_id(number) if found["id"] else mask_phone(number) if found["phone"] else mask_bank_card(number)

    return _IN_WORDS.sub(masked, words)


def mask_address(address: str) -> str:
    """Down to the village group, or as far towards it as the address can be understood."""
    address = address.strip()
    for pattern in (_TO_GROUP, _TO_VILLAGE, _TO_TOWN):
        found = pattern.match(address)
        if found:
            return found.group()
    return STARS if address else ""
