"""Forms of the days away from the hall: planning, the rule of a village, who is sent, a demand written down on a phone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField, RowsChoiceField, needed_for
from officials.models import Office, Township, User
from requests.demands import moves, ways
from requests.forms.appointments import DayField, TimeField, check_hours, weekday_choices
from requests.forms.counter import villages_of
from requests.forms.people import NamesField, TicksField, near
from requests.forms.registering import DemandFields
from requests.models import Outing, OutingPlace, ServiceRequest, VillageDayRule
from services.models import Edition

Kind = Outing.Kind
Outcome = ServiceRequest.Outcome
MOST_PEOPLE = 3000


def _item_choices(township: Township) -> list[tuple[str, str]]:
    found = Edition.objects.published().filter(item__township=township).order_by("name")
    return [(edition.item.code, edition.name) for edition in found.select_related("item")]


class HoursFields(forms.Form):
    """From – to, what can be done, and whether hours can be booked."""

    opens_at = TimeField(label=gettext_lazy("From"))
    closes_at = TimeField(label=gettext_lazy("To"))
    items = forms.MultipleChoiceField(
        label=gettext_lazy("What can be done there"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: whatever the people sent can take in."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes an appointment"), min_value=5, max_value=240, required=False,
        help_text=gettext_lazy("Empty: no appointments, everybody just comes."),
    )  # fmt: skip
    people = forms.IntegerField(label=gettext_lazy("People at a time"), min_value=1, max_value=50, required=False)

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township = township
        self.fields["items"].choices = _item_choices(township)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_hours(self, data, data.get("minutes"))
        if bool(data.get("minutes")) != bool(data.get("people")) and not self.errors:
            self.add_error("people", ValidationError(_("Give both: how long an appointment is and how many people come at a time.")))
        return data


class OutingForm(HoursFields):
    """One day."""

    date = DayField(label=gettext_lazy("Date"))
    note = PlainCharField(label=gettext_lazy("Note for residents"), max_length=200, required=False)
    field_order = ("kind", "office", "date", "opens_at", "closes_at", "villages", "place", "note", "items", "minutes", "people")


class EditOutingForm(OutingForm):
    """A day that stands: its places may be named anew, left out and added."""

    more_villages = RowsChoiceField(
        label=gettext_lazy("Further villages"), queryset=Office.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    more_place = PlainCharField(
        label=gettext_lazy("Further place"), max_length=120, required=False,
        help_text=gettext_lazy("Where in the village; or, without a village, the place itself (the hall, a square)."),
    )  # fmt: skip

    def __init__(self, *args: Any, outing: Outing, **options: Any) -> None:
        super().__init__(*args, township=outing.township, **options)
        self.standing = list(outing.places.select_related("village"))
        for place in self.standing:
            label = _("Place in %(village)s") % {"village": place.village} if place.village_id else _("Place")
            self.fields[f"place_{place.pk}"] = PlainCharField(label=label, max_length=120, required=False, initial=place.place)
            self.fields[f"drop_{place.pk}"] = forms.BooleanField(label=_("Nobody goes there: %(place)s") % {"place": place}, required=False)
        there = [place.village_id for place in self.standing if place.village_id]
        left = villages_of(self.township).exclude(pk__in=there)
        self.fields["more_villages"].queryset = left
        if not left.exists():
            del self.fields["more_villages"]
        own = [name for place in self.standing for name in (f"place_{place.pk}", f"drop_{place.pk}")]
        self.order_fields(["date", "opens_at", "closes_at", *own, "more_villages", "more_place", "note", "items", "minutes", "people"])

    def said(self) -> dict[str, Any]:
        """The arguments of `days.change`."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("date", "opens_at", "closes_at", "note", "items", "minutes", "people")}
        places = {one.pk: None if data[f"drop_{one.pk}"] else data[f"place_{one.pk}"] for one in self.standing}
        alone = [(None, data["more_place"])] if data["more_place"] else []
        return plain | {"places": places, "more": [(village, data["more_place"]) for village in data.get("more_villages", ())] or alone}


class NewOutingForm(OutingForm):
    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(one.value, one.label) for one in Outing.PUBLIC], widget=forms.RadioSelect
    )
    office = RowChoiceField(label=gettext_lazy("Office that goes"), queryset=Office.objects.none(), empty_label=None)
    villages = RowsChoiceField(
        label=gettext_lazy("Which villages"), queryset=Office.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    place = PlainCharField(
        label=gettext_lazy("Place"), max_length=120, required=False,
        help_text=gettext_lazy("Where in the village; or, without a village, the place itself (the hall, a square)."),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices
        self.fields["villages"].queryset = villages_of(self.township)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("villages") and not data.get("place") and "villages" not in self.errors:
            self.add_error("villages", _("Name at least one village or place."))
        if data.get("kind") == Kind.VILLAGE_DAY and not data.get("villages") and not self.errors:
            self.add_error("villages", _("A village service day has its village."))
        return data

    def places(self) -> list[tuple[Office | None, str]]:
        data = self.cleaned_data
        return [(village, data["place"]) for village in data["villages"]] or [(None, data["place"])]


class VillageRuleForm(HoursFields):
    """驻村服务日: Thursdays unless the centre says otherwise."""

    office = RowChoiceField(label=gettext_lazy("Office that goes"), queryset=Office.objects.none(), empty_label=None)
    village = RowChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), empty_label=None)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int, initial=4)
    weeks = forms.IntegerField(label=gettext_lazy("Every so many weeks"), min_value=1, max_value=12, initial=1)
    first_on = DayField(label=gettext_lazy("For the first time on or after"))
    on_day_off = forms.ChoiceField(
        label=gettext_lazy("If that is a day off"), choices=VillageDayRule.OnDayOff.choices, initial=VillageDayRule.OnDayOff.NEXT
    )
    place = PlainCharField(label=gettext_lazy("Place"), max_length=120)
    field_order = ("office", "village", "weekday", "weeks", "first_on", "on_day_off", "place", "opens_at", "closes_at")

    def __init__(self, *args: Any, offices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices
        self.fields["village"].queryset = villages_of(self.township)
        self.fields["weekday"].choices = weekday_choices()


class SendForm(forms.Form):
    """Colleagues ticked by name, or a list of names and staff numbers as it comes out of a spreadsheet: one a line, or with commas."""

    place = RowChoiceField(label=gettext_lazy("Place"), queryset=OutingPlace.objects.none(), required=False)
    chosen = TicksField(label=gettext_lazy("Officials sent"), required=False)
    numbers = NamesField(
        label=gettext_lazy("Others who go, by name or staff number"), max_length=40_000, multiline=True, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Paste a column: one a line, or parted by commas. Whoever is on the list already is moved to this place."),
    )  # fmt: skip

    def __init__(self, *args: Any, outing: Outing, **options: Any) -> None:
        super().__init__(*args, **options)
        places = outing.places.select_related("village")
        self.fields["place"].queryset = places
        self.fields["place"].empty_label = _("the whole day, no place of their own")
        self.fields["chosen"].offer(near([outing.office], [place.village for place in places if place.village]))
        self.fields["numbers"].propose(outing.township)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "numbers" in data and "chosen" in data:
            people = dict.fromkeys([*data["chosen"], *data["numbers"]])
            if not people:
                self.add_error("chosen", _("Tick or write down who goes."))
            if len(people) > MOST_PEOPLE:
                self.add_error("numbers", _("At most %(n)s people at a time.") % {"n": MOST_PEOPLE})
            data["people"] = list(people)
        return data


class VisitForm(forms.Form):
    """One tap; the number is for a tally kept on paper."""

    token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    place = forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput)
    people = forms.IntegerField(label=gettext_lazy("People"), min_value=-1, max_value=200, initial=1)


class OnSiteDemandForm(DemandFields):
    """Few fields for a phone: what it is, what was said, who, and what became of it at once."""

    DISPATCH, ELSEWHERE = "dispatch", "elsewhere"
    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    place = RowChoiceField(label=gettext_lazy("Place"), queryset=OutingPlace.objects.none(), required=False)
    then = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=[
            (DISPATCH, gettext_lazy("to be dispatched: it stays open")),
            *((one.value, gettext_lazy("solved on the spot") if one == Outcome.SOLVED else gettext_lazy("explained on the spot"))
              for one in moves.ON_THE_SPOT),
            (ELSEWHERE, gettext_lazy("not ours: told where to go")),
        ],
        initial=DISPATCH,
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = PlainCharField(
        label=gettext_lazy("What was done and answered"), max_length=1000, multiline=True, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("Needed where it was settled on the spot."),
    )  # fmt: skip
    way = forms.ChoiceField(label=gettext_lazy("Where it belongs"), required=False)
    field_order = ("sort", "words", "name", "phone", "village", "about", "then", "answer", "way", "place")

    def __init__(self, *args: Any, outing: Outing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].queryset = outing.places.select_related("village")
        self.fields["place"].empty_label = _("no place of its own")
        # A petition goes into the national system with its number; that is done at the window.
        offered = [(one.key, one.what) for one in ways.WAYS if one.key != ways.PETITION]
        self.fields["way"].choices = [("", _("choose")), *offered]
        needed_for(self.fields["way"], _("(needed where it belongs elsewhere)"))
        needed_for(self.fields["answer"], _("(needed where it was settled on the spot)"))
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def is_at_once(self) -> bool:
        return self.cleaned_data["then"] in moves.ON_THE_SPOT

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("then") in moves.ON_THE_SPOT and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Write down what was answered."))
        if data.get("then") == self.ELSEWHERE and not data.get("way"):
            self.add_error("way", _("Choose where it belongs."))
        return data


class LinkForm(forms.Form):
    """包村干部: an official and a village."""

    village = RowChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), empty_label=None)
    person = NamesField(label=gettext_lazy("Official, by name or staff number"), max_length=60)

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["village"].queryset = villages_of(township)
        self.fields["person"].propose(township)

    def clean_person(self) -> User:
        found = self.cleaned_data["person"]
        if len(found) != 1:
            raise ValidationError(_("Name one official at a time."))
        return found[0]
