"""What people looked for in vain, counted per day for the editor. Nothing about who asked, and nothing of a person.

Kept are at most 40 characters without any run of digits (a number of an ID card, a telephone or a case is nobody's business
here), and at most 500 different texts a day, so that a machine asking nonsense cannot fill the table.
"""

import re
import unicodedata
from datetime import datetime

from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from officials.privacy.text import without_invisible
from services.models import SearchMiss

MAX_LENGTH = 40
TEXTS_A_DAY = 500
# Digits that belong together even when written apart: "138 1234-5678"; with the X at the end of an ID number.
_DIGITS = re.compile(r"\d(?:[\s\-—.()]*\d)+[xX]?")
_BLANKS = re.compile(r"\s+")


def plain_query(query: str) -> str:
    """The text as it is counted; empty when nothing is left of it."""
    text = without_invisible(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", query)))
    text = _BLANKS.sub(" ", _DIGITS.sub(" ", text)).strip().casefold()
    return text[:MAX_LENGTH].strip()


def record(query: str, *, now: datetime) -> None:
    """Count one search without result. A database that is busy at this moment loses a tally mark, not the reader's page."""
    text, today = plain_query(query), timezone.localdate(now)
    if not text:
        return
    try:
        if SearchMiss.objects.filter(date=today, query=text).update(count=F("count") + 1):
            return
        if SearchMiss.objects.filter(date=today).count() < TEXTS_A_DAY:
            SearchMiss.objects.bulk_create([SearchMiss(date=today, query=text)], ignore_conflicts=True)
    except OperationalError:
        return
