"""Every scheduled job and its time, on one page. `manage.py tick` is called each minute and rings the doors that are due.

A job asks "what is late?", never "what became late since last night?": it may run late, twice or beside another one.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officials import outbox
from officials.audit import verify as audit
from officials.calendar import calendar_for
from officials.models import JobRun, OfficeUserObjectPermission, User
from officials.permissions import revoke
from requests import deadlines, held_forms, messages, standing_in, throttle, verbs
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.outings import days, guests
from requests.supplement import late
from requests.urging import look_for_near_dates
from services.models import SearchMiss

logger = logging.getLogger(__name__)
MISS_DAYS = 180
SIGN_IN_DAYS = 2
PIECE = 500  # cases read at once
# A job that has not ended by then was killed with its machine: the next tick takes its claim over. Running twice does no harm.
CLAIM_HOLDS = timedelta(minutes=30)


@dataclass(frozen=True)
class Job:
    """What runs when. `at` None: every minute; otherwise once a day, the first tick after that local time."""

    name: str
    at: time | None
    what: object
    run: Callable[[datetime], dict]


def deliver_messages(now: datetime) -> dict:
    report = outbox.deliver(now, messages.key_of, in_working_time=messages.in_working_time(now))
    return {key: value for key, value in vars(report).items() if value}


def check_dates(now: datetime) -> dict:
    """Recompute every open case; a stored date that differs is put right by the verb and counted."""
    tick, moved, looked = User.objects.job("tick"), 0, 0
    for case in _open_cases():
        looked += 1
        if not deadlines.differing([case], calendar_for(case.township_id)):
            continue
        try:
            verbs.redate(case, cause={"nightly": True}, by=tick, now=now)
        except Refused:
            continue  # it ended this very moment and keeps its date
        moved += 1
    return {"looked": looked, "moved": moved}


def _open_cases() -> Iterator[ServiceRequest]:
    """A piece at a time, each read to its end: SQLite refuses to write while an old reading is still open."""
    cases = deadlines.with_their_rows(ServiceRequest.objects.open()).order_by("pk")
    last = 0
    while piece := list(cases.filter(pk__gt=last)[:PIECE]):
        yield from piece
        last = piece[-1].pk


def late_notices(now: datetime) -> dict:
    """Acceptance checks that passed without acceptance or notice: 视为受理 where the basis says so, otherwise the alarm 漏告."""
    return late.look_for_late_notices(User.objects.job("tick"), now)


def owed_materials(now: datetime) -> dict:
    """Missing materials whose last day is near or over: reminded first, withdrawn only where the basis says so."""
    return late.look_for_owed_materials(User.objects.job("tick"), now)


def urging(now: datetime) -> dict:
    """Demands and tasks whose date is near: whoever holds them is urged, once for each date."""
    return look_for_near_dates(User.objects.job("tick"), now)


def verify_audit(now: datetime) -> dict:
    """Walk the chain. The head in the report is the anchor to write down outside: a cut tail shows only against it."""
    try:
        report = audit.verify()
    except audit.Tampering as found:
        logger.error("audit: %s", found)
        return {"ok": False, "found": str(found)}
    return {"ok": True, "report": str(report)[:500]}


def drop_rights_of_leavers(now: datetime) -> dict:
    """guardian still answers for disabled people: their rights go (traps G3)."""
    tick, dropped = User.objects.job("tick"), 0
    rows = OfficeUserObjectPermission.objects.filter(user__is_active=False).select_related("user", "content_object", "permission")
    for row in rows:
        revoke(row.user, row.content_object, row.permission.codename, by=tick, now=now)
        dropped += 1
    return {"dropped": dropped}


def sweep(now: datetime) -> dict:
    """Working copies past their time: half-filled forms, sessions, throttle rows, old searches and old sign-in attempts."""
    gone = {
        "held_forms": held_forms.wipe_old(now),
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "attempts": throttle.forget_old(now),
        "misses": SearchMiss.objects.filter(date__lt=timezone.localdate(now) - timedelta(days=MISS_DAYS)).delete()[0],
        "sign_ins": AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=SIGN_IN_DAYS)).delete()[0],
        "guests": guests.forget_old(now),
        "job_runs": JobRun.objects.filter(began_at__lt=now - timedelta(days=MISS_DAYS)).delete()[0],
    }
    return {key: value for key, value in gone.items() if value}


def village_days(now: datetime) -> dict:
    """Made from the rules of the centre; what was changed by hand stays."""
    return days.make_village_days(by=User.objects.job("tick"), now=now)


def give_back(now: datetime) -> dict:
    """A third person's time at a post is over, or the holder is there again: the work goes back."""
    moved = standing_in.settle(now)
    return {"given_back": moved} if moved else {}


JOBS = (
    Job("deliver_messages", None, _("Send what waits in the outbox; text messages in working time only"), deliver_messages),
    Job("give_back", None, _("Give back what a third person at a post held, when it is over"), give_back),
    Job("check_dates", time(1, 30), _("Recompute the date of every open case and put right what differs"), check_dates),
    Job("late_notices", time(1, 40), _("Acceptance checks that have passed: accepted by silence where the law says so, else the alarm"),
        late_notices),
    Job("owed_materials", time(1, 50), _("Missing materials: remind before the last day, count as withdrawn where the basis says so"),
        owed_materials),
    Job("verify_audit", time(2, 0), _("Walk the audit chain; its head is the anchor to write down"), verify_audit),
    Job("drop_rights_of_leavers", time(2, 30), _("Take away the rights of closed accounts"), drop_rights_of_leavers),
    Job("village_days", time(2, 45), _("Make the village days of the next weeks and move those whose day was closed"), village_days),
    Job("sweep", time(3, 0), _("Throw away working copies past their time"), sweep),
    Job("urging", time(7, 30), _("Urge whoever holds a demand or a task whose date is near, once for each date"), urging),
)


def tick(now: datetime) -> list[JobRun]:
    """Run what is due at this moment; returns the daily runs that were done."""
    done = []
    local = timezone.localtime(now)
    for job in JOBS:
        if job.at is None:
            _quietly(job, now)
        elif local.time() >= job.at and (run := _claim(job, local, now)):
            _do(job, run, now)
            done.append(run)
    return done


def _do(job: Job, run: JobRun, now: datetime) -> None:
    """Run the job and write down what it found, unless another tick has taken the claim over meanwhile."""
    run.report, run.failed = _guarded(job, now)
    run.ended_at = timezone.now()
    found = {"report": run.report, "failed": run.failed, "ended_at": run.ended_at}
    JobRun.objects.filter(pk=run.pk, began_at=run.began_at).update(**found)


def _claim(job: Job, local: datetime, now: datetime) -> JobRun | None:
    """Whoever writes the row of the day runs the job; a row whose job died is written anew by one of those who find it."""
    today = JobRun.objects.filter(name=job.name, period=str(local.date()))
    row = today.first()
    if row is None:
        try:
            with transaction.atomic():
                return JobRun.objects.create(name=job.name, period=str(local.date()), began_at=now)
        except IntegrityError:
            return None
    # One statement looks and takes: of two ticks at once only the first still finds the old moment.
    if not today.filter(ended_at=None, began_at__lt=now - CLAIM_HOLDS).update(began_at=now):
        return None
    logger.warning("job %s began at %s and never ended: it runs again", job.name, row.began_at)
    row.began_at = now
    return row


def _quietly(job: Job, now: datetime) -> None:
    report, failed = _guarded(job, now)
    if failed:
        logger.error("job %s failed: %s", job.name, report)


def _guarded(job: Job, now: datetime) -> tuple[dict, bool]:
    """One job that breaks must not keep the others from running; only the kind of the error is kept."""
    try:
        return job.run(now), False
    except Exception as error:  # noqa: BLE001 - the log has the trace, the report the kind
        logger.exception("job %s", job.name)
        return {"error": type(error).__name__}, True
