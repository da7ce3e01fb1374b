"""Forms of what is done with village agents and their bundles. The forms of the window, with the mandate in place of a representative."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import Office, User
from requests.forms.act_form import ActForm, words_field
from requests.forms.intake import IntakeForm
from requests.models import Bundle, BundleLine, Mandate, ServiceRequest
from requests.village import bundles, mandates
from requests.village.letters import Given

Found = BundleLine.Found
SCOPES = [("", gettext_lazy("choose")), *Mandate.Scope.choices]
LETTERS = [("", gettext_lazy("choose")), *Mandate.Letter.choices]


def _until() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Valid until"), required=False, help_text=gettext_lazy("Empty: to the end of the case."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip


class MandateFields(forms.Form):
    """What the letter of authority says, as whoever looked at it ticks it."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What the letter of authority covers"), choices=SCOPES,
        error_messages={"required": gettext_lazy("Say what the letter of authority covers.")},
    )  # fmt: skip
    letter = forms.ChoiceField(
        label=gettext_lazy("The signed letter"), choices=LETTERS,
        error_messages={
            "required": gettext_lazy(
                "Look at the letter of authority first and say where its original stays. Nobody acts for another without one."
            )
        },
    )  # fmt: skip
    valid_until = _until()

    def given(self, today: date) -> Given:
        data = self.cleaned_data
        return Given(scope=data["scope"], letter=data["letter"], valid_from=today, valid_until=data.get("valid_until"))


class VillageIntakeForm(IntakeForm, MandateFields):
    """The page of the window for a village agent: who comes instead is the agent, the way is the village."""

    def __init__(self, *args: Any, village: Office, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leave_out("channel", "no_village", *self.REPRESENTATIVE_FIELDS)
        self.fields["village"].initial = village.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["channel"] = ServiceRequest.Channel.VILLAGE
        return data


class VillageAct(ActForm):
    """The verbs of mandates stand in `requests.village.mandates`."""

    use_required_attribute = False

    def perform(self, *, by: User, now: datetime):
        return getattr(mandates, self.verb)(self.case, **self.said(), by=by, now=now)


class Arrive(ActForm):
    """One file that came by itself; a bundle is counted over on its own page."""

    verb = "arrive"
    intro = gettext_lazy("The file is in your hands now. From here it is a received case of the township.")
    is_complete = forms.BooleanField(label=gettext_lazy("The papers are as listed"), required=False, initial=True)
    words = words_field(gettext_lazy("What differs from the list"), required=False, max_length=400)

    def listing(self) -> list[str]:
        return [f"{line.name} · {line.state_words}" for line in bundles.papers(self.case)]

    def perform(self, *, by: User, now: datetime):
        return bundles.arrive(self.case, **self.said(), by=by, now=now)


class Entrust(MandateFields, VillageAct):
    verb = "entrust"
    intro = gettext_lazy("The agent sees this case until it ends, and nothing else. The resident has signed the letter of authority.")
    agent = forms.ChoiceField(label=gettext_lazy("Village agent"))
    field_order = ("agent", "scope", "letter", "valid_until")

    def build(self) -> None:
        self.agents = {str(user.pk): user for user in mandates.agents_of(self.case)}
        self.fields["agent"].choices = [("", _("choose")), *((key, user.name) for key, user in self.agents.items())]

    def perform(self, *, by: User, now: datetime):
        agent = self.agents[self.cleaned_data["agent"]]
        return mandates.entrust(self.case, agent, self.given(timezone.localdate(now)), by=by, now=now)


class SuspendMandate(VillageAct):
    verb = "suspend_mandate"
    intro = gettext_lazy("The agent sees nothing of the case until the mandate is resumed.")
    reason = words_field(gettext_lazy("Why"), max_length=400)


class ResumeMandate(VillageAct):
    verb = "resume_mandate"
    intro = gettext_lazy("The agent sees the case again.")


class EndMandate(VillageAct):
    verb = "end_mandate"
    danger = True
    intro = gettext_lazy("The agent sees nothing of the case any more. When the case ends, the mandate ends by itself.")
    why = forms.ChoiceField(label=gettext_lazy("Why"), choices=Mandate.Why.choices, widget=forms.RadioSelect)


class BringResult(VillageAct):
    verb = "bring_result"
    intro = gettext_lazy("The person has the result and has signed for it. The signed slip goes back to the township with the next bundle.")
    how = words_field(gettext_lazy("How it was handed over"), required=False, max_length=400)


FORMS = (Arrive, Entrust, SuspendMandate, ResumeMandate, EndMandate, BringResult)


# -- bundles ----------------------------------------------------------------------------------------------------


class MakeBundle(forms.Form):
    """Which of the waiting files go along. All are ticked to begin with: the usual bundle takes everything."""

    cases = forms.MultipleChoiceField(
        label=gettext_lazy("Files"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick the files that go into the bundle."),
            "invalid_choice": gettext_lazy(
                "One of these files is in a bundle already, or is no longer at the village. Look at the list again."
            ),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, waiting: Iterable[ServiceRequest], **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting = {str(case.pk): case for case in waiting}
        self.fields["cases"].choices = [
            (key, f"{case.number} · {case.title} · {case.key.name_masked}") for key, case in self.waiting.items()
        ]
        self.fields["cases"].initial = list(self.waiting)

    def chosen(self) -> list[ServiceRequest]:
        return [self.waiting[key] for key in self.cleaned_data["cases"]]


class TakeOut(forms.Form):
    """One file does not go along after all."""

    prefix = "out"
    case = forms.ChoiceField(label=gettext_lazy("Which file"), widget=forms.RadioSelect)
    reason = PlainCharField(label=gettext_lazy("Why it is taken out"), max_length=200)
    use_required_attribute = False

    def __init__(self, *args: Any, cases: Iterable[ServiceRequest], **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = {str(case.pk): case for case in cases}
        self.fields["case"].choices = [(key, f"{case.number} · {case.title} · {case.key.name_masked}") for key, case in self.cases.items()]

    def chosen(self) -> ServiceRequest | None:
        return self.cases.get(self.cleaned_data["case"])


class CountOver(forms.Form):
    """当面点交: a line for each file, and who brought them. "All there" answers the lines left open."""

    ANSWERS = [(one.value, one.label) for one in (Found.COMPLETE, Found.INCOMPLETE, Found.NOT_THERE)]
    brought_by = forms.ChoiceField(
        label=gettext_lazy("Who brought it and signs the other copy"),
        error_messages={"required": gettext_lazy("Choose who brought it: an agent of the village signs the other copy.")},
    )
    everything = forms.BooleanField(label=gettext_lazy("Every file is there and its papers are as listed"), required=False)
    use_required_attribute = False

    def __init__(self, *args: Any, bundle: Bundle, cases: Iterable[ServiceRequest], **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = list(cases)
        self.carriers = {str(user.pk): user for user in bundles.carriers(bundle.village)}
        self.fields["brought_by"].choices = [("", _("choose")), *((key, user.name) for key, user in self.carriers.items())]
        self.fields["brought_by"].initial = str(bundle.sent_by_id or bundle.made_by_id)
        for case in self.cases:
            self.fields[f"found_{case.pk}"] = forms.ChoiceField(
                label=case.number, choices=self.ANSWERS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"words_{case.pk}"] = PlainCharField(label=_("What differs"), max_length=200, required=False)

    def lines(self) -> list[tuple[ServiceRequest, Any, Any]]:
        return [(case, self[f"found_{case.pk}"], self[f"words_{case.pk}"]) for case in self.cases]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for case in self.cases:
            found = f"found_{case.pk}"
            if not data.get(found) and data.get("everything"):
                data[found] = Found.COMPLETE.value
            if not data.get(found) and found not in self.errors:
                self.add_error(found, _("Say whether the file is there and whether its papers are complete."))
            if data.get(found) == Found.INCOMPLETE and not data.get(f"words_{case.pk}"):
                self.add_error(f"words_{case.pk}", _("Say what differs from the list."))
        return data

    def counted(self) -> dict[int, bundles.Counted]:
        data = self.cleaned_data
        return {case.pk: bundles.Counted(data[f"found_{case.pk}"], data.get(f"words_{case.pk}", "")) for case in self.cases}

    def carrier(self) -> User | None:
        return self.carriers.get(self.cleaned_data["brought_by"])
