"""The answer of a demand whose person left no phone: read on the tracking page, with number and code (domain 9.2 ⑤).

Only words that were written to be read there are shown: an answer says of itself that it was (`READ_HERE`), and what was
written down before anybody thought of it, or for a call, stays unshown.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from requests import persons
from requests.models import ServiceRequest
from requests.reasons import say_date

S, Kind = ServiceRequest.Status, ServiceRequest.Kind
READ_HERE = "read_here"  # fact of the event of an answer
# Told by being there to be read.
LIES_READY = "lies_ready"


@dataclass(frozen=True)
class Answer:
    """What was answered, and where to go on where it is not of this level."""

    words: str
    where: str


def nobody_to_call(case: ServiceRequest) -> bool:
    """A demand or an unfinished matter without a phone. Nobody can tell the person; whoever has the code can read."""
    return case.kind in (Kind.DEMAND, Kind.UNSOLVED) and not case.key.phone_hmac


def promise(day: date) -> str:
    """What such a person is told on the page after sending, on the receipt and while it is worked on."""
    sentence = _(
        "You left no phone, so nobody can call you: by %(date)s the answer can be read under “Where is my case”, with number "
        "and code. Keep both."
    )
    return sentence % {"date": say_date(day)}


def answer_of(case: ServiceRequest) -> Answer | None:
    """For the holder of the code alone. None: not answered, done again, or not written to be read."""
    if case.kind not in (Kind.DEMAND, Kind.UNSOLVED) or case.status not in (S.DECIDED, S.CLOSED):
        return None
    event = case.events.filter(verb="answer_demand").order_by("-id").first()
    said = persons.open_for(case, event.sealed, "event") if event and event.facts.get(READ_HERE) else None
    return Answer(said.get("text", ""), said.get("where", "")) if said else None
