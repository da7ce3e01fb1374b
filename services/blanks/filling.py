"""A form printed with its named places filled in: the blank below, texts above it, empty boxes where somebody signs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from officials.typesetting import missing_glyphs, typeset
from services.blanks.files import PDF, folder_of
from services.blanks.fitting import LEADING, POINT, fit
from services.blanks.names import BOXES, BY_CODE, REPEATED, Name
from services.models import BlankForm

LAYOUT = Path(__file__).parent / "layouts" / "filled.typ"
Values = Mapping[str, Sequence[str]]  # by the code of a name; what is one line has one


@dataclass
class Plan:
    """What goes where on each page, and what the window has to know of it."""

    pages: list[dict[str, Any]]
    remarks: list[str] = field(default_factory=list)


def plan(blank: BlankForm, values: Values) -> Plan:
    """Set every text into its place. Raises KeyError for a name that does not exist: a form cannot ask for anything else."""
    made = Plan([{"texts": [], "boxes": []} for _page in blank.pages])
    unknown: list[str] = []
    for place in blank.places:
        name = BY_CODE[place["name"]]
        if name.kind in BOXES:
            made.pages[place["page"] - 1]["boxes"] += _boxes(place, name)
        else:
            texts = [_one_line(text) for text in values.get(name.code, ())]
            unknown += [] if any(texts) else [str(name.label)]
            _write(made, place, name, texts)
    made.remarks = list(dict.fromkeys(made.remarks))
    if unknown:
        made.remarks.append(_("Not known here, left empty: %(names)s.") % {"names": _(", ").join(dict.fromkeys(unknown))})
    return made


def print_filled(blank: BlankForm, made: Plan, *, notice: str = "") -> bytes:
    """The PDF. `notice` stands at the foot (demonstration, preview). Raises files.Gone, SheetNotPrinted."""
    pages = [{"width": width, "height": height} | drawn for (width, height), drawn in zip(blank.pages, made.pages, strict=True)]
    data = {"title": blank.title, "pages": pages, "notice": notice, "file": PDF}
    return typeset(LAYOUT, data, verbatim=frozenset({"text", "file"}), folder=folder_of(blank))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _boxes(place: Mapping[str, Any], name: Name) -> list[dict[str, Any]]:
    rectangle = {key: place[key] for key in ("x", "y", "width", "height")}
    return [rectangle | {"y": place["y"] + row * place["height"], "word": name.word} for row in range(_rows(place, name))]


def _rows(place: Mapping[str, Any], name: Name) -> int:
    return place.get("rows", 1) if name.kind in REPEATED else 1


def _write(made: Plan, place: Mapping[str, Any], name: Name, texts: list[str]) -> None:
    room = _rows(place, name)
    if len(texts) > room:
        parts = {"name": name.label, "room": room, "all": len(texts)}
        made.remarks.append(
            _("%(name)s: the form has room for %(room)s of %(all)s. Write the others on a second copy.") % parts
        )
    for row, text in enumerate(texts[:room]):
        if not text:  # of one member the number is not known: the next one's does not move up
            continue
        top = place["y"] + row * place["height"]
        fitted = fit(text, width=place["width"], height=place["height"], size=place["size"])
        if fitted.is_over:
            made.remarks.append(
                _("%(name)s: longer than its place, it runs over what stands below. Look at the sheet before it is signed.")
                % {"name": name.label}
            )
        elif fitted.size < place["size"] or len(fitted.lines) > 1:
            made.remarks.append(_("%(name)s: long, so it is printed smaller or on several lines.") % {"name": name.label})
        if missing_glyphs(text):
            made.remarks.append(_("%(name)s: a rare character is printed as 〓. Write it in by hand.") % {"name": name.label})
        first = top + max(0.0, (place["height"] - fitted.height) / 2)
        for number, line in enumerate(fitted.lines):
            y = round(first + number * fitted.size * LEADING * POINT, 2)
            made.pages[place["page"] - 1]["texts"].append({"x": place["x"], "y": y, "size": fitted.size, "text": line})
