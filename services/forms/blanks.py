"""Forms of the editing room for blank forms: a file to upload, and the rows of named places."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from services.blanks.files import MOST_BYTES, Taken, Unfit, take
from services.blanks.names import BY_CODE as NAME_OF
from services.blanks.names import NAMES, REPEATED, Kind
from services.models import Edition

MOST_PLACES = 80
SPARE_ROWS = 4  # empty ones below the last
SMALLEST_SIDE = 3  # mm
_GROUPS = (
    (gettext_lazy("Printed from the case"), (Kind.TEXT, Kind.ROWS)),
    (gettext_lazy("Left empty, for pen or finger"), (Kind.BOX, Kind.BOX_ROWS)),
)


class FileForm(forms.Form):
    """A PDF, or a picture of a page, of at most 5 MB. What is in it is judged by `services.blanks.files`; `taken` is what it kept."""

    taken: Taken
    file = forms.FileField(
        label=gettext_lazy("Empty form (PDF, or JPEG or PNG of one page, at most 5 MB)"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": gettext_lazy("Choose the file."), "invalid": gettext_lazy("Choose the file.")},
    )
    field_order = ("title", "material", "file")

    def clean_file(self) -> Any:
        """Judged last, when everything else is in order: looking at a file takes a second."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Save it smaller, or divide it."))
        if not self.errors:
            try:
                self.taken = take(file.read())
            except Unfit as unfit:
                raise ValidationError(str(unfit)) from unfit
        return file


class NamedForm(forms.Form):
    """What the form is called and which material it is."""

    title = PlainCharField(label=gettext_lazy("Name of the form, as residents read it"), max_length=80)
    material = forms.ChoiceField(label=gettext_lazy("Material that it is"), required=False)

    def __init__(self, *args: Any, edition: Edition, current: str = "", **options: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **options)
        names = list(edition.materials.order_by("position").values_list("name", flat=True))
        offered = [("", _("none: it belongs to the item as a whole")), *((name, name) for name in names)]
        if current and current not in names:
            offered.append((current, _("%(name)s (no longer a material of this draft)") % {"name": current}))
        self.fields["material"].choices = offered


class UploadForm(NamedForm, FileForm):
    """A new form."""


def _number(label: Any, *, least: float, most: float, initial: float | None = None) -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=least, max_value=most, required=False, initial=initial,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 5}),
    )  # fmt: skip


class PlaceForm(forms.Form):
    """One named place, in millimetres from the upper left corner of its page. A row without a name is no place."""

    name = forms.ChoiceField(label=gettext_lazy("What stands here"), required=False)
    page = forms.IntegerField(
        label=gettext_lazy("Page"), min_value=1, required=False, initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 3}),
    )  # fmt: skip
    x = _number(gettext_lazy("From the left (mm)"), least=0, most=450)
    y = _number(gettext_lazy("From the top (mm)"), least=0, most=450)
    width = _number(gettext_lazy("Width (mm)"), least=SMALLEST_SIDE, most=450)
    height = _number(gettext_lazy("Height (mm)"), least=SMALLEST_SIDE, most=450, initial=8)
    size = _number(gettext_lazy("Type size (pt)"), least=7, most=24, initial=12)
    rows = forms.IntegerField(
        label=gettext_lazy("Rows (members)"), min_value=1, max_value=20, required=False, initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, position: int, pages: Sequence[Sequence[float]], **options: Any) -> None:
        super().__init__(*args, prefix=f"place-{position}", use_required_attribute=False, **options)
        self.position, self.pages = position, pages
        names = [(str(title), [(one.code, one.label) for one in NAMES if one.kind in kinds]) for title, kinds in _GROUPS]
        self.fields["name"].choices = [("", _("nothing, row left out")), *names]

    @property
    def number(self) -> int:
        return self.position + 1

    @property
    def heading(self) -> str:
        return _("Place %(n)s") % {"n": self.number}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("name") or self.errors:
            return data
        for key, otherwise in (("page", 1), ("height", 8.0), ("size", 12.0), ("rows", 1)):
            data[key] = data[key] or otherwise
        for key in ("x", "y", "width"):
            if data.get(key) is None:
                self.add_error(key, _("Measure it on the picture and write it here."))
        if not self.errors:
            self._stay_on_the_page(data)
        return data

    def _stay_on_the_page(self, data: dict[str, Any]) -> None:
        if data["page"] > len(self.pages):
            self.add_error("page", _("The form has %(n)s pages.") % {"n": len(self.pages)})
            return
        wide, high = self.pages[data["page"] - 1]
        rows = data["rows"] if NAME_OF[data["name"]].kind in REPEATED else 1
        if data["x"] + data["width"] > wide:
            self.add_error("width", _("It ends outside the page, which is %(n)s mm wide.") % {"n": f"{wide:g}"})
        if data["y"] + data["height"] * rows > high:
            self.add_error("height", _("It ends outside the page, which is %(n)s mm high.") % {"n": f"{high:g}"})

    def place(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not data.get("name"):
            return None
        rounded = {key: int(value) if (value := round(data[key], 1)).is_integer() else value for key in _LENGTHS}
        return {"name": data["name"], "page": data["page"], "rows": data["rows"]} | rounded


_LENGTHS = ("x", "y", "width", "height", "size")


class Rows(list[PlaceForm]):
    """The rows of a page, as the summary of faults wants them."""

    non_form_errors = ()

    @property
    def total_error_count(self) -> int:
        return sum(len(row.errors) for row in self)


def shown(places: Sequence[Mapping[str, Any]], pages: Sequence[Sequence[float]]) -> Rows:
    """The stored places, and some empty rows."""
    count = min(len(places) + SPARE_ROWS, MOST_PLACES)
    return Rows(PlaceForm(position=n, pages=pages, initial=places[n] if n < len(places) else None) for n in range(count))


def posted(data: QueryDict, pages: Sequence[Sequence[float]]) -> Rows:
    """What was sent."""
    text = data.get("places", "0")
    count = min(int(text), MOST_PLACES) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return Rows(PlaceForm(data, position=n, pages=pages) for n in range(count))
