"""The checklist of a case: every line of the pinned edition with what became of it. The newest row of a line counts."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests import persons
from requests.intake import AUTHORITY_LINE, ID_CARD_LINE, LINE_NAME, is_other
from requests.item_needs import is_applicants_card
from requests.models import MaterialReceipt, ServiceRequest
from requests.public_notice import before
from services.models import Material

State = MaterialReceipt.State
_UNACCEPTED = (ServiceRequest.Status.AT_VILLAGE, ServiceRequest.Status.RECEIVED, ServiceRequest.Status.AWAITING_MATERIALS)
WINDOW_FORM = "窗口提供格式文本"  # as the catalogue says where a material comes from
OWN_LINE_NAMES = {
    ID_CARD_LINE: gettext_lazy("identity card of the applicant (to be shown)"),
    AUTHORITY_LINE: gettext_lazy("authorisation letter and identity card of the representative"),
}
OTHER_WORDS = gettext_lazy("another paper")
LETTER_AND_CARD = (1, 1)  # the letter itself, and a copy of the card of whoever comes with it
VILLAGE_WORDS = gettext_lazy("discussion and notice in the village, with its result")


@dataclass
class Line:
    """One line: a material, the ID card that was forgotten, or the authorisation letter of a representative."""

    key: str
    name: str
    material: Material | None
    state: str = ""
    original_held: bool = False
    is_away: bool = False  # held, but at the county just now
    own: tuple[int, int] = (0, 0)  # originals and copies of a line that is no material
    blank_url: str = ""  # the empty form of this line, where the item offers one to print at home

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
    def is_window_form(self) -> bool:
        """A form of the centre's own: nobody has to bring it, it is filled in at the window."""
        return self.material is not None and self.material.source == WINDOW_FORM

    @property
    def in_the_file(self) -> tuple[int, int]:
        """Originals and copies that lie here. What is only shown and handed back at once (验原件退还) is not among them."""
        if self.material is None:
            return self.own
        stays = self.original_held or Material.Custody.RETURNED not in (self.material.custody or ())
        return (self.material.original_count if stays else 0), self.material.copy_count

    @property
    def custody_words(self) -> str:
        """What becomes of it by the edition: shown and returned, copied, kept."""
        codes = self.material.custody if self.material is not None and self.material.form != Material.Form.SHARED else ()
        return _(", ").join(str(Material.Custody(code).label) for code in codes or () if code in Material.Custody.values)

    @property
    def state_words(self) -> str:
        words = str(State(self.state).label) if self.state else _("not yet looked at")
        if self.is_window_form and self.state == State.MISSING:
            return _("%(state)s (filled in at the window)") % {"state": words}
        return words


def checklist(case: ServiceRequest) -> list[Line]:
    """All lines in the order of the edition, then the awaited ID card and the authorisation letter.

    Last, originals of an item that was exchanged: they lie in the drawer until they are given back, whatever the case is now.
    """
    if not case.has_checklist:
        return []
    lines = [
        Line(str(material.pk), material.name, material)
        for material in Material.objects.filter(edition_id=case.edition_id).order_by("position")
    ]
    by_key: dict[int | str | None, Line] = {line.material_id: line for line in lines}
    former: dict[int, MaterialReceipt] = {}
    for row in MaterialReceipt.objects.filter(service_request=case).order_by("id"):
        if row.material_id is None and row.line in OWN_LINE_NAMES and row.line not in by_key:
            by_key[row.line] = Line(row.line, str(OWN_LINE_NAMES[row.line]), None)
            lines.append(by_key[row.line])
        elif row.material_id is None and is_other(row.line) and row.line not in by_key:
            by_key[row.line] = Line(row.line, persons.open_for(case, row.sealed, LINE_NAME) or str(OTHER_WORDS), None)
            lines.append(by_key[row.line])
        line = by_key.get(row.material_id or row.line)
        if line is not None:
            if line.material is None and row.state == State.IN and line.key != ID_CARD_LINE:
                line.own = LETTER_AND_CARD if line.key == AUTHORITY_LINE else (row.originals, row.copies)
            line.state, line.original_held, line.is_away = row.state, row.original_held, row.is_away
        elif row.material_id is not None:
            former[row.material_id] = row
    return lines + _still_held(former)


def _still_held(former: dict[int, MaterialReceipt]) -> list[Line]:
    """Of the newest rows of materials that are not of this edition, those by which an original lies in the drawer."""
    held = [pk for pk, row in former.items() if row.original_held and row.state == State.IN]
    materials = Material.objects.in_bulk(held) if held else {}
    return [
        Line(str(pk), materials[pk].name, materials[pk], State.IN, original_held=True, is_away=former[pk].is_away) for pk in held
    ]


def missing_lines(case: ServiceRequest) -> list[Line]:
    """The materials that keep the case from being accepted."""
    return [line for line in checklist(case) if line.is_missing]


def village_line(case: ServiceRequest) -> Line | None:
    """村级审议公示 as a line of what is missing, where the item puts it before acceptance and it is not in yet."""
    step = before.wanted(case) if case.status in _UNACCEPTED else None
    if step is None or before.is_settled(before.newest(case)):
        return None
    return Line(before.LINE, step.title, None, State.MISSING)


def lines_to_tell(case: ServiceRequest) -> list[Line]:
    """The checklist, and what the village still has to do before acceptance: all that a list of what is missing can be about."""
    village = village_line(case)
    return checklist(case) + ([village] if village else [])


def still_to_come(case: ServiceRequest) -> list[Line]:
    """All a person is told to be missing."""
    return [line for line in lines_to_tell(case) if line.is_missing]


def name_of_line(key: str) -> str:
    """A line that is no material, in words."""
    if is_other(key):
        return str(OTHER_WORDS)
    return str(VILLAGE_WORDS if key == before.LINE else OWN_LINE_NAMES.get(key, key))


def told_once(missing: list[Line]) -> list[Line]:
    """The missing lines as a person is told them: a forgotten card that the item also wants a copy of is one thing, not two."""
    is_listed = any(line.material is not None and is_applicants_card(line.material) for line in missing)
    return [line for line in missing if not (line.key == ID_CARD_LINE and is_listed)]


def held_originals(case: ServiceRequest) -> list[Line]:
    """Originals in the drawer that have to go back."""
    return [line for line in checklist(case) if line.original_held and line.state == State.IN]


def seen_once(lines: list[Line]) -> list[Line]:
    """The checklist as a page shows it: an identity card that is awaited is one line and not two."""
    missing = [line for line in lines if line.is_missing]
    told = {line.key for line in told_once(missing)}
    return [line for line in lines if not line.is_missing or line.key in told]
