"""The checklist of a case: every line of the pinned edition with what became of it. The newest row of a line counts."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from requests.intake import ID_CARD_LINE
from requests.models import MaterialReceipt, ServiceRequest
from services.models import Material

State = MaterialReceipt.State


@dataclass
class Line:
    """One line: a material, or the ID card that was forgotten."""

    key: str
    name: str
    material: Material | None
    state: str = ""
    original_held: bool = False

    @property
    def material_id(self) -> int | None:
        return self.material.pk if self.material else None

    @property
    def is_missing(self) -> bool:
        """Nothing to bring where we look it up; a conditional line is missing only when somebody said so."""
        if self.state in (State.MISSING, State.FAULTY):
            return True
        if self.state:
            return False
        return self.material is not None and not self.material.is_conditional and self.material.form != Material.Form.SHARED

    @property
    def state_words(self) -> str:
        return str(State(self.state).label) if self.state else _("not yet looked at")


def checklist(case: ServiceRequest) -> list[Line]:
    """All lines in the order of the edition, the awaited ID card last."""
    if case.edition_id is None:
        return []
    lines = [
        Line(str(material.pk), material.name, material)
        for material in Material.objects.filter(edition_id=case.edition_id).order_by("position")
    ]
    by_material = {line.material_id: line for line in lines}
    for row in MaterialReceipt.objects.filter(service_request=case).order_by("id"):
        line = by_material.get(row.material_id)
        if row.line == ID_CARD_LINE and row.material_id is None:
            if ID_CARD_LINE not in by_material:
                by_material[ID_CARD_LINE] = Line(ID_CARD_LINE, _("identity card of the applicant (to be shown)"), None)
                lines.append(by_material[ID_CARD_LINE])
            line = by_material[ID_CARD_LINE]
        if line is not None:
            line.state, line.original_held = row.state, row.original_held
    return lines


def missing_lines(case: ServiceRequest) -> list[Line]:
    """What keeps the case from being accepted."""
    return [line for line in checklist(case) if line.is_missing]


def held_originals(case: ServiceRequest) -> list[Line]:
    """Originals in the drawer that have to go back."""
    return [line for line in checklist(case) if line.original_held and line.state == State.IN]
