"""The import itself: through the verbs, with the true dates, all or none."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import Township, User
from requests import verbs
from requests.intake import ID_CARD_LINE, Handed, Intake, receive
from requests.lifecycle import Refused
from requests.models import Applicant, MaterialReceipt, ServiceRequest
from services.models import Material

from .checking import Plan, Report, check

State = MaterialReceipt.State
_REASON = "旧台账载明的承办人"  # the reason on the case, in the language of the ledger


class ImportStopped(Exception):
    """Nothing was imported; `report.faults` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__("; ".join(str(fault) for fault in report.faults[:5]))
        self.report = report


def apply(data: bytes, *, township: Township, by: User, now: datetime, demo: bool) -> list[ServiceRequest]:
    """Log every case of the file. Checked again inside the transaction: offices and items may have moved since the dry run."""
    with together():
        # Two imports at once would not see each other's old numbers. `no_key`: a case logged meanwhile points at the township
        # and holds the counter this import waits for; a full lock would make the two wait for each other.
        Township.objects.select_for_update(no_key=True).get(pk=township.pk)
        report = check(data, township=township, by=by, now=now, demo=demo)
        if report.faults:
            raise ImportStopped(report)
        cases = []
        # The file is known by its check sum: its name may be somebody's.
        file = hashlib.sha256(data).hexdigest()[:12]
        for plan in report.plans:
            try:
                cases.append(_log(plan, file, by=by, now=now))
            except Refused as refused:
                report.faults.append(plan.row.fault("old_number", str(refused)))
                raise ImportStopped(report) from refused
        return cases


def _log(plan: Plan, file: str, *, by: User, now: datetime) -> ServiceRequest:
    order = Intake(
        intake_office=plan.office,
        office=plan.office,
        channel=ServiceRequest.Channel.WINDOW,
        person=plan.person,
        edition=plan.edition,
        received_at=plan.received_at,
        materials=_materials(plan),
        words=_words(plan),
        origin=ServiceRequest.Origin.OLD_LEDGER,
        old_number=plan.old_number,
        old_source=f"{file}:{plan.row.number}",
    )
    case = receive(order, by=by, now=now).case
    if plan.accepted_at is not None:
        verbs.accept(case, by=by, now=now, at=plan.accepted_at)
    if plan.holder is not None and plan.holder.pk != case.holder_id:
        verbs.assign(case, plan.holder, reason=_REASON, by=by, now=now)
    return case


def _materials(plan: Plan) -> dict[int | str, Handed]:
    """Accepted means that the papers were complete. Of a case only received the ledger tells nothing: look at them anew."""
    if plan.accepted_at is not None:
        return {material.pk: Handed(_state(material)) for material in plan.edition.materials.all()}
    if plan.person.id_state == Applicant.IdState.UNKNOWN:
        return {ID_CARD_LINE: Handed(State.MISSING)}
    return {}


def _state(material: Material) -> str:
    if material.form == Material.Form.SHARED:
        return State.SHARED
    return State.NOT_NEEDED if material.is_conditional else State.IN


def _words(plan: Plan) -> str:
    """What stands on the case: the remark of the ledger and what was left blank."""
    return "\n".join(part for part in (plan.remark, "；".join(plan.marks)) if part)


def told(cases: list[ServiceRequest]) -> str:
    """The sentence after an import."""
    return _("Carried over from the paper ledger: %(n)s. They stand apart in the figures.") % {"n": len(cases)}
