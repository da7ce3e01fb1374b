"""Forms of the verbs of demands, and of registering one: at the desk with few fields, from home as few as possible."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField, needed_for
from officials.models import Office, Township, User
from officials.privacy.identity import check_phone
from requests.demands import dates, figures, moves, placing, settings, subjects, verdicts, ways, writing
from requests.demands.dates import Setting
from requests.demands.orders import Line
from requests.demands.placing import Place
from requests.forms.act_form import ActForm, words_field
from requests.forms.counter import villages_of
from requests.forms.resident import TrackForm, words_from_home
from requests.intake import told_in
from requests.models import CallBack, Contact, Demand, ServiceRequest
from requests.permissions import Who, is_who, sees_in_full
from requests.persons import Person
from requests.reasons import AMOUNTS, say_amount

Sort = Demand.Sort
Kind = ServiceRequest.Kind
WORDS_LENGTH = 1000
NAMELESS = (Sort.SUGGESTION, Sort.COMPLAINT)
NEEDED_FOR = gettext_lazy("(needed for help and disputes)")
CHOOSE = gettext_lazy("Choose one of the answers.")


def radio(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    messages = {"required": CHOOSE, "invalid_choice": CHOOSE}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages, **options)


class DemandAct(ActForm):
    """A verb of `demands.moves`."""

    def perform(self, *, by: User, now: datetime):
        return getattr(moves, self.verb)(self.case, **self.said(), by=by, now=now)


class ShowTheWay(DemandAct):
    verb = "show_the_way"
    danger = True
    intro = gettext_lazy("Tell the person the place and the phone. What was said is taken away from here and not kept.")
    way = radio(gettext_lazy("Where it belongs"), [])
    where = words_field(gettext_lazy("What was told besides"), required=False, max_length=300)
    number = needed_for(
        PlainCharField(
            label=gettext_lazy("Number in the petition system"), max_length=60, required=False,
            help_text=gettext_lazy("Only for a petition, and only the number."),
        ),
        gettext_lazy("(needed for a petition)"),
    )  # fmt: skip

    def build(self) -> None:
        said = "{what} → {where} {phone}"
        self.fields["way"].choices = [
            (one.key, said.format(what=one.what, where=one.where, phone=ways.phone_of(one, self.case.township))) for one in ways.WAYS
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("way") == ways.PETITION and not data.get("number"):
            self.add_error("number", _("Enter the number under which the petition was passed on."))
        return data


class Dispatch(DemandAct):
    """Rhythm, lead office with its person, who takes part. One page, no script: a list of offices with their people."""

    verb = "dispatch"
    template = "requests/demands/dispatch.html"
    rhythm = radio(gettext_lazy("Rhythm"), [])
    lead = forms.ChoiceField(
        label=gettext_lazy("Lead office and person"),
        help_text=gettext_lazy("A village committee stands in the list as soon as somebody there may work its cases."),
        error_messages={"required": gettext_lazy("Choose who answers for it."), "invalid_choice": gettext_lazy("Choose one of the list.")},
    )
    co = forms.MultipleChoiceField(
        label=gettext_lazy("Offices that take part"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")},
    )  # fmt: skip

    def build(self) -> None:
        grades = Demand.GRADES if self.case.kind == Kind.UNSOLVED else Demand.RHYTHMS
        self.may_read = sees_in_full(self.user, self.case)
        self.told = told_in(self.case) if self.may_read else ""
        in_force = dates.in_force(self.case.township)
        self.fields["rhythm"].choices = [(one.value, _with_limits(one, dates.of_rhythm(in_force, one))) for one in grades]
        self.fields["rhythm"].initial = self.case.demand.rhythm or grades[0]
        self.places = placing.places_for(self.case)
        # An unfinished matter goes to somebody by name: whoever answers for it there may be whom it is about.
        self.fields["lead"].choices = [("", _("choose")), *_groups(self.places, with_usual=self.case.kind != Kind.UNSOLVED)]
        self.fields["co"].choices = [(str(place.office.pk), place.office.name) for place in self.places]
        if self.case.kind == Kind.UNSOLVED:
            del self.fields["co"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        lead = data.get("lead", "").partition("-")[0]
        if lead and lead in data.get("co", ()):
            self.add_error("co", _("The lead office cannot take part a second time."))
        return data

    def said(self) -> dict:
        data = self.cleaned_data
        office, person = _chosen(self.places, data["lead"])
        asked_along = [place.office for place in self.places if str(place.office.pk) in data.get("co", ())]
        return {"rhythm": data["rhythm"], "lead": office, "holder": person, "co": asked_along}


class Designate(Dispatch):
    verb = "designate"
    intro = gettext_lazy("After this it cannot be returned any more.")
    reason = words_field(gettext_lazy("Why this office"), max_length=300)

    def said(self) -> dict:
        return super().said() | {"reason": self.cleaned_data["reason"]}


class SignFor(DemandAct):
    verb = "sign_for"


class ReturnDemand(DemandAct):
    verb = "return_demand"
    danger = True
    intro = gettext_lazy("Only soon after it was dispatched, with the reason and the rule. A demand that was designated stays.")
    rule = words_field(
        gettext_lazy("The rule"), max_length=300,
        help_text=gettext_lazy("The law or the list of duties. “Not in the list of duties of our office” is enough."),
    )  # fmt: skip
    reason = words_field(gettext_lazy("Why it does not belong here, and where it does"))


class FirstContact(DemandAct):
    verb = "first_contact"
    how = radio(gettext_lazy("How"), Contact.How.choices)
    reached = radio(gettext_lazy("Was the person reached?"), [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))])
    words = words_field(gettext_lazy("What was said"), required=False)

    def said(self) -> dict:
        return super().said() | {"reached": self.cleaned_data["reached"] == "yes"}


class CoAnswer(DemandAct):
    verb = "co_answer"
    words = words_field(gettext_lazy("What your office did or found"))


class ExtendDemand(DemandAct):
    verb = "extend_demand"
    intro = gettext_lazy("Once, before the date passes, and the person is told.")
    reason = words_field(gettext_lazy("Why it takes longer"), max_length=300)
    told = radio(gettext_lazy("How the person was told"), [])

    def build(self) -> None:
        self.fields["told"].choices = Contact.How.choices
        self.fields["told"].error_messages["required"] = _("Say how the person was told.")
        if self.case.demand.is_anonymous:
            del self.fields["told"]

    def said(self) -> dict:
        return {"told": ""} | super().said()


class KeepFollowing(DemandAct):
    verb = "keep_following"
    intro = gettext_lazy("It stays open, on a list of its own, and comes up again on the day you name. Tell the person the same.")
    progress = words_field(gettext_lazy("How far it is, and why it cannot be solved yet"))
    measures = words_field(gettext_lazy("What is done"))
    look_again_on = forms.DateField(
        label=gettext_lazy("Look at it again on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip

    def clean_look_again_on(self):
        day, today = self.cleaned_data["look_again_on"], timezone.localdate(self.now)
        if not today < day <= today + timedelta(days=moves.LONGEST_PAUSE.days):
            raise ValidationError(_("Name a day after today and within a year."))
        return day


class AnswerDemand(DemandAct):
    verb = "answer_demand"
    intro = gettext_lazy("The clock ends with the answer. Then the person is told.")
    outcome = radio(gettext_lazy("Outcome"), [(one.value, one.label) for one in moves.OUTCOMES])
    words = words_field(gettext_lazy("What was done and answered"))
    where = needed_for(
        words_field(gettext_lazy("Where to go, with a phone"), required=False, max_length=300),
        gettext_lazy("(needed where it is not of this level)"),
    )

    def listing(self) -> list[str]:
        names = Office.objects.filter(code__in=moves.open_parts(self.case), township=self.case.township_id).values_list("name", flat=True)
        return [_("%(office)s has not given its part yet.") % {"office": name} for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("outcome") == ServiceRequest.Outcome.ELSEWHERE and not data.get("where") and "where" not in self.errors:
            self.add_error("where", _("Say where the resident has to go, with a phone."))
        return data


class SolveOnTheSpot(DemandAct):
    verb = "solve_on_the_spot"
    intro = gettext_lazy("For what was settled before the person left. The case ends here.")
    outcome = radio(gettext_lazy("Outcome"), [(one.value, one.label) for one in moves.ON_THE_SPOT])
    words = words_field(gettext_lazy("What was done and answered"))


class VerdictFields(forms.Form):
    """Solved or not, and one of the five grades by its name; "not rated" is a word of its own."""

    solved = radio(
        gettext_lazy("Does the person say that it is solved?"), [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))], required=False
    )
    satisfaction = radio(gettext_lazy("How satisfied the person is"), CallBack.Satisfaction.choices, required=False)

    def has_verdict(self, data: dict[str, Any]) -> bool:
        return bool(data.get("solved") or data.get("satisfaction"))

    def ask_for_both(self, data: dict[str, Any]) -> None:
        if not data.get("solved") and "solved" not in self.errors:
            self.add_error("solved", _("Ask whether it is solved."))
        if not data.get("satisfaction") and "satisfaction" not in self.errors:
            self.add_error("satisfaction", _("Ask for the grade. Whoever gives none is “not rated”."))

    def ask_for_words(self, data: dict[str, Any]) -> None:
        if data.get("solved") == "no" and not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write down what is not solved; where it ends all the same, why."))

    def said(self) -> dict:
        data = super().said()
        if "solved" in data:
            data["solved"] = {"yes": True, "no": False}.get(data["solved"])
        return data


class CloseDemand(VerdictFields, DemandAct):
    """Whoever did not handle it may note the verdict along; otherwise somebody calls back."""

    verb = "close_demand"
    told = radio(gettext_lazy("How the person was told"), [])
    words = needed_for(
        words_field(gettext_lazy("What the person said"), required=False, max_length=300), gettext_lazy("(needed where it is not solved)")
    )
    field_order = ("told", "solved", "satisfaction", "words")

    def build(self) -> None:
        if self.case.kind == Kind.ORDER:
            self.fields["told"].label = _("Checked")
            self.fields["told"].choices = [(moves.CHECKED, _("The answer was checked and holds"))]
            self.fields["words"].label = _("What was checked")
        else:
            self.fields["told"].choices = [*Contact.How.choices, (moves.NOT_REACHED, _("could not be reached, or left no way to be told"))]
        if self.case.kind not in figures.JUDGED or self.case.demand.is_anonymous or not is_who(self.user, Who.CALLER, self.case):
            del self.fields["solved"], self.fields["satisfaction"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.has_verdict(data):
            self.ask_for_both(data)
            self.ask_for_words(data)
            if data.get("told") == moves.NOT_REACHED:
                self.add_error("told", _("Somebody who was not reached has said nothing: leave the verdict empty."))
        return data


class Rework(DemandAct):
    verb = "rework"
    danger = True
    intro = gettext_lazy("The same office does it again; the limit for the answer begins anew.")
    reason = words_field(gettext_lazy("What does not hold"))

    def build(self) -> None:
        verdict = verdicts.verdict_of(self.case)
        if verdict is not None and verdict.solved is False:
            self.fields["reason"].initial = writing.said_at(self.case, "call_back").get("text", "")


FORMS = (
    ShowTheWay, SolveOnTheSpot,
    Dispatch, Designate, SignFor, ReturnDemand, FirstContact, CoAnswer, ExtendDemand, KeepFollowing, AnswerDemand, CloseDemand,
    Rework,
)  # fmt: skip


# -- registering ------------------------------------------------------------------------------------------------


class DemandFields(forms.Form):
    """What a demand needs, whoever writes it down."""

    use_required_attribute = False

    sort = radio(gettext_lazy("What is it?"), Sort.choices)
    words = PlainCharField(
        label=gettext_lazy("What would you like to tell us?"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what it is about.")},
    )  # fmt: skip
    village = RowChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), required=False)
    name = PlainCharField(label=gettext_lazy("Name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PlainCharField(
        label=gettext_lazy("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    about = RowChoiceField(
        label=gettext_lazy("Which office is the complaint about?"), queryset=Office.objects.none(), required=False,
        help_text=gettext_lazy("It is not shown to that office and not handled by it."),
    )  # fmt: skip

    def __init__(self, *args: Any, township: Township, demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township, self.demo = township, demo
        self.fields["village"].queryset = villages_of(township)
        self.fields["village"].empty_label = _("not from here, or not needed")
        self.fields["about"].queryset = Office.objects.public().filter(township=township)
        self.fields["about"].empty_label = _("none, or it is no complaint")
        for name in ("village", "about"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one of the list.")
        self.fields["name"].needed_for = NEEDED_FOR

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("about") and data.get("sort") and data["sort"] != Sort.COMPLAINT:
            self.add_error("about", _("Only a complaint names the office it is about."))
        if data.get("sort") and data["sort"] not in NAMELESS:
            self._check_reachable(data)
        return data

    def _check_reachable(self, data: dict[str, Any]) -> None:
        """Help and disputes need somebody to come back to."""
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Help and disputes need a name: without one nobody can be helped or told."))

    @property
    def is_anonymous(self) -> bool:
        return not self.cleaned_data["name"] and not self.cleaned_data["phone"]

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(name=data["name"], phone=data["phone"], village_id=data["village"].pk if data["village"] else None)


class DeskDemandForm(DemandFields):
    """At the window, on the phone, in a village on a telephone."""

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Subject"), required=False, error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")}
    )

    def __init__(self, *args: Any, township: Township, demo: bool, **options: Any) -> None:
        super().__init__(*args, township=township, demo=demo, **options)
        self.fields["category"].choices = [("", _("not sorted yet")), *subjects.offered(township)]
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class ResidentDemandForm(DemandFields):
    """From home, without an account. Words that speak of how officials behave or of breaches lead to one question first."""

    ELSEWHERE, SERVICE = "elsewhere", "service"
    conduct = radio(
        gettext_lazy("Is it about how an official behaved, or a breach of discipline?"),
        [
            (ELSEWHERE, gettext_lazy("Yes: show me the place and the phone; nothing of this is kept here")),
            (SERVICE, gettext_lazy("No, it is about a service: register it here")),
        ],
        required=False,
    )
    field_order = ("sort", "words", "conduct")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not (self.is_bound and ways.is_like_conduct(str(self.data.get("words", "")))):
            del self.fields["conduct"]
        self.fields["words"].help_text = _(
            "At most 1,000 characters. Leave out ID numbers, bank accounts and illnesses: we ask when we need them."
        )
        self.fields["phone"].help_text = _("For help and disputes we need it. A suggestion or a complaint may come without name and phone.")
        self.fields["phone"].needed_for = NEEDED_FOR

    def clean_words(self) -> str:
        return words_from_home(self.cleaned_data["words"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "conduct" in self.fields and not data.get("conduct") and "conduct" not in self.errors:
            self.add_error("conduct", _("This reads like a report on an official or on a breach. Say which it is; nothing was sent yet."))
        return data

    @property
    def goes_elsewhere(self) -> bool:
        return self.data.get("conduct") == self.ELSEWHERE and "conduct" in self.fields

    def _check_reachable(self, data: dict[str, Any]) -> None:
        super()._check_reachable(data)
        if not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter the phone number we can call."))


# -- limits, orders, what was not done --------------------------------------------------------------------------


class LimitsForm(forms.Form):
    """One line a limit: value, unit, basis."""

    use_required_attribute = False

    def __init__(self, *args: Any, in_force: dict[tuple[str, str], Setting], **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = list(in_force)
        units = [(str(unit), str(AMOUNTS[unit][1]) % {"n": ""}) for unit in AMOUNTS]
        for number, setting in enumerate(in_force.values()):
            self.fields[f"value_{number}"] = forms.IntegerField(
                label=_("Value"), min_value=1, max_value=settings.LONGEST, initial=setting.value,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), _("A limit is a whole number from 1 to 999 with its unit.")
                ),
            )  # fmt: skip
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label=_("Unit"), choices=units, initial=setting.unit, error_messages={"invalid_choice": CHOOSE}
            )
            self.fields[f"basis_{number}"] = PlainCharField(
                label=_("Basis"), max_length=200, initial=setting.basis,
                error_messages={"required": _("Every limit needs its basis.")},
            )  # fmt: skip

    def rows(self):
        """(which limit, its three fields) for the page."""
        for number, (what, rhythm) in enumerate(self.keys):
            name = str(settings.WORDS[what])
            label = f"{name} · {Demand.Rhythm(rhythm).label}" if rhythm else name
            yield label, [self[f"{part}_{number}"] for part in ("value", "unit", "basis")]

    def wanted(self) -> dict[tuple[str, str], Setting]:
        data = self.cleaned_data
        return {
            key: Setting(data[f"value_{number}"], data[f"unit_{number}"], data[f"basis_{number}"]) for number, key in enumerate(self.keys)
        }


ORDER_LINES = 8


class OrdersForm(forms.Form):
    """A batch of orders: the source once, then up to eight lines; empty lines count for nothing."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    source = radio(gettext_lazy("Where the orders come from"), Demand.Source.choices)
    ordered_on = forms.DateField(
        label=gettext_lazy("Ordered on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip
    ordered_by = RowChoiceField(
        label=gettext_lazy("Ordered by whom"), queryset=User.objects.none(), required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, township: Township, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["ordered_by"].queryset = User.objects.filter(official__is_leader=True, is_active=True)
        self.fields["ordered_by"].empty_label = _("nobody in particular")
        self.places = placing.places_in(township)
        leads = [("", _("choose")), *_groups(self.places)]
        for number in range(1, ORDER_LINES + 1):
            self.fields[f"what_{number}"] = PlainCharField(label=_("What has to be done"), max_length=500, required=False)
            self.fields[f"lead_{number}"] = forms.ChoiceField(
                label=_("Office and person"), choices=leads, required=False, error_messages={"invalid_choice": _("Choose one of the list.")}
            )
            self.fields[f"by_{number}"] = forms.DateField(
                label=_("To be answered by"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": _("Enter the day like 2026-11-02.")},
            )  # fmt: skip
            for part in ("what", "lead", "by"):
                needed_for(self.fields[f"{part}_{number}"], _("(needed for each order)"))

    def rows(self):
        for number in range(1, ORDER_LINES + 1):
            yield number, [self[f"{part}_{number}"] for part in ("what", "lead", "by")]

    def clean_ordered_on(self):
        day = self.cleaned_data["ordered_on"]
        if day > self.today:
            raise ValidationError(_("The day of the order lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        numbers = [number for number in range(1, ORDER_LINES + 1) if data.get(f"what_{number}") or data.get(f"lead_{number}")]
        if not numbers and not self.errors:
            self.add_error("what_1", _("Write down at least one order."))
        for number in numbers:
            self._check_line(number, data)
        return data

    def _check_line(self, number: int, data: dict[str, Any]) -> None:
        for part, sentence in (
            ("what", _("Write down what has to be done.")),
            ("lead", _("Choose who answers for it.")),
            ("by", _("Enter the day by which it is answered.")),
        ):
            if not data.get(f"{part}_{number}") and f"{part}_{number}" not in self.errors:
                self.add_error(f"{part}_{number}", sentence)
        day = data.get(f"by_{number}")
        if day and day < self.today:
            self.add_error(f"by_{number}", _("This day is over already."))

    def lines(self) -> list[Line]:
        data = self.cleaned_data
        found = []
        for number in range(1, ORDER_LINES + 1):
            if data.get(f"what_{number}"):
                office, person = _chosen(self.places, data[f"lead_{number}"])
                found.append(Line(data[f"what_{number}"], office, data[f"by_{number}"], person))
        return found


def _groups(places: list[Place], *, with_usual: bool = True):
    """Offices with their people, for one select: first whoever answers for it there."""
    for place in places:
        usual = [(f"{place.office.pk}-0", _("who answers for it there"))] if with_usual and place.has_post else []
        yield place.office.name, usual + [(f"{place.office.pk}-{one.pk}", one.name) for one in place.people]


def _with_limits(rhythm: Demand.Rhythm, limits: dict[str, Setting]) -> str:
    """The rhythm with what it binds to, so that nobody has to know the limits by heart."""
    said = {what: say_amount(limits[what].value, limits[what].unit) for what in (dates.SIGN, dates.CONTACT, dates.ANSWER)}
    sentence = _("%(rhythm)s (sign for it within %(sign)s, speak with the person within %(contact)s, answer within %(answer)s)")
    return sentence % {"rhythm": rhythm.label, **said}


def _chosen(places: list[Place], value: str) -> tuple[Office, User | None]:
    office, _dash, person = value.partition("-")
    place = next(one for one in places if str(one.office.pk) == office)
    return place.office, next((one for one in place.people if str(one.pk) == person), None)


class UnsolvedForm(forms.Form):
    """At the desk, from the page of the case."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )
    words = PlainCharField(
        label=gettext_lazy("What was not done, and what the person was told"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what was not done.")},
    )  # fmt: skip


class ResidentUnsolvedForm(TrackForm):
    """From home: the number and the code of the case, and what was not done."""

    use_required_attribute = False

    words = PlainCharField(
        label=gettext_lazy("What was not done?"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what was not done.")},
    )  # fmt: skip

    def clean_words(self) -> str:
        return words_from_home(self.cleaned_data["words"])
