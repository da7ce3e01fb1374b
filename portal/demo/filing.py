"""归档 in the demo: the civil affairs office files part of what it closed in the last months, boxes it and lends some of it.

Dice of its own, by the case: the rest of the story goes on as it was.
"""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

from officials.models import User
from officials.workdays import Calendar
from requests import receipts
from requests.archive import boxes, catalogue, lacks, lists, reviewing
from requests.archive import verbs as archive
from requests.archive.verbs import Counted
from requests.models import ArchiveBox, ServiceRequest, VolumeLoan

OFFICE, HEAD = "ST04", "QH0006"
MONTHS = timedelta(days=150)
MISSING = "窗口存根受潮未能留存，或者文书由申请人当面领取、未另作送达回证，已向分管领导说明。"
Later = Callable[[datetime, Callable[[datetime], None]], None]


def file_later(case: ServiceRequest, now: datetime, until: datetime, calendar: Calendar, later: Later) -> None:
    """A week after it was closed, for some of the cases of the last months; what would be after `until` waits on the work list."""
    dice = random.Random(case.number)
    if case.office.code == OFFICE and until - now < MONTHS and dice.random() < 0.8:
        later(_on(calendar, now, 6, time(16, 40)), lambda at: _file(case, dice, at, calendar, later))


def _on(calendar: Calendar, now: datetime, days: int, clock: time) -> datetime:
    day = calendar.add(timezone.localdate(now), days)
    return timezone.make_aware(datetime.combine(day, clock))


def _file(case: ServiceRequest, dice: random.Random, now: datetime, calendar: Calendar, later: Later) -> None:
    by = {"by": case.holder, "now": now}
    if dice.random() < 0.7:
        receipts.issue(case, layout="a5", **by)  # the counterfoil for the file
    volume = archive.assemble_volume(case, **by)
    if dice.random() < 0.12:
        return  # begun, the pages are still to be counted
    lines = catalogue.lines_of(volume)
    counted = {catalogue.key_of(line): Counted(place, "paper", dice.randint(1, 4)) for place, line in enumerate(lines, start=1)}
    archive.list_volume(case, counted, **by)
    archive.close_volume(case, missing=MISSING if lacks.of(case, catalogue.lines_of(volume)) else "", **by)
    volume.refresh_from_db()
    box = archive.boxes_for(volume).first() or _box(case, volume.year, volume.term, now)
    archive.box_volume(case, box, **by)
    if dice.random() < 0.6:
        head = User.objects.get(staff_no=HEAD)
        later(_on(calendar, now, 2, time(17, 5)), lambda at: archive.check_volume(case, words="齐全，与目录相符。", by=head, now=at))
    if dice.random() < 0.5:
        later(_on(calendar, now, dice.randint(1, 3), time(10, 15)), lambda at: _lend(case, dice, at, calendar, later))


def _box(case: ServiceRequest, year: int, term: str, now: datetime) -> ArchiveBox:
    return boxes.make_box(case.office, year=year, term=term, room="镇政府二楼档案室", shelf="3号柜第2层", by=case.holder, now=now)


def _lend(case: ServiceRequest, dice: random.Random, now: datetime, calendar: Calendar, later: Later) -> None:
    others = [one for one in archive.borrowers_of(case) if one.office_id == case.office_id and one.pk != case.holder_id]
    why = dice.choice((VolumeLoan.Why.CHECK, VolumeLoan.Why.AUDIT, VolumeLoan.Why.COPY))
    archive.lend_volume(case, dice.choice(others), why, days=dice.choice((3, 5)), by=case.holder, now=now)
    back = _on(calendar, now, dice.choice((2, 4, 8, 60)), time(9, 20))
    later(back, lambda at: archive.return_volume(case, is_whole=True, by=case.holder, now=at))
    friday = timezone.localdate(now) + timedelta(days=4 - timezone.localdate(now).weekday())
    later(max(timezone.make_aware(datetime.combine(friday, time(16, 30))), now), _review)


def _review(now: datetime) -> None:
    head = User.objects.get(staff_no=HEAD)
    waiting = [loan.pk for loan in lists.to_review(head)]
    if waiting:
        reviewing.review_loans(waiting, opinion="已逐笔核对，手续齐全，到期请及时归还。", by=head, now=now)
