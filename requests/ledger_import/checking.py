"""The dry run: what an import would do, every fault at its cell, every doubt told. Writes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import Office, Township, User
from officials.permissions import HEAD, rights
from officials.privacy.identity import check_id_number, check_phone
from requests import assigning
from requests.item_needs import needs_id
from requests.models import Applicant, ServiceRequest
from requests.permissions import may_take_in
from requests.persons import Person
from services.importing.faults import Fault, Remark, Unreadable
from services.importing.reading import Row, read
from services.models import Edition

from .layout import ACCEPTED, LEDGER

MOST = 1000  # cases of one file: one transaction
_LOST_DIGITS = "000"  # a spreadsheet keeps fifteen digits of a number and writes zeros for the rest


@dataclass
class Plan:
    """One case as it would be logged. `marks` say what was left blank; they go onto the case."""

    row: Row
    old_number: str
    person: Person
    edition: Edition
    office: Office
    holder: User | None
    received_at: datetime
    accepted_at: datetime | None
    remark: str
    marks: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The outcome: cases to come, old numbers already there, and why nothing may be imported."""

    plans: list[Plan] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def may_be_applied(self) -> bool:
        return bool(self.plans) and not self.faults


@dataclass
class Known:
    """What cells are looked up in, read once for the whole file."""

    editions: list[Edition]
    offices: list[Office]
    villages: list[Office]
    people: dict[int, list[User]]
    old_numbers: set[tuple[int, str]]
    by: User
    today: date
    demo: bool


def check(data: bytes, *, township: Township, by: User, now: datetime, demo: bool) -> Report:
    """Read and check the file. Raises Unreadable when it is no spreadsheet at all."""
    reading = read(data, (LEDGER,))
    rows = reading.of(LEDGER)
    if len(rows) > MOST:
        raise Unreadable(_("The file has %(count)s cases; at most %(most)s at a time. Split it.") % {"count": len(rows), "most": MOST})
    report = Report(faults=list(reading.faults), remarks=list(reading.remarks))
    if any(fault.row is None or not fault.column for fault in reading.faults):
        return report  # no sheet or a heading missing: the cells mean nothing
    known = _known(township, by, now, demo)
    for row in rows:
        _check_row(row, known, report)
    _tell_doubles(report)
    report.faults.sort(key=lambda fault: (fault.row or 0, len(fault.column), fault.column))
    return report


def _known(township: Township, by: User, now: datetime, demo: bool) -> Known:
    offices = list(Office.objects.open().filter(township=township))
    mine = [office for office in offices if office.pk in rights(by).where(HEAD)]
    related = ("item", "office", "office__township", "post__holder", "post__deputy")
    editions = Edition.objects.published().filter(item__township=township).select_related(*related).prefetch_related("materials")
    old = ServiceRequest.objects.filter(origin=ServiceRequest.Origin.OLD_LEDGER, office__in=mine)
    return Known(
        editions=list(editions),
        offices=offices,
        villages=[office for office in offices if office.kind == Office.Kind.VILLAGE],
        people={office.pk: assigning.people_of(office) for office in mine},
        old_numbers=set(old.exclude(status=ServiceRequest.Status.VOIDED).values_list("office_id", "old_number")),
        by=by,
        today=timezone.localdate(now),
        demo=demo,
    )


def _check_row(row: Row, known: Known, report: Report) -> None:
    faults: list[Fault] = []
    edition = _edition(row, known, faults)
    office = _office(row, edition, known, faults)
    holder = _holder(row, office, known, faults)
    _check_dates(row, known, faults)
    report.faults += faults
    if faults or row.faulty or edition is None or office is None:
        return
    if (office.pk, row["old_number"]) in known.old_numbers:
        report.already.append(row["old_number"])
        return
    plan = Plan(
        row=row,
        old_number=row["old_number"],
        person=Person(),
        edition=edition,
        office=office,
        holder=holder,
        received_at=_midnight(row["received_on"]),
        accepted_at=_midnight(row["accepted_on"]) if row["state"] == ACCEPTED else None,
        remark=row["remark"],
    )
    plan.person = _person(plan, known, report)
    report.plans.append(plan)


def _edition(row: Row, known: Known, faults: list[Fault]) -> Edition | None:
    if "item" in row.faulty:
        return None
    typed = row["item"]
    found = [e for e in known.editions if e.item.code.casefold() == typed.casefold()] or [e for e in known.editions if e.name == typed]
    if len(found) == 1:
        return found[0]
    message = _("Several items have this name. Write the code.") if found else _("There is no published item with this code or name.")
    faults.append(row.fault("item", message))
    return None


def _office(row: Row, edition: Edition | None, known: Known, faults: list[Fault]) -> Office | None:
    """The office named, or that of the item. Only what one heads oneself may be carried over."""
    typed = row["office"]
    if "office" in row.faulty or (not typed and edition is None):
        return None
    office = edition.office if edition is not None and not typed else None
    if typed:
        named = [one for one in known.offices if typed in (one.code, one.name)]
        if not named:
            faults.append(row.fault("office", _("There is no office with this code or name.")))
            return None
        office = named[0]
    if office is None or office.pk in known.people and may_take_in(known.by, office.pk):
        return office
    faults.append(row.fault("office", _("You are not the head of %(office)s. Its head imports its cases.") % {"office": office}))
    return None


def _holder(row: Row, office: Office | None, known: Known, faults: list[Fault]) -> User | None:
    typed = row["holder"]
    if not typed or office is None or "holder" in row.faulty:
        return None
    people = [person for person in known.people[office.pk] if typed in (person.name, person.staff_no)]
    if len(people) == 1:
        return people[0]
    message = (
        _("Several people have this name. Write the staff number.")
        if people
        else _("Nobody of this name works on cases of %(office)s.") % {"office": office}
    )
    faults.append(row.fault("holder", message))
    return None


def _check_dates(row: Row, known: Known, faults: list[Fault]) -> None:
    """Never made up: a date that cannot be right is a fault."""
    received, accepted = row["received_on"], row["accepted_on"]
    for key, day in (("received_on", received), ("accepted_on", accepted)):
        if day is not None and day > known.today:
            faults.append(row.fault(key, _("This day is still to come.")))
        elif day is not None and day.year < 1990:
            faults.append(row.fault(key, _("This day lies too far back. Compare it with the ledger.")))
    if "accepted_on" in row.faulty or "state" in row.faulty:
        return
    if row["state"] == ACCEPTED and accepted is None:
        faults.append(row.fault("accepted_on", _("An accepted case needs the day of acceptance.")))
    elif row["state"] != ACCEPTED and accepted is not None:
        faults.append(row.fault("accepted_on", _("There is a day of acceptance, but the state is 收件. One of them is wrong.")))
    elif accepted is not None and received is not None and accepted < received:
        faults.append(row.fault("accepted_on", _("The acceptance lies before the receipt.")))


def _person(plan: Plan, known: Known, report: Report) -> Person:
    """What is in doubt stays blank, is told, and is marked on the case."""
    row = plan.row
    id_number, phone = _id_number(row, known, plan, report), _phone(row, known, plan, report)
    wants_id = needs_id(plan.edition.materials.all())
    state = Applicant.IdState.GIVEN if id_number else Applicant.IdState.UNKNOWN if wants_id else Applicant.IdState.NOT_NEEDED
    return Person(
        name=row["name"],
        id_type="id_card" if id_number else "",
        id_number=id_number,
        id_state=state,
        phone=phone,
        address=row["village"],
        village_id=_village(row["village"], known.villages),
    )


def _id_number(row: Row, known: Known, plan: Plan, report: Report) -> str:
    typed = row["id_number"]
    if not typed:
        return ""
    try:
        if typed.strip().endswith(_LOST_DIGITS):
            raise ValidationError(_("It ends in 000: a spreadsheet has probably cut it off. Set the cells to text."))
        return check_id_number(typed, today=known.today)
    except ValidationError as error:
        _mark(plan, report, "id_number", _("The ID number is in doubt and is left blank: %(why)s"), "证件号存疑，留空", error)
        return ""


def _phone(row: Row, known: Known, plan: Plan, report: Report) -> str:
    typed = row["phone"]
    if not typed:
        return ""
    try:
        return check_phone(typed, demo=known.demo, short=False)
    except ValidationError as error:
        _mark(plan, report, "phone", _("The phone number is in doubt and is left blank: %(why)s"), "电话存疑，留空", error)
        return ""


def _mark(plan: Plan, report: Report, key: str, sentence: str, mark: str, error: ValidationError) -> None:
    """The remark is for who imports; the mark stays on the case, in the words of the ledger."""
    plan.marks.append(mark)
    row = plan.row
    message = sentence % {"why": " ".join(error.messages)}
    report.remarks.append(Remark(row.title, message, row.number, row.letters.get(key, ""), LEDGER.column(key).heading))


def _village(typed: str, villages: Iterable[Office]) -> int | None:
    """稻香村三组 belongs to 稻香村; the whole text stays as address."""
    fits = [village for village in villages if typed.startswith(village.name)]
    return max(fits, key=lambda village: len(village.name)).pk if fits else None


def _tell_doubles(report: Report) -> None:
    counted = Counter((plan.office.pk, plan.old_number) for plan in report.plans)
    for plan in report.plans:
        if counted[plan.office.pk, plan.old_number] > 1:
            report.faults.append(plan.row.fault("old_number", _("This old number stands in the file more than once.")))


def _midnight(day: date) -> datetime:
    """The ledger knows the day, not the hour: midnight says so."""
    return timezone.make_aware(datetime.combine(day, time.min))


def old_cases(user: User) -> QuerySet[ServiceRequest]:
    """What was carried over in the offices this person heads."""
    offices = rights(user).where(HEAD)
    return ServiceRequest.objects.filter(origin=ServiceRequest.Origin.OLD_LEDGER, office_id__in=offices)
