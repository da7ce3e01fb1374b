"""Forms of the verbs of demands."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from officials.models import Office, User
from officials.privacy.free_text import what_to_leave_out
from requests import worklist
from requests.demands import dates, figures, moves, placing, read_here, unsolved, verdicts, ways, writing
from requests.demands.dates import Setting
from requests.forms.act_form import ActForm, words_field
from requests.forms.places import chosen, groups
from requests.forms.registering import radio
from requests.intake import told_in
from requests.models import CallBack, Contact, Demand, ServiceRequest
from requests.permissions import Who, is_who, sees_in_full, visible
from requests.reasons import say_amount

Sort = Demand.Sort
Kind = ServiceRequest.Kind


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
        self.fields["lead"].choices = [("", _("choose")), *groups(self.places, with_usual=self.case.kind != Kind.UNSOLVED)]
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
        office, person = chosen(self.places, data["lead"])
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


class TieCase(ActForm):
    verb = "tie_case"
    intro = gettext_lazy(
        "Ask the person, and find the case. From then on this report is kept from whoever held that case."
    )
    number = PlainCharField(
        label=gettext_lazy("Number of the case"), max_length=60, help_text=gettext_lazy("The whole number, or its last digits."),
    )  # fmt: skip

    def clean_number(self) -> ServiceRequest:
        meant = worklist.numbers_meant(self.cleaned_data["number"], self.now)
        found = list(visible(self.user).filter(number__in=meant).exclude(kind=Kind.UNSOLVED)[:2])
        if not found:
            raise ValidationError(_("You see no case of this number. Ask the head of the centre to tie it."))
        if len(found) > 1:
            raise ValidationError(_("More than one case ends like this. Write the whole number."))
        return found[0]

    def perform(self, *, by: User, now: datetime):
        return unsolved.tie_case(self.case, about=self.cleaned_data["number"], by=by, now=now)


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

    def build(self) -> None:
        if read_here.nobody_to_call(self.case):
            self.fields["words"].help_text = _(
                "The person left no phone and reads these words on the tracking page, with number and code. Write the conclusion "
                "for them, and no names or other particulars of anybody."
            )

    def listing(self) -> list[str]:
        names = Office.objects.filter(code__in=moves.open_parts(self.case), township=self.case.township_id).values_list("name", flat=True)
        return [_("%(office)s has not given its part yet.") % {"office": name} for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("outcome") == ServiceRequest.Outcome.ELSEWHERE and not data.get("where") and "where" not in self.errors:
            self.add_error("where", _("Say where the resident has to go, with a phone."))
        for name in ("words", "where") if read_here.nobody_to_call(self.case) else ():
            sentence = what_to_leave_out(data.get(name, ""))
            if sentence:
                self.add_error(name, sentence)
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
            ready = [(read_here.LIES_READY, _("it can be read with number and code"))] if read_here.answer_of(self.case) else []
            left_no_way = (moves.NOT_REACHED, _("could not be reached, or left no way to be told"))
            self.fields["told"].choices = [*ready, *Contact.How.choices, left_no_way]
        if self.case.kind not in figures.JUDGED or self.case.demand.is_anonymous or not is_who(self.user, Who.CALLER, self.case):
            del self.fields["solved"], self.fields["satisfaction"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.has_verdict(data):
            self.ask_for_both(data)
            self.ask_for_words(data)
            if data.get("told") in (moves.NOT_REACHED, read_here.LIES_READY):
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
    Dispatch, Designate, SignFor, ReturnDemand, FirstContact, TieCase, CoAnswer, ExtendDemand, KeepFollowing, AnswerDemand, CloseDemand,
    Rework,
)  # fmt: skip


def _with_limits(rhythm: Demand.Rhythm, limits: dict[str, Setting]) -> str:
    """The rhythm with what it binds to, so that nobody has to know the limits by heart."""
    said = {what: say_amount(limits[what].value, limits[what].unit) for what in (dates.SIGN, dates.CONTACT, dates.ANSWER)}
    sentence = _("%(rhythm)s (sign for it within %(sign)s, speak with the person within %(contact)s, answer within %(answer)s)")
    return sentence % {"rhythm": rhythm.label, **said}
