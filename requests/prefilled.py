"""格式文本预填: the forms of an item printed with what is known of the case, for the person to check, complete and sign.

Names, numbers, addresses and the item are filled in; promises, choices, amounts and signatures never (domain 16.1): the list of
names (`services.blanks.names`) has none of them. Each print shows personal data in full and is written down.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import AccessRecord, User
from officials.typesetting import check_code, missing_glyphs_in, typeset
from requests import persons, receipts
from requests.forms.person import ID_CARD, ID_TYPES
from requests.lifecycle import Refused
from requests.materials import Line, checklist
from requests.models import MaterialReceipt, Party, ServiceRequest
from requests.printing import wording
from requests.village.mandates import mandate_of
from services.blanks import filling
from services.blanks.files import Gone
from services.models import BlankForm, Material

GENERAL = "通用申请表"
LAYOUT = Path(__file__).parent / "printing" / "layouts" / "application_form.typ"
DEMO_NOTICE = "演示系统，非真实材料"


@dataclass(frozen=True)
class Sheet:
    """A form as the window may print it. `which` names it in the address; `remarks` are what to look at on the paper."""

    which: str
    title: str
    material: str
    remarks: list[str]
    prints: int


def sheets(case: ServiceRequest) -> list[Sheet]:
    """The forms of the edition the case was accepted under, then the general one."""
    known = values(case)
    rows = AccessRecord.objects.filter(subject=f"case:{case.pk}", what=AccessRecord.What.PRINT).order_by()
    prints = dict(rows.values("reason").annotate(n=Count("id")).values_list("reason", "n"))
    found = [
        Sheet(str(blank.position), blank.title, blank.material, filling.plan(blank, known).remarks, prints.get(blank.title, 0))
        for blank in blanks_of(case)
    ]
    lacks = [_("A rare character is printed as 〓. Write it in by hand.")] if missing_glyphs_in(known) else []
    return [*found, Sheet("general", GENERAL, "", lacks, prints.get(GENERAL, 0))]


def blanks_of(case: ServiceRequest) -> list[BlankForm]:
    return list(BlankForm.objects.filter(edition=case.edition_id).order_by("position"))


def print_form(case: ServiceRequest, blank: BlankForm, *, by: User, now: datetime) -> bytes:
    """The PDF of one form, filled in. Raises Refused, SheetNotPrinted."""
    try:
        pdf = filling.print_filled(blank, filling.plan(blank, values(case)), notice=_notice(case))
    except Gone as gone:
        raise Refused(str(gone)) from gone
    _write_down(case, blank.title, by=by, now=now)
    return pdf


def print_general(case: ServiceRequest, *, by: User, now: datetime) -> bytes:
    """The PDF of the general application form. Raises Refused, SheetNotPrinted."""
    with translation.override("zh-hans"):
        pdf = typeset(LAYOUT, _general(case), verbatim=frozenset({"number"}))
    _write_down(case, GENERAL, by=by, now=now)
    return pdf


def _write_down(case: ServiceRequest, title: str, *, by: User, now: datetime) -> None:
    subject = f"case:{case.pk}"
    with verb("print_form", by=by, now=now, subject=subject, reason=title):
        AccessRecord.objects.create(at=now, by=by, what=AccessRecord.What.PRINT, subject=subject, reason=title)


def _notice(case: ServiceRequest) -> str:
    return DEMO_NOTICE if case.township.is_demo else ""


def values(case: ServiceRequest) -> dict[str, list[str]]:
    """What each name of `services.blanks.names` stands for in this case; [] where it is not known. Raises Refused once anonymised."""
    if case.anonymised_at or not case.key.wrapped_key:
        raise Refused(_("The case was anonymised."))
    person, members = persons.person_of(case), _members(case)
    came, mandate = person.representative, mandate_of(case)
    received = case.village_received_at if case.status == ServiceRequest.Status.AT_VILLAGE else case.received_at
    single = {
        "applicant_name": person.name,
        "applicant_id_type": _kind_of_paper(person),
        "applicant_id_number": person.id_number,
        "applicant_phone": person.phone,
        "applicant_address": person.address,
        "village": case.village.name if case.village_id else "",
        "item_name": case.edition.name,
        "item_code": case.item.code,
        "case_number": case.number,
        "received_on": wording.plain_day(received) if received else "",
        **{f"representative_{key}": came.get(key, "") for key in ("name", "relation", "id_number", "phone")},
        "agent_name": mandate.agent.name if mandate else "",
        "clerk_name": case.first_asked.name,
        "centre_name": case.township.centre_name,
        "centre_phone": case.township.phone,
        "office_name": case.office.name,
    }
    adults = [one for one in members if not one.is_minor]
    rows = {
        f"{whose}_{key}": [getattr(one, key) for one in found]
        for whose, found in (("member", members), ("adult", adults))
        for key in ("name", "relation", "id_number")
    }
    return {name: [text] if text else [] for name, text in single.items()} | rows


def _kind_of_paper(person: persons.Person) -> str:
    """In Chinese, whatever language the page has; "" without a number."""
    with translation.override("zh-hans"):
        return str(dict(ID_TYPES).get(person.id_type or ID_CARD, person.id_type)) if person.id_number else ""


def _members(case: ServiceRequest) -> list[persons.PartyPerson]:
    return [persons.opened(case, party) for party in persons.parties_of(case) if party.role == Party.Role.MEMBER]


def _general(case: ServiceRequest) -> dict[str, Any]:
    known = {name: texts[0] if texts else "" for name, texts in values(case).items()}
    head = receipts.letterhead_of(case.intake_office)
    said = {name: known[name] for name in _SAID}
    return said | {
        "title": GENERAL,
        "heading": case.township.centre_name,
        "to": case.edition.implementing_body,
        "number": case.number,
        "members": [[one.name, one.relation, one.id_number] for one in _members(case)],
        "is_household": case.edition.is_household,
        "materials": [{"name": line.name, "state": _standing(line)} for line in checklist(case)],
        "consult_phone": head.consult_phone,
        "complaint_phone": head.complaint_phone,
        "notice": _notice(case),
        "check_code": check_code({"form": GENERAL, "number": case.number}),
    }


_SAID = (
    "applicant_name", "applicant_id_type", "applicant_id_number", "applicant_phone", "applicant_address", "village", "item_name",
    "received_on", "representative_name", "representative_relation", "representative_id_number", "representative_phone",
)  # fmt: skip


def _standing(line: Line) -> str:
    """A fact of the window, not a choice of the person: what was handed over is ticked."""
    if line.material is not None and line.material.form == Material.Form.SHARED:
        return "共享核验"
    return "√ 已收" if line.state == MaterialReceipt.State.IN else "□"
