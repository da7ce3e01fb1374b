"""The job that empties the outbox. Any number of workers may run at once.

A worker takes one message in a short transaction of its own: it counts the attempt and puts a lease on the row, commits,
and only then sends, outside any transaction. So two workers never send the same message. When a worker dies between
sending and noting it, the lease runs out and the message is sent a second time under the same id, which mail servers and
gateways may use to drop the double: rather a letter too many than a resident who was never told.
"""

import datetime
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from officials.models.outbox import MAX_ATTEMPTS, AbstractMessage, Message
from officials.outbox.backends import Backend, NotDelivered, configured_backends
from officials.outbox.queue import SECRET, open_message
from officials.privacy.keys import KeyUnknown
from officials.privacy.sealing import SealBroken

logger = logging.getLogger("officials.outbox")

BACK_OFF_MINUTES = (1, 5, 25, 120)  # after the first, second, … attempt; after the fifth it is given up
LEASE = datetime.timedelta(minutes=10)  # longer than any one sending, shorter than a clerk's patience

# Gives the data key of a sealer ("case:12"), or None when the key was destroyed.
Opener = Callable[[str], bytes | None]


@dataclass
class Report:
    """What one run did."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.postponed} to be tried again, {self.given_up} given up"


def deliver(
    now: datetime.datetime,
    opener: Opener,
    *,
    in_working_time: bool,
    limit: int = 500,
    backends: Mapping[str, Backend] | None = None,
    budget_seconds: float = 50,
    model: type[AbstractMessage] = Message,
) -> Report:
    """Send what is due, at most `limit` messages or for `budget_seconds` (the job comes again in a minute)."""
    report = Report()
    started = time.monotonic()
    ways_out = configured_backends() if backends is None else backends
    report.given_up += _give_up_the_stranded(model, now)
    try:
        for _turn in range(limit):
            spent = time.monotonic() - started
            if spent > budget_seconds:
                break
            # A run may take a minute: the lease must count from the moment of taking, not from the start of the run.
            moment = now + datetime.timedelta(seconds=spent)
            message = _claim(model, moment, in_working_time=in_working_time)
            if message is None:
                break
            _send_one(message, opener, ways_out, moment, report)
    finally:
        if backends is None:
            for way_out in ways_out.values():
                way_out.close()
    return report


def _claim(model: type[AbstractMessage], moment: datetime.datetime, *, in_working_time: bool) -> AbstractMessage | None:
    """Take the next message. PostgreSQL skips rows another worker holds; SQLite's IMMEDIATE lets one worker in at a time."""
    with transaction.atomic(durable=True):
        due = model.objects.due(moment, in_working_time=in_working_time)
        message = due.select_for_update(skip_locked=True).first()
        if message is not None:
            message.attempts += 1
            message.claimed_until = moment + LEASE
            message.save(update_fields=["attempts", "claimed_until"])
        return message


def _send_one(message: AbstractMessage, opener: Opener, ways_out: Mapping[str, Backend], moment: datetime.datetime, report: Report) -> None:
    """Open, send, note. Nothing that goes wrong with one message may keep the others from leaving."""
    try:
        key = opener(message.sealer) if message.sealer else None
        if message.sealer and key is None:
            _note(message, failed_at=moment, last_error="the data key was destroyed", body="", to="")
            report.given_up += 1
            return
        ways_out[message.channel].deliver(open_message(message, key))
    except NotDelivered as trouble:
        _postpone(message, trouble, moment, report)
    except (SealBroken, KeyUnknown) as trouble:
        _postpone(message, NotDelivered(type(trouble).__name__, permanent=True), moment, report)
    except Exception as trouble:  # its text may hold an address, so only its kind is kept
        _postpone(message, NotDelivered(type(trouble).__name__), moment, report)
    else:
        emptied = {"body": "", "to": ""} if message.purpose == SECRET else {}
        _note(message, sent_at=moment, last_error="", **emptied)
        logger.info("sent %s %s #%s at attempt %s", message.channel, message.purpose, message.pk, message.attempts)
        report.sent += 1


def _postpone(message: AbstractMessage, trouble: NotDelivered, moment: datetime.datetime, report: Report) -> None:
    """Try again later, or hand it to the clerks when that is of no use."""
    logger.warning("not sent: %s %s #%s at attempt %s (%s)", message.channel, message.purpose, message.pk, message.attempts, trouble.reason)
    if trouble.permanent or message.attempts >= MAX_ATTEMPTS:
        _note(message, failed_at=moment, last_error=trouble.reason[:120])
        report.given_up += 1
    else:
        wait = datetime.timedelta(minutes=BACK_OFF_MINUTES[message.attempts - 1])
        _note(message, next_try_at=moment + wait, last_error=trouble.reason[:120])
        report.postponed += 1


def _note(message: AbstractMessage, **changes: object) -> None:
    """Write the result, unless the lease ran out and another worker has taken the message since."""
    mine = type(message).objects.waiting().filter(pk=message.pk, attempts=message.attempts)
    mine.update(claimed_until=None, **changes)


def _give_up_the_stranded(model: type[AbstractMessage], now: datetime.datetime) -> int:
    """Messages whose last attempt never came to an end (the machine stopped): nobody would take them any more."""
    stranded = model.objects.waiting().filter(attempts__gte=MAX_ATTEMPTS, claimed_until__lt=now)
    return stranded.update(failed_at=now, claimed_until=None, last_error="the sender stopped in the middle")
