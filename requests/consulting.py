"""A question at the window, on the phone or online: logged and answered, or promised a call back, in one transaction."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from officials import outbox
from officials.audit import together
from officials.calendar import calendar_for
from officials.models import Message, User
from officials.permissions import HANDLE, HEAD, SUPERVISE, TAKE_IN, rights
from officials.privacy.masking import mask_phone
from officials.privacy.sealing import SealBroken
from requests import deadlines, persons, verbs
from requests.intake import Intake, Received, receive
from requests.models import Event, ServiceRequest
from requests.permissions import sees_whole, visible
from requests.reasons import say_date, say_moment

QUESTION_SHOWN = 120  # characters of a question in a list


def answer_at_once(order: Intake, words: str, *, by: User, now: datetime) -> Received:
    """Question and answer are one act. The same form again gives the same case."""
    with together():
        received = receive(order, by=by, now=now)
        if received.is_new:
            verbs.answer(received.case, words=words, by=by, now=now)
    return received


def promise_call(order: Intake, words: str = "", *, by: User, now: datetime) -> Received:
    """Somebody calls back by the end of the next working day. Raises Refused without a phone."""
    with together():
        received = receive(order, by=by, now=now)
        if received.is_new:
            verbs.promise_call(received.case, words=words, by=by, now=now)
    return received


# -- the calls that wait ----------------------------------------------------------------------------------------


def offices_called_for(user: User) -> frozenset[int]:
    """Where this person calls people back: own windows and own offices."""
    return rights(user).where(TAKE_IN, HANDLE, HEAD, SUPERVISE)


def with_promise(cases: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """Of these the questions somebody promised to call back about, with the moment of the promise: the only definition,
    used by the list, the opening page and the day's end. It does not matter which door the question came in by."""
    promise = Event.objects.filter(service_request=OuterRef("pk"), verb="promise_call").order_by("id").values("at")[:1]
    questions = cases.filter(kind=ServiceRequest.Kind.CONSULTATION)
    return questions.annotate(promised_at=Subquery(promise)).filter(promised_at__isnull=False)


def promised_calls(user: User) -> QuerySet[ServiceRequest]:
    """Open questions with a promised call, soonest due first."""
    return (
        with_promise(visible(user).open())
        .select_related("key", "applicant", "edition", "holder", "office", "township", "intake_office")
        .order_by("due_at", "id")
    )


def call_rows(user: User, cases: Collection[ServiceRequest], now: datetime) -> list[dict]:
    """Rows of the list: phone masked, the question shortened, neither where only state and date may be known."""
    asked = _questions(cases)
    rows = []
    for case in cases:
        light = deadlines.light_of(case, now, calendar_for(case.township_id))
        whole = sees_whole(user, case)
        rows.append(
            {
                "number": case.number,
                "url": case.get_absolute_url(),
                "name": case.key.name_masked if whole else "",
                "phone": mask_phone(persons.person_of(case).phone) if whole else "",
                "question": asked.get(case.pk, "") if whole else "",
                "item": case.edition.name if case.edition_id and whole else "",
                "holder": case.holder.name if case.holder_id else "",
                "due": say_date(case.due_on) if case.due_on else "",
                "light": light.colour.value if light else "none",
                "light_text": light.text if light else "",
            }
        )
    return rows


def _questions(cases: Collection[ServiceRequest]) -> dict[int, str]:
    by_pk = {case.pk: case for case in cases}
    found = {}
    for event in Event.objects.filter(service_request_id__in=by_pk, verb="receive"):
        said = persons.open_for(by_pk[event.service_request_id], event.sealed, "event") or {}
        text = " ".join(said.get("text", "").split())
        found[event.service_request_id] = text if len(text) <= QUESTION_SHOWN else text[:QUESTION_SHOWN] + "…"
    return found


# -- messages that no phone took: a clerk calls -----------------------------------------------------------------


def messages_to_call(user: User) -> list[tuple[Message, ServiceRequest]]:
    """The call list of the outbox, as far as the person works on those cases."""
    waiting = [message for message in Message.objects.to_call() if message.subject_ref.startswith("case:")]
    offices = offices_called_for(user)
    cases = visible(user).filter(pk__in={int(message.subject_ref[5:]) for message in waiting}).select_related("key", "township", "office")
    known = {f"case:{case.pk}": case for case in cases if case.office_id in offices or case.intake_office_id in offices}
    return [(message, known[message.subject_ref]) for message in waiting if message.subject_ref in known]


def message_rows(found: Collection[tuple[Message, ServiceRequest]]) -> list[dict]:
    """What is to be told, and to which (masked) phone."""
    rows = []
    for message, case in found:
        try:
            parcel = outbox.open_message(message, persons.data_key(case) if message.sealer else None)
        except (SealBroken, persons.Anonymised):
            continue
        rows.append(
            {
                "pk": message.pk,
                "number": case.number,
                "url": case.get_absolute_url(),
                "name": case.key.name_masked,
                "phone": mask_phone(parcel.to),
                "text": parcel.text,
                "since": say_moment(timezone.localtime(message.created_at)),
            }
        )
    return rows
