"""Load the demo township: foundation and catalogue from the spreadsheet, the cast, two years of cases up to now."""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from officials import calendar, outbox, versions
from officials.announced_days import announced_days
from officials.audit import together, verb
from officials.models import CalendarDay, CalendarYear, Office, Township, User, Whereabouts
from officials.staffing import say_where
from officials.workdays import fixed_public_holidays
from portal.demo import blanks, bodies, cast, people, story
from services import channel_rules, publication
from services.importing import applying, founding
from services.importing.reading import read
from services.models import Edition

CATALOGUE = Path(__file__).with_name("catalogue.xlsx")
CHANNEL_RULES = Path(__file__).with_name("channel_rules.json")
CASES = 1200


class NotEmpty(Exception):
    """There is a township already; the demo is never loaded over real data."""


def load(*, now: datetime, cases: int = CASES, rooms: bool = True, say: Callable[[str], None] = lambda line: None) -> Township:
    """Everything in one transaction (the named exemption of design decision 15): a cut leaves nothing behind.

    `cases`: so many over the two years. `rooms`: what each room of the whole case has to do today and has done, too.
    """
    if Township.objects.exists():
        raise NotEmpty
    begun = time.monotonic()
    demo = User.objects.job("demo")
    start = now - timedelta(days=365 * story.YEARS_BACK + 30)
    with together():
        township = _found(demo, start)
        signed_in = cast.sign_ins(township, by=demo, now=start)
        versions.forget()
        calendar.forget()
        _catalogue(township, signed_in, start)
        say(f"catalogue: {Edition.objects.published().count()} items ({time.monotonic() - begun:.0f} s)")
        for played in story.play(township, cases=cases, with_rooms=rooms, until=now):
            if played % 1000 == 0:
                say(f"cases: {played} steps played ({time.monotonic() - begun:.0f} s)")
        _today(township, now)
        outbox.settle(before=now, now=now)
    versions.forget()
    say(f"done in {time.monotonic() - begun:.0f} s")
    return township


def _found(demo: User, start: datetime) -> Township:
    reading = read(CATALOGUE.read_bytes())
    township = founding.found(reading, by=demo, now=start, is_demo=True).township
    with verb("demo_villages", by=demo, now=start):
        centre = Office.objects.get(township=township, kind=Office.Kind.CENTRE)
        for number, name in enumerate(people.VILLAGES, start=1):
            Office(
                township=township, parent=centre, code=f"V{number:02d}", name=name, kind=Office.Kind.VILLAGE,
                phone=f"0000-55502{number:02d}", sort=200 + number,
            ).save()  # fmt: skip
        bodies.make(township)
    fill_calendar(by=demo, now=start)
    return township


def fill_calendar(*, by: User, now: datetime) -> None:
    """The announced days of 2024–2026 once from the library; from then on the calendar is the centre's own."""
    with verb("fill_calendar", by=by, now=now):
        for year in (2024, 2025, 2026):
            CalendarYear(year=year, source=f"国务院办公厅关于{year}年部分节假日安排的通知", confirmed_at=now, confirmed_by=by).save()
        days = announced_days([2024, 2025, 2026]) + fixed_public_holidays(2027)
        for day in days:
            kind = CalendarDay.Kind.REST if day.rest else CalendarDay.Kind.WORK
            CalendarDay(date=day.date, kind=kind, name=day.name, source=day.source or "全国年节及纪念日放假办法").save()
        versions.bump(versions.CALENDAR)


def _catalogue(township: Township, people_: dict[str, User], start: datetime) -> None:
    editor, reviewer = people_["editor"], people_["reviewer"]
    channel_rules.fill_rules(township, json.loads(CHANNEL_RULES.read_text("utf-8")), by=editor, now=start)
    reading = read(CATALOGUE.read_bytes())
    report = applying.apply(reading, township=township, by=editor, now=start)
    blanks.attach(report.drafts, by=editor, now=start)
    refused = publication.batch(report.drafts, partial(publication.submit, by=editor, now=start))
    refused += publication.batch(report.drafts, partial(publication.publish, by=reviewer, now=start + timedelta(hours=2)))
    if refused:
        raise RuntimeError(f"the demo catalogue was refused: {refused[0][0].item.code}: {refused[0][1]}")


def _today(township: Township, now: datetime) -> None:
    """One official is in a village today and covered by the deputy; a draft waits for the second person."""
    away = User.objects.get(staff_no="QH0801")
    say_where(away, Whereabouts.Where.VILLAGE, since=now - timedelta(hours=2), until=now + timedelta(days=2), by=away, now=now)
    editor = User.objects.get(username="editor")
    item = Edition.objects.published().get(item__code="SB-001").item
    draft = publication.start_draft(item, by=editor, now=now)
    text = publication.content_of(draft) | {"promised_value": 2, "change_note": "承诺时限由3个工作日压到2个工作日"}
    publication.write_draft(draft, text, by=editor, now=now)
    publication.submit(draft, by=editor, now=now)


def progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
