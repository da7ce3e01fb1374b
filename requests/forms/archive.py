"""Forms of the archive: the list of a volume and its closing, boxes, loans and their review, the rules of the township."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import together
from officials.forms import PlainCharField, RowChoiceField, RowsChoiceField, needed_for
from officials.models import Office, Township, User
from requests.archive import boxes, catalogue, lacks, rules, verbs
from requests.archive.catalogue import Kept
from requests.archive.verbs import Counted, Own
from requests.documents.verbs import issue_on_the_spot
from requests.forms.act_form import ActForm, words_field
from requests.models import ArchiveBox, ArchiveSetting, RetentionRule, Term, Volume, VolumeLine, VolumeLoan
from services.models import Category

CHOOSE = gettext_lazy("Choose one of the list.")
NOT_YET = [("", gettext_lazy("not counted yet"))]


def pages_field(label: str, *, required: bool = False) -> forms.IntegerField:
    wrong = _("A number of pages from 1 to %(n)s.") % {"n": verbs.MOST_PAGES}
    return forms.IntegerField(
        label=label, min_value=1, max_value=verbs.MOST_PAGES, required=required,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )  # fmt: skip


def date_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day like 2026-11-02.")},
    )  # fmt: skip


class VolumeAct(ActForm):
    """`volume` is None until it is begun; the verb says so."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.volume: Volume | None = Volume.objects.filter(service_request=options["case"]).select_related("office").first()
        super().__init__(*args, **options)

    def perform(self, *, by: User, now: datetime):
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)

    def lines(self) -> list[VolumeLine]:
        return catalogue.lines_of(self.volume) if self.volume else []


class AssembleVolume(VolumeAct):
    verb = "assemble_volume"
    intro = gettext_lazy("The list is made from what the case holds. Then somebody counts the pages.")

    def build(self) -> None:
        if lacks.wants_slip(self.case):
            self.fields["slip"] = forms.BooleanField(
                label=_("Write the slip for what was done at once (即时办结单) now and put it into the volume"),
                required=False,
                initial=True,
            )

    def perform(self, *, by: User, now: datetime):
        with together():
            if self.cleaned_data.get("slip"):
                issue_on_the_spot(self.case, by=by, now=now)
            return verbs.assemble_volume(self.case, by=by, now=now)


class Counting(VolumeAct):
    """A row of fields for each piece, and empty rows for papers that are written in by hand."""

    template = "requests/archive/counting.html"
    orders = True

    def build(self) -> None:
        self.pieces = self.shown()
        if sum(not one.kept for one in self.pieces) > 1:
            self.fields["rest"] = forms.BooleanField(
                label=_("All that is not filled in below is on paper, one page each"), required=False,
                help_text=_("Only what differs has to be filled in: more pages, electronic only, missing."),
            )  # fmt: skip
        for number, one in enumerate(self.pieces):
            if self.orders:
                self.fields[f"place_{number}"] = forms.IntegerField(
                    label=_("Place in the list"), min_value=1, max_value=999, initial=one.place,
                    error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("A number from 1 to 999.")),
                )  # fmt: skip
            self.fields[f"kept_{number}"] = forms.ChoiceField(
                label=_("How it is kept"), choices=[*NOT_YET, *Kept.choices], required=False, initial=one.kept or "",
                error_messages={"invalid_choice": CHOOSE},
            )  # fmt: skip
            self.fields[f"pages_{number}"] = pages_field(_("Number of pages"))
            self.fields[f"pages_{number}"].initial = one.pages
            if one.is_own and self.orders:
                self.fields[f"remove_{number}"] = forms.BooleanField(label=_("Take out"), required=False)
        for number in range(verbs.OWN_LINES):
            self.fields[f"title_{number}"] = PlainCharField(label=_("Title"), max_length=120, required=False)
            self.fields[f"number_{number}"] = PlainCharField(label=_("Number of the paper"), max_length=60, required=False)
            self.fields[f"responsible_{number}"] = PlainCharField(label=_("Responsible for it (责任者)"), max_length=80, required=False)
            self.fields[f"dated_{number}"] = date_field(_("Date"))
            self.fields[f"own_pages_{number}"] = pages_field(_("Number of pages"))

    def shown(self) -> list[catalogue.Shown]:
        """The pieces of the page: those listed, and those that came since, at the end."""
        if self.volume is None:
            return []
        lines = self.lines()
        return catalogue.shown(self.case, [*lines, *map(catalogue.as_line, catalogue.not_listed(self.case, lines))])

    def rows(self):
        for number, one in enumerate(self.pieces):
            yield one, [self[name] for part in ("place", "kept", "pages", "remove") if (name := f"{part}_{number}") in self.fields]

    def own_rows(self):
        for number in range(verbs.OWN_LINES):
            yield number + 1, [self[f"{part}_{number}"] for part in ("title", "number", "responsible", "dated", "own_pages")]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for number in range(len(self.pieces)):
            if data.get("rest") and not data.get(f"kept_{number}") and f"kept_{number}" not in self.errors:
                data[f"kept_{number}"] = Kept.PAPER.value
            if data.get("rest") and data.get(f"kept_{number}") == Kept.PAPER and f"pages_{number}" not in self.errors:
                data[f"pages_{number}"] = data.get(f"pages_{number}") or 1
            if data.get(f"kept_{number}") == "" and data.get(f"pages_{number}"):
                data[f"kept_{number}"] = Kept.PAPER.value  # who counts pages has paper in hand
            if data.get(f"kept_{number}") == Kept.PAPER and not data.get(f"pages_{number}") and f"pages_{number}" not in self.errors:
                self.add_error(f"pages_{number}", _("Count the pages of what is on paper."))
        for number in range(verbs.OWN_LINES):
            self._check_own(number, data)
        return data

    def _check_own(self, number: int, data: dict[str, Any]) -> None:
        written = any(data.get(f"{part}_{number}") for part in ("title", "number", "responsible", "dated", "own_pages"))
        if written and not data.get(f"title_{number}"):
            self.add_error(f"title_{number}", _("Write down what the paper is called."))
        if written and not data.get(f"own_pages_{number}") and f"own_pages_{number}" not in self.errors:
            self.add_error(f"own_pages_{number}", _("Count the pages of what is on paper."))
        day = data.get(f"dated_{number}")
        if day and day > timezone.localdate(self.now):
            self.add_error(f"dated_{number}", _("This day is still to come."))

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        counted = {
            one.key: Counted(data.get(f"place_{number}") or one.place, data[f"kept_{number}"], data[f"pages_{number}"])
            for number, one in enumerate(self.pieces)
            if data.get(f"kept_{number}")
        }
        own = [
            Own(data[f"title_{number}"], data[f"own_pages_{number}"], data[f"number_{number}"], data[f"responsible_{number}"],
                data[f"dated_{number}"])
            for number in range(verbs.OWN_LINES)
            if data[f"title_{number}"]
        ]  # fmt: skip
        return {"counted": counted, "own": own}


class ListVolume(Counting):
    verb = "list_volume"
    intro = gettext_lazy("Somebody counts the paper: pages for what is on paper, and what is missing or electronic only.")

    def said(self) -> dict[str, Any]:
        taken_out = [one.key for number, one in enumerate(self.pieces) if self.cleaned_data.get(f"remove_{number}")]
        return super().said() | {"remove": taken_out}


class CloseVolume(VolumeAct):
    verb = "close_volume"
    term = forms.ChoiceField(label=gettext_lazy("How long it is kept"), choices=Term.choices, error_messages={"invalid_choice": CHOOSE})
    basis = PlainCharField(
        label=gettext_lazy("Basis, where it is another term than that of the item"), max_length=200, required=False
    )
    missing = words_field(gettext_lazy("What is missing and why (缺件说明)"), required=False, max_length=600)
    remarks = words_field(gettext_lazy("What else the 备考表 has to say"), required=False, max_length=600)
    intro = gettext_lazy("The volume gets its archive number and cannot be changed afterwards, only added to.")

    def build(self) -> None:
        rule = rules.kept_by_rule(self.case)
        self.lacking = lacks.of(self.case, self.lines()) if self.volume else []
        self.fields["term"].initial = rule.term
        told = rule.basis if rule.is_confirmed else _("%(basis)s (assumed until the archives office confirms)") % {"basis": rule.basis}
        self.fields["term"].help_text = _("By the rules of the township: %(term)s. Basis: %(basis)s.") % {
            "term": Term(rule.term).label, "basis": told,
        }  # fmt: skip
        self.fields["missing"].required = bool(self.lacking)
        self.fields["missing"].error_messages["required"] = _("Something is missing: write down what and why.")

    def listing(self) -> list[str]:
        return self.lacking


class CheckVolume(VolumeAct):
    verb = "check_volume"
    intro = gettext_lazy("You have looked the volume through against its list. Your name stands on the 备考表.")
    words = words_field(gettext_lazy("Opinion"), required=False, max_length=300)


class SupplementVolume(Counting):
    verb = "supplement_volume"
    orders = False
    intro = gettext_lazy("The closed list stays as it is; what you add stands behind it with your note.")
    reason = words_field(gettext_lazy("What is added and why"), max_length=600)
    is_whole = forms.BooleanField(label=gettext_lazy("Nothing is missing any more"), required=False)

    def shown(self) -> list[catalogue.Shown]:
        if self.volume is None:
            return []
        return catalogue.shown(self.case, [catalogue.as_line(one) for one in catalogue.not_listed(self.case, self.lines())])

    def said(self) -> dict[str, Any]:
        return super().said() | {"reason": self.cleaned_data["reason"], "is_whole": self.cleaned_data["is_whole"]}


class BoxVolume(VolumeAct):
    verb = "box_volume"
    intro = gettext_lazy("In one box stand volumes of one office, one year and one term.")

    def build(self) -> None:
        fitting = verbs.boxes_for(self.volume) if self.volume and self.volume.is_closed else ArchiveBox.objects.none()
        self.fields["box"] = RowChoiceField(
            label=_("Which box"), queryset=fitting, widget=forms.RadioSelect, empty_label=None,
            error_messages={
                "required": _("Choose a box. There may be none yet: make one on the page of the boxes."), "invalid_choice": CHOOSE,
            },
        )  # fmt: skip
        self.fields["box"].label_from_instance = lambda box: f"{box.number} · {box.place}"


class LendVolume(VolumeAct):
    verb = "lend_volume"
    intro = gettext_lazy("It is registered at once; the head reviews the ledger once a week.")
    why = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=VolumeLoan.Why.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what for."), "invalid_choice": CHOOSE},
    )  # fmt: skip
    words = words_field(gettext_lazy("More about it"), required=False, max_length=300)
    days = forms.IntegerField(
        label=gettext_lazy("For how many working days"), min_value=1, max_value=rules.LONGEST_LOAN,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("A whole number of working days, 30 at most.")
        ),
    )  # fmt: skip

    def build(self) -> None:
        self.people = {str(one.pk): one for one in verbs.borrowers_of(self.case)}
        choices = [("", _("choose")), *((key, f"{one.name} · {one.office or ''}") for key, one in self.people.items())]
        self.fields["borrower"] = forms.ChoiceField(
            label=_("Who borrows it"), choices=choices,
            error_messages={"required": _("Choose who borrows it."), "invalid_choice": CHOOSE},
        )  # fmt: skip
        needed_for(self.fields["words"], _("(needed for another purpose)"))
        self.fields["days"].initial = rules.setting_of(self.case.township).loan_days
        self.order_fields(["borrower"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("why") == VolumeLoan.Why.OTHER and not data.get("words"):
            self.add_error("words", _("Say what for."))
        return data

    def said(self) -> dict[str, Any]:
        said = super().said()
        return said | {"borrower": self.people[said["borrower"]]}


class ReturnVolume(VolumeAct):
    verb = "return_volume"
    is_whole = forms.TypedChoiceField(
        label=gettext_lazy("Counted against the list"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("all pages are there")), ("no", gettext_lazy("pages are missing"))],
        error_messages={"required": gettext_lazy("Count the pages and say whether all are there.")},
    )  # fmt: skip
    words = needed_for(
        words_field(gettext_lazy("Which pages are missing, or what else there is to say"), required=False, max_length=300),
        gettext_lazy("(needed where pages are missing)"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("is_whole") is False and not data.get("words"):
            self.add_error("words", _("Write down which pages are missing."))
        return data


class RecallVolume(VolumeAct):
    verb = "recall_volume"
    intro = gettext_lazy("It has to be back on the next working day.")
    reason = words_field(gettext_lazy("Why"), max_length=300)


FORMS = (
    AssembleVolume, ListVolume, CloseVolume, CheckVolume, SupplementVolume, BoxVolume, LendVolume, ReturnVolume, RecallVolume,
)  # fmt: skip


# -- pages of the room ------------------------------------------------------------------------------------------


def place_fields() -> dict[str, forms.Field]:
    return {
        "room": PlainCharField(label=_("Room"), max_length=60, error_messages={"required": _("Say in which room.")}),
        "shelf": PlainCharField(label=_("Cabinet and shelf"), max_length=60, error_messages={"required": _("Say on which shelf.")}),
    }


class NewBoxForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, offices: list[Office], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offices = {str(one.pk): one for one in offices}
        self.fields["office"] = forms.ChoiceField(
            label=_("Office"), choices=[(key, one.name) for key, one in self.offices.items()], error_messages={"invalid_choice": CHOOSE}
        )
        self.fields["year"] = forms.IntegerField(
            label=_("Year in which the cases ended"), min_value=boxes.FIRST_YEAR, max_value=today.year, initial=today.year,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("A year up to this one.")),
        )  # fmt: skip
        self.fields["term"] = forms.ChoiceField(
            label=_("How long it is kept"), choices=Term.choices, initial=Term.THIRTY, error_messages={"invalid_choice": CHOOSE}
        )
        self.fields |= place_fields()

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {"office": self.offices[data["office"]]}


class MoveBoxForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields |= place_fields()


class FillBoxForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, fitting, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["volumes"] = RowsChoiceField(
            label=_("Volumes without a box"), queryset=fitting, widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Tick the volumes that go into the box."),
                "invalid_choice": _("One of these is in a box already. Look again."),
                "invalid_list": CHOOSE, "invalid_pk_value": CHOOSE,
            },
        )  # fmt: skip
        self.fields["volumes"].label_from_instance = lambda one: f"{one.number} · {catalogue.title_of(one.service_request)}"


class ReviewForm(forms.Form):
    """`shown` are the loans that stood on the page: what was lent since then is not reviewed by it."""

    use_required_attribute = False

    shown = forms.RegexField(regex=r"^[0-9]{1,18}(,[0-9]{1,18})*$", widget=forms.HiddenInput, max_length=4000)

    def __init__(self, *args: Any, waiting, **options: Any) -> None:
        rows = list(waiting)
        options.setdefault("initial", {"shown": ",".join(str(one.pk) for one in rows)})
        super().__init__(*args, **options)
        choices = [
            (str(one.pk), _("%(number)s, %(name)s") % {"number": one.volume.number, "name": one.borrower.name})
            for one in rows
            if one.is_out
        ]
        self.fields["recall"] = forms.MultipleChoiceField(
            label=_("To be brought back on the next working day"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": CHOOSE},
        )  # fmt: skip
        self.fields["opinion"] = words_field(_("Opinion"), max_length=300)

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        shown = [int(one) for one in data["shown"].split(",")]
        return {"shown": shown, "recall": [int(one) for one in data["recall"]], "opinion": data["opinion"]}


class RulesForm(forms.Form):
    """The rules of the township, and a row for each category that may be kept for another time."""

    use_required_attribute = False

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township = township
        setting = rules.setting_of(township)
        self.fields["fonds"] = PlainCharField(label=_("Number of the fonds (全宗号)"), max_length=20, initial=setting.fonds)
        self.fields["pattern"] = PlainCharField(
            label=_("Pattern of the archive number"), max_length=80, initial=setting.pattern,
            help_text=_(
                "Places: {fonds} {year} {term} {office} {seq}. The running number begins anew for each year, term and office named."
            ),
        )  # fmt: skip
        self.fields["loan_days"] = forms.IntegerField(
            label=_("A loan lasts, in working days"), min_value=1, max_value=rules.LONGEST_LOAN, initial=setting.loan_days,
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _("A whole number of working days, 30 at most.")
            ),
        )  # fmt: skip
        self.fields |= _term_fields("", setting, required=True)
        self.categories = list(Category.objects.all())
        own = {rule.category_id: rule for rule in RetentionRule.objects.filter(township=township)}
        if setting._state.adding:  # nothing was set yet: what is assumed until then stands there to be looked at
            permanent = [one for one in self.categories if one.code in rules.PERMANENT_CATEGORIES]
            own |= {one.pk: RetentionRule(category=one, term=Term.PERMANENT, basis=rules.BASIS) for one in permanent}
        for category in self.categories:
            self.fields |= _term_fields(f"_{category.pk}", own.get(category.pk), required=False)

    def usual(self):
        return [self[name] for name in ("fonds", "pattern", "loan_days", "term", "basis", "is_confirmed")]

    def rows(self):
        for one in self.categories:
            yield one, [self[f"{name}_{one.pk}"] for name in ("term", "basis", "is_confirmed")]

    def clean_pattern(self) -> str:
        pattern = self.cleaned_data["pattern"]
        faults = rules.faults_of(pattern)
        if faults:
            raise ValidationError(faults)
        return pattern

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for one in self.categories:
            if data.get(f"term_{one.pk}") and not data.get(f"basis_{one.pk}"):
                self.add_error(f"basis_{one.pk}", _("Every term needs its basis."))
        return data

    def wanted(self) -> ArchiveSetting:
        data = self.cleaned_data
        names = ("fonds", "pattern", "loan_days", "term", "basis", "is_confirmed")
        return ArchiveSetting(township=self.township, **{name: data[name] for name in names})

    def by_category(self) -> dict[int, rules.Kept | None]:
        data = self.cleaned_data
        return {
            one.pk: rules.Kept(data[f"term_{one.pk}"], data[f"basis_{one.pk}"], data[f"is_confirmed_{one.pk}"])
            if data[f"term_{one.pk}"]
            else None
            for one in self.categories
        }


def _term_fields(tail: str, rule: ArchiveSetting | RetentionRule | None, *, required: bool) -> dict[str, forms.Field]:
    choices = Term.choices if required else [("", _("as usual")), *Term.choices]
    return {
        f"term{tail}": forms.ChoiceField(
            label=_("How long it is kept"), choices=choices, required=required, initial=rule.term if rule else "",
            error_messages={"invalid_choice": CHOOSE},
        ),
        f"basis{tail}": PlainCharField(
            label=_("Basis"), max_length=200, required=required, initial=rule.basis if rule else "",
            error_messages={"required": _("Every term needs its basis.")},
        ),
        f"is_confirmed{tail}": forms.BooleanField(
            label=_("confirmed by the archives office"), required=False, initial=bool(rule and rule.is_confirmed)
        ),
    }  # fmt: skip
