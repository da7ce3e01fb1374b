"""The lines of a case to copy into the upper system, and its people as the reveal page shows them."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from requests import persons
from requests.demands import mediation, verdicts
from requests.materials import Line
from requests.models import MaterialReceipt, Party, ServiceRequest
from requests.persons import Person

State = MaterialReceipt.State


def copy_out(case: ServiceRequest, person: dict[str, Any], lines: list[Line]) -> list[tuple[str, str]]:
    """Label and value in the order of the upper system (GB/T 39046—2020 表5 onwards: 申请、受理、办理、办结)."""
    edition = case.edition
    rows = [
        (_("Case number"), case.number),
        (_("Item code"), case.item.code if case.item_id else ""),
        (_("Item"), edition.name if edition else str(case.get_kind_display())),
        (_("Kind of handling"), str(edition.get_handling_display()) if edition else ""),
        (_("Applicant"), person["name"]),
        (_("Identity"), person.get("id_type", "")),
        (_("Identity number"), person["id_number"]),
        (_("Phone"), person["phone"]),
        (_("Representative"), person.get("representative", "")),
        (_("Address"), person.get("address", "")),
        (_("Village"), person["village"]),
        (_("Came by"), str(case.get_channel_display())),
        (_("Time of application"), plain_time(case.submitted_at or case.received_at)),
        (_("Materials received"), _(", ").join(line.name for line in lines if line.state == State.IN)),
        (_("Accepting office"), case.intake_office.name if case.accepted_at else ""),
        (_("Accepted by"), case.accepted_by.name if case.accepted_by_id else ""),
        (_("Time of acceptance"), plain_time(case.accepted_at)),
        (_("Promised date"), case.promised_on.isoformat() if case.promised_on else ""),
        (_("Handling office"), case.office.name),
        (_("Official"), case.holder.name if case.holder_id else ""),
        (_("Time of decision"), plain_time(case.decided_at)),
        (_("Outcome"), str(case.get_outcome_display()) if case.outcome else ""),
        (_("Satisfaction (code of GB/T 39046: 1 best, 5 worst)"), _satisfaction(case)),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _satisfaction(case: ServiceRequest) -> str:
    """The code with its word beside it; nothing for whoever was not asked or did not rate."""
    verdict = verdicts.verdict_of(case) if case.kind in ServiceRequest.OF_DEMANDS else None
    code = verdicts.GB_39046.get(verdict.satisfaction) if verdict else None
    return f"{code} {verdict.get_satisfaction_display()}" if code else ""


def plain_time(at: datetime | None) -> str:
    """2026-11-24 15:04, as forms of other systems take it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def others_in_full(case: ServiceRequest) -> list[tuple[str, str]]:
    """Everybody else in the case as the reveal page shows them: (role, name · relation · number · phone)."""
    found = [(party, persons.opened(case, party)) for party in persons.parties_of(case) if party.role not in Party.IN_PLACE]
    return [
        (str(party.get_role_display()), " · ".join(filter(None, (one.name, one.relation, one.id_number, one.phone))))
        for party, one in found
    ]


def in_full(case: ServiceRequest, person: Person) -> dict[str, str]:
    """The applicant as the reveal page shows it."""
    came = person.representative
    return {
        "name": person.name,
        "phone": person.phone,
        "id_number": person.id_number,
        "id_type": person.id_type,
        "address": person.address,
        "village": str(case.village or ""),
        "other_party": " · ".join(mediation.other_party(case, in_full=True).values()) if case.kind == ServiceRequest.Kind.MEDIATION else "",
        "representative": " · ".join(str(came[key]) for key in ("name", "relation", "id_number", "phone") if came.get(key)),
    }
