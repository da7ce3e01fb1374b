"""The dry run of a village's list: every faulty row and cell, nothing written. `apply` writes all rows or none."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import Office, User
from officials.permissions import HANDLE, rights
from officials.privacy.identity import check_id_number
from officials.privacy.lookup import id_digest
from requests.lifecycle import Refused
from requests.models import Batch, BatchEvent, BatchHousehold, BatchVillage, HouseholdKey
from requests.season import people
from requests.season.sheet import VILLAGE
from services.importing.faults import Fault, Remark, Unreadable
from services.importing.reading import Row, read

MOST = 2000  # households of one village
State = BatchHousehold.State
_NUMBER = re.compile(r"^\d{1,8}(\.\d{1,4})?$")
_COMPARED = ("group", "area", "amount")


@dataclass
class Plan:
    row: Row
    state: str
    id_hmac: str
    values: dict[str, str]


@dataclass
class Report:
    """What an import would do, or why not."""

    plans: list[Plan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(plan.state == state for plan in self.plans)


class Stopped(Exception):
    """Nothing was written; `report.faults` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__("; ".join(str(fault) for fault in report.faults[:5]))
        self.report = report


def check(data: bytes, *, batch: Batch, village: Office, today: date) -> Report:
    """Raises Unreadable when it is no spreadsheet at all."""
    reading = read(data, (VILLAGE,))
    rows = reading.of(VILLAGE)
    if len(rows) > MOST:
        raise Unreadable(_("The file has %(count)s households; at most %(most)s.") % {"count": len(rows), "most": MOST})
    report = Report(faults=list(reading.faults), remarks=list(reading.remarks))
    if any(fault.row is None or not fault.column for fault in reading.faults):
        return report  # no sheet or a heading missing: the cells mean nothing
    before = people.previous(batch)
    last = {one.id_hmac: one.values for one in people.households(before, village)} if before else None
    elsewhere = HouseholdKey.objects.filter(batch=batch).exclude(household__village=village).exclude(id_hmac="")
    _Checker(report, last, set(elsewhere.values_list("id_hmac", flat=True)), today).rows(rows)
    return report


@dataclass
class _Checker:
    report: Report
    last: dict[str, dict[str, str]] | None  # None: there was no batch before
    elsewhere: set[str]
    today: date
    seen: dict[str, int] = field(default_factory=dict)

    def rows(self, rows: list[Row]) -> None:
        for row in rows:
            faults = list(self._faults(row))
            self.report.faults += faults
            if not faults and not row.faulty:
                self._plan(row)
        self.report.faults.sort(key=lambda fault: (fault.row or 0, len(fault.column), fault.column))

    def _plan(self, row: Row) -> None:
        digest = id_digest(row["id_number"])
        values = {name: str(row[name] or "") for name in people.FIELDS}
        if row["state"] == State.UNCHANGED and self.last is not None:
            values = self.last[digest] | {name: text for name, text in values.items() if text}
        self.report.plans.append(Plan(row, row["state"], digest, values))

    def _faults(self, row: Row):
        for key in ("area", "amount"):
            if row[key] and key not in row.faulty and not _NUMBER.match(row[key]):
                yield row.fault(key, _("This is not a number. Write it like 3.5."))
        if "id_number" in row.faulty:
            return
        try:
            check_id_number(row["id_number"], today=self.today)
        except ValidationError as error:
            yield row.fault("id_number", " ".join(error.messages))
            return
        digest = id_digest(row["id_number"])
        if digest in self.seen:
            yield row.fault("id_number", _("The same number stands in row %(row)s already.") % {"row": self.seen[digest]})
        elif digest in self.elsewhere:
            yield row.fault("id_number", _("This household was reported by another village in this batch."))
        self.seen.setdefault(digest, row.number)
        if "state" not in row.faulty:
            yield from self._state(row, digest)

    def _state(self, row: Row, digest: str):
        state, is_known = row["state"], self.last is not None and digest in self.last
        if state in (State.CHANGED, State.OBJECTING) and not row["note"]:
            yield row.fault("note", _("Write what has changed, or what is objected to."))
        if self.last is None:
            return
        if state == State.NEW and is_known:
            yield row.fault("state", _("This household was there last time. Write 无变化, 有变化 or 有异议."))
        elif state != State.NEW and not is_known:
            yield row.fault("state", _("This household was not there last time. Write 新增."))
        elif state == State.UNCHANGED:
            for key in _COMPARED:
                if row[key] and row[key] != self.last[digest].get(key, ""):
                    was = self.last[digest].get(key) or "—"
                    yield row.fault(key, _("It says 无变化, but last time this was %(value)s.") % {"value": was})


def why_not(batch: Batch, line: BatchVillage, today: date) -> str:
    """Why no list of this village is taken now; "" when it is."""
    if batch.transferred_at is not None:
        return _("The batch was transferred to the county. Nothing changes any more.")
    if batch.frozen_at is not None:
        return "" if line.unlocked_at else _("The batch is frozen. The head may allow a change.")
    if today < batch.begins_on:
        return _("The batch has not begun yet.")
    if today > batch.ends_on and not batch.late_allowed:
        return _("The batch is over, and its notice takes no late reports.")
    return ""


def apply(data: bytes, *, batch: Batch, village: Office, by: User, now: datetime) -> Report:
    """Take in the list: all rows or none, checked again under the lock of the batch. Raises Refused, Stopped, Unreadable."""
    today = timezone.localdate(now)
    with verb("report_batch", by=by, now=now, subject=f"batch:{batch.pk}"):
        fresh = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        line = BatchVillage.objects.select_related("village").get(batch=fresh, village=village)
        if not rights(by).has(HANDLE, fresh.office_id):
            raise Refused(_("This belongs to: %(who)s.") % {"who": fresh.office.name})
        sentence = why_not(fresh, line, today)
        if sentence:
            raise Refused(sentence)
        report = check(data, batch=fresh, village=village, today=today)
        if report.faults or not report.plans:
            raise Stopped(report)
        key = people.data_key(fresh)
        told = {one.key.id_hmac: one for one in BatchHousehold.objects.filter(batch=fresh, village=village).select_related("key")}
        for plan in report.plans:
            household = told.get(plan.id_hmac) or BatchHousehold(batch=fresh, village=village)
            household.state = plan.state
            people.write(key, household, plan.values)
        line.reported_at, line.reported_by, line.unlocked_at, line.unlocked_by = now, by, None, None
        line.save()
        facts = {state: report.count(state) for state in State.values}
        BatchEvent.objects.create(batch=fresh, verb=BatchEvent.Verb.REPORTED, village=village, at=now, by=by, facts=facts)
    return report
