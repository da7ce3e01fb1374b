"""Opening rows and flagging them: the writes that happen inside the verb of a case or of a notification."""

from datetime import date, datetime

from officials.calendar import calendar_for
from officials.models import Township, User
from officials.privacy.lookup import id_digest
from requests import persons
from requests.clock import Kind, Limit, StartEvent, Unit, due
from requests.models import Beneficiary, DeathReport, RollEvent, ServiceRequest
from requests.roll import people
from services.models import Edition

FAVOURABLE = (ServiceRequest.Outcome.GRANTED, ServiceRequest.Outcome.CONFIRMED, ServiceRequest.Outcome.PAID)
State, Check, Verb = Beneficiary.State, Beneficiary.Check, RollEvent.Verb


def month_after(day: date) -> date:
    """确认次月起发放: the first of the next month. Where it is another one it is put right on the row."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def next_review(edition: Edition, at: datetime, township_id: int) -> date | None:
    """The last day of the interval that begins now; None where the item says none."""
    if not edition.review_value:
        return None
    limit = Limit(edition.review_value, Unit(edition.review_unit), StartEvent.RECEIVED, Kind.PROMISED, edition.review_basis)
    return due(limit, at, calendar_for(township_id)).due_on


def open_row(case: ServiceRequest, outcome: str, *, by: User, now: datetime, today: date) -> Beneficiary | None:
    """办成后进名册. Who draws the same benefit already keeps the one row; the new decision is noted on it."""
    if case.edition is None or case.edition.roll != Edition.Roll.OPENS or outcome not in FAVOURABLE:
        return None
    person = persons.person_of(case)
    known = id_digest(person.id_number)
    row = None
    if known:
        drawing = Beneficiary.objects.select_for_update(of=("self",)).select_related("key")
        row = drawing.filter(item_id=case.item_id, key__id_hmac=known).exclude(state=State.STOPPED).first()
    if row is not None:
        row.next_review_on = next_review(case.edition, now, case.township_id)
        row.edition = case.edition
        row.save()
        write(row, Verb.GRANTED_AGAIN, by=by, now=now, facts={"case": case.pk})
        return row
    row = Beneficiary(
        township_id=case.township_id, item_id=case.item_id, edition=case.edition, office=case.office, village=case.village,
        service_request=case, from_month=month_after(today), next_review_on=next_review(case.edition, now, case.township_id),
    )  # fmt: skip
    people.register(row, person)
    write(row, Verb.OPENED, by=by, now=now, facts={"case": case.pk, "from_month": str(row.from_month)})
    return row


def write_terms(row: Beneficiary, *, from_month: date, standard: str, by: User, now: datetime) -> None:
    """What the decision itself says: from which month, and what. Inside the verb that opened the row."""
    row.from_month = from_month.replace(day=1)
    row.standard = people.seal_for(row, standard, "standard")
    row.save()
    write(row, Verb.TERMS, by=by, now=now, facts={"from_month": str(row.from_month)})


def flag_deaths(
    township: Township, id_number: str, *, source: str, died_on: date | None, case: ServiceRequest | None, by: User, now: datetime
) -> DeathReport:
    """Every row of this person, of whatever office, stands on top of its list from now on. Nothing is stopped (domain 16.3)."""
    report = DeathReport(township=township, source=source, died_on=died_on, service_request=case, at=now, by=by)
    report.save()
    known = id_digest(id_number)
    rows = Beneficiary.objects.select_for_update(of=("self",)).filter(township=township, key__id_hmac=known) if known else []
    for row in rows.exclude(state=State.STOPPED).exclude(check_for=Check.DEATH).order_by("pk") if known else []:
        row.check_for, row.check_since = Check.DEATH, now
        row.save()
        write(row, Verb.DEATH_REPORTED, by=by, now=now, facts={"report": report.pk, "source": source, "died_on": str(died_on or "")})
    return report


def write(row: Beneficiary, verb: str, *, by: User, now: datetime, facts: dict | None = None, words: dict | None = None) -> RollEvent:
    sealed = people.seal_for(row, {key: text for key, text in (words or {}).items() if text}, "event") if words else ""
    return RollEvent.objects.create(row=row, verb=verb, at=now, by=by, facts=facts or {}, sealed=sealed)
