"""村级代办批次 (domain 16.4): files of a village are put together, sent, and counted over by two people at the township.

A bundle is about the way, not about the law: each case keeps its own number and dates, and `arrive` is a verb of the case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import together, verb
from officials.models import Office, User
from officials.permissions import AGENT, holders
from requests import persons
from requests.lifecycle import Refused, change
from requests.materials import Line, checklist
from requests.models import Bundle, BundleLine, MaterialReceipt, ServiceRequest
from requests.permissions import logs_for, may_take_in, visible

S = ServiceRequest.Status
Found = BundleLine.Found
SERIES = "CP"  # 村批次
SUMS = {
    "complete": Found.COMPLETE, "incomplete": Found.INCOMPLETE, "not_there": Found.NOT_THERE, "left_out": Found.LEFT_OUT, "to_count": "",
}  # fmt: skip
AT_MOST = 60  # files; more do not go under one pair of signatures


@dataclass(frozen=True)
class Counted:
    """What was found of one file. `words`: what differs from the list."""

    found: str
    words: str = ""


def window_of(village: Office) -> Office:
    """Where the files of a village are brought: the window that takes in for all offices; the centre's own where there is none."""
    windows = Office.objects.open().filter(township=village.township_id, takes_in_for_all=True)
    return windows.select_related("township").order_by("sort", "code").first() or village.parent or village


def arrive(case: ServiceRequest, *, is_complete: bool = True, words: str = "", by: User, now: datetime) -> None:
    """镇收件: the file is in the township's hands. From now on it is a received case, and the township's clock begins."""
    with change("arrive", case, by=by, now=now) as work:
        # The entry too is of today: figures of the township count the case once, on the day it came.
        work.case.received_at = work.case.recorded_at = now
        work.facts.update(is_complete=is_complete, village_on=str(timezone.localdate(work.case.village_received_at)))
        work.words["text"] = words
        line = BundleLine.objects.select_for_update().filter(service_request=work.case.pk, found="").first()
        if line is not None:
            line.found = Found.COMPLETE if is_complete else Found.INCOMPLETE
            line.sealed = persons.seal_for(work.case, {"text": words}, "bundle") if words else ""
            line.save()


def may_bundle(user: User, village: Office) -> bool:
    """The agents of the village, and the window to which its files are brought."""
    return logs_for(user, village.pk) or may_take_in(user, window_of(village).pk)


def to_bundle(user: User, village: Office) -> QuerySet[ServiceRequest]:
    """What waits at the village and is in no bundle yet, the oldest first."""
    waiting = visible(user).filter(village=village, status=S.AT_VILLAGE).exclude(bundled__found="")
    return waiting.select_related("edition", "key", "township").order_by("village_received_at", "id")


def make_bundle(village: Office, cases: Iterable[ServiceRequest], *, by: User, now: datetime) -> Bundle:
    """Put files together under one number. Refused for what is not waiting at this village or is in a bundle already."""
    chosen = {case.pk for case in cases}
    if not may_bundle(by, village):
        raise Refused(_("Bundles of %(village)s are made by its agent or by the window.") % {"village": village})
    if not chosen:
        raise Refused(_("Tick the files that go into the bundle."))
    if len(chosen) > AT_MOST:
        raise Refused(_("At most %(n)s files in one bundle.") % {"n": AT_MOST})
    with verb("make_bundle", by=by, now=now, subject=f"office:{village.code}") as act:
        found = ServiceRequest.objects.select_for_update(of=("self",)).filter(pk__in=to_bundle(by, village).values("pk"))
        rows = list(found.filter(pk__in=chosen).order_by("pk"))
        if len(rows) != len(chosen):
            raise Refused(_("One of these files is in a bundle already, or is no longer at the village. Look at the list again."))
        day = timezone.localdate(now)
        value = numbers.take(village.township, SERIES, day)
        bundle = Bundle(
            township=village.township, number=numbers.show(village.township.code, day.year, value, SERIES), village=village,
            office=window_of(village), made_at=now, made_by=by,
        )  # fmt: skip
        bundle.save()
        for case in rows:
            BundleLine(bundle=bundle, service_request=case).save()
        act.subject = f"bundle:{bundle.number}"
    return bundle


def send_bundle(bundle: Bundle, *, by: User, now: datetime) -> None:
    """It leaves the village with its list."""
    with verb("send_bundle", by=by, now=now, subject=f"bundle:{bundle.number}"):
        locked = _locked(bundle)
        if not may_bundle(by, locked.village):
            raise Refused(_("Bundles of %(village)s are made by its agent or by the window.") % {"village": locked.village})
        if locked.sent_at or locked.counted_at:
            raise Refused(_("This bundle is on its way already."))
        locked.sent_at, locked.sent_by = now, by
        locked.save()


def take_out(bundle: Bundle, case: ServiceRequest | None, *, reason: str, by: User, now: datetime) -> None:
    """One file out of the bundle, with the reason, until both have signed that it was counted over. It waits at the village again."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with verb("take_out_of_bundle", by=by, now=now, subject=f"bundle:{bundle.number}"):
        locked = _locked(bundle)
        if not may_bundle(by, locked.village):
            raise Refused(_("Bundles of %(village)s are made by its agent or by the window.") % {"village": locked.village})
        if locked.counted_at:
            raise Refused(_("This bundle was counted over already."))
        lines = locked.lines.select_related("service_request").select_for_update(of=("self",)).filter(found="")
        line = lines.filter(service_request=case).first() if case else None
        if line is None:
            raise Refused(_("This file is not in the bundle any more."))
        line.found, line.sealed = Found.LEFT_OUT, _sealed(line, reason.strip())
        line.save()


def carriers(village: Office) -> list[User]:
    """Who may have brought the bundle and signs the other copy: the agents of the village."""
    return holders(AGENT, village)


def count_over(bundle: Bundle, counted: Mapping[int, Counted], *, brought_by: User | None, by: User, now: datetime) -> None:
    """当面点交: each file is looked at and taken in, in one go, or nothing is. What was not there stays at the village, on the list.

    `counted` by the id of the case. A file that was withdrawn or voided on the way needs no answer.
    """
    with together(one_fate=True):
        with verb("count_bundle", by=by, now=now, subject=f"bundle:{bundle.number}"):
            locked = _locked(bundle)
            _check_counting(locked, brought_by, by)
            lines = list(locked.lines.select_related("service_request").select_for_update(of=("self",)).filter(found=""))
            gone = [line for line in lines if line.service_request.status != S.AT_VILLAGE]
            here = [line for line in lines if line not in gone]
            _check_answers(here, counted)
            for line in gone:
                line.found = Found.LEFT_OUT
                line.save()
            for line in here:
                if counted[line.service_request_id].found == Found.NOT_THERE:
                    line.found = Found.NOT_THERE
                    line.sealed = _sealed(line, counted[line.service_request_id].words)
                    line.save()
            locked.counted_at, locked.counted_by, locked.brought_by = now, by, brought_by
            if locked.sent_at is None:
                locked.sent_at, locked.sent_by = now, brought_by
            locked.save()
        for line in here:
            answer = counted[line.service_request_id]
            if answer.found != Found.NOT_THERE:
                arrive(line.service_request, is_complete=answer.found == Found.COMPLETE, words=answer.words, by=by, now=now)
    bundle.refresh_from_db()


def _check_counting(bundle: Bundle, brought_by: User | None, by: User) -> None:
    if not may_take_in(by, bundle.office_id):
        raise Refused(_("Bundles are counted over at %(office)s.") % {"office": bundle.office})
    if bundle.counted_at:
        raise Refused(_("This bundle was counted over already."))
    if brought_by is None or brought_by not in carriers(bundle.village):
        raise Refused(_("Choose who brought it: an agent of the village signs the other copy."))
    if brought_by.pk == by.pk:
        raise Refused(_("Two people count: who brought the bundle does not take it in."))


def _check_answers(lines: list[BundleLine], counted: Mapping[int, Counted]) -> None:
    answers = (Found.COMPLETE, Found.INCOMPLETE, Found.NOT_THERE)
    for line in lines:
        answer, named = counted.get(line.service_request_id), {"number": line.service_request.number}
        if answer is None or answer.found not in answers:
            raise Refused(_("%(number)s: say whether the file is there and whether its papers are complete.") % named)
        if answer.found == Found.INCOMPLETE and not answer.words.strip():
            raise Refused(_("%(number)s: say what differs from the list.") % named)


def _sealed(line: BundleLine, words: str) -> str:
    return persons.seal_for(line.service_request, {"text": words}, "bundle") if words else ""


def _locked(bundle: Bundle) -> Bundle:
    return Bundle.objects.select_for_update(of=("self",)).select_related("village__township", "office").get(pk=bundle.pk)


def papers(case: ServiceRequest) -> list[Line]:
    """The checklist as the list of the bundle names it: what was handed in and what is missing."""
    return [line for line in checklist(case) if line.state in (MaterialReceipt.State.IN, MaterialReceipt.State.MISSING)]


def sums(bundle: Bundle) -> dict[str, int]:
    """files = complete + incomplete + not there + taken out + still to be counted."""
    counted = dict(bundle.lines.order_by().values_list("found").annotate(n=Count("pk")))
    return {name: counted.get(found, 0) for name, found in SUMS.items()} | {"files": sum(counted.values())}
