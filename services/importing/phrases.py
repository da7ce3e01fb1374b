"""Cells that hold a small phrase of their own: who issues which document, starts by channel, times of a batch.

Each has a reader (raises ValueError with a sentence) and a writer that gives back the same words.
"""

import datetime
import re

from django.utils.translation import gettext as _

from . import choices

FULL_COLON = "\uff1a"  # what a Chinese keyboard types; written as an escape because the two look alike
_DOCUMENTS = re.compile("(?P<issuer>[^:\uff1a〔]+)[:\uff1a](?P<documents>[^〔]+)(?:〔(?P<note>.*)〕)?")
_WINDOW = re.compile("([0-9]{2})-([0-9]{2})[~\uff5e至]([0-9]{2})-([0-9]{2})")


def documents_by(lines: list[str]) -> list[dict]:
    """["栖禾镇人民政府:收件凭证、转报单〔说明〕"] → [{"issuer": …, "documents": […], "note": …}]."""
    found = []
    for line in lines:
        match = _DOCUMENTS.fullmatch(line)
        if match is None:
            raise ValueError(_("“%(text)s”: write the body, a colon, and its documents separated by 、.") % {"text": line[:30]})
        documents = [part.strip() for part in match["documents"].split("、") if part.strip()]
        found.append({"issuer": match["issuer"].strip(), "documents": documents, "note": (match["note"] or "").strip()})
    return found


def documents_lines(rows: list[dict]) -> list[str]:
    return [
        f"{row.get('issuer', '')}:{'、'.join(row.get('documents', []))}" + (f"〔{row['note']}〕" if row.get("note") else "") for row in rows
    ]


def start_by_channel(lines: list[str]) -> dict[str, str]:
    """["网上:确认"] → {"网上": "confirmed"}."""
    found = {}
    for line in lines:
        channel, colon, start = line.replace(FULL_COLON, ":", 1).partition(":")
        if not colon or start.strip() not in choices.STARTS:
            raise ValueError(
                _("“%(text)s”: write the channel, a colon, and one of: %(words)s.")
                % {"text": line[:30], "words": "、".join(choices.STARTS)}
            )
        found[channel.strip()] = choices.STARTS[start.strip()]
    return found


def start_lines(starts: dict[str, str]) -> list[str]:
    words = {value: word for word, value in choices.STARTS.items()}
    return [f"{channel}:{words.get(start, start)}" for channel, start in starts.items()]


def batch_windows(parts: list[str]) -> list[str]:
    """Month-day spans within which a batch takes applications: "01-01~02-28"."""
    found = []
    for part in parts:
        match = _WINDOW.fullmatch(part)
        if match is None or not all(_is_day(*match.group(at, at + 1)) for at in (1, 3)):
            raise ValueError(_("“%(text)s” is not a span of days. Write it like 01-01~02-28.") % {"text": part[:30]})
        found.append("{}-{}~{}-{}".format(*match.groups()))
    return found


def _is_day(month: str, day: str) -> bool:
    try:
        datetime.date(2024, int(month), int(day))  # a leap year: 29 February may be meant
    except ValueError:
        return False
    return True
