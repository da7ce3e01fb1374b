"""The forms of an end: the decision with the outcomes that fit the item, refusals with facts, reasons and basis, termination."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import together
from officials.forms import PlainCharField, needed_for
from officials.models import User
from requests import steps, verbs
from requests.county import deciding
from requests.forms import roll
from requests.forms.act_form import ActForm, words_field
from requests.forms.particulars import WithTheDecision
from requests.lifecycle import Refused
from requests.models import Document, ServiceRequest
from requests.refusing import Cause, Grounds, TheirPaper, basis_words, check_grounds, outcome_word, outcomes_of, rule_of, who_refuses

Outcome = ServiceRequest.Outcome
MOST_BASIS = 300
FOR_A_REFUSAL = gettext_lazy("(needed for a refusal)")


class Refusal(ActForm):
    """Where a body elsewhere alone may refuse, the form asks for its paper."""

    paper_of: str = ""

    def build(self) -> None:
        self.fields["basis"].help_text = _("By the text of this item: %(rules)s.") % {"rules": rule_of(self.case)}
        body = who_refuses(self.case, self.paper_of)
        if body:
            words = _("%(body)s decides this. Enter its paper once it has refused; before that, pass the case on.")
            if not deciding.is_decided_by_county(self.case.edition):
                words = _(
                    "It is done at this window. Only if it is refused: %(body)s writes the paper in its own system; enter its number."
                )
            words %= {"body": body}
            self.fields["their_number"] = PlainCharField(
                label=_("Number of its decision"), max_length=60, required=False, help_text=words
            )
            self.fields["their_on"] = forms.DateField(
                label=_("Date of its decision"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False
            )

    def paper(self) -> TheirPaper:
        return TheirPaper(self.cleaned_data.get("their_number", ""), self.cleaned_data.get("their_on"))

    def check(self, grounds: Grounds) -> None:
        """A law that does not govern the item is said beside the field that cites it."""
        try:
            check_grounds(self.case, grounds)
        except verbs.Refused as refused:
            self.add_error("basis", str(refused))


class RefuseIntake(Refusal):
    verb = "refuse_intake"
    danger = True
    paper_of = Document.Kind.INTAKE_REFUSAL
    reason = words_field(gettext_lazy("Why it is not accepted"), help_text=gettext_lazy("The applicant reads it in the decision."))
    basis = words_field(gettext_lazy("Legal basis"), max_length=MOST_BASIS)
    where = words_field(gettext_lazy("Where to go instead"), required=False, max_length=MOST_BASIS)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") and cleaned.get("basis"):
            self.check(Grounds(reasons=cleaned["reason"], basis=cleaned["basis"]))
        return cleaned

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("reason", "basis", "where")} | {"paper": self.paper()}


class Decide(WithTheDecision, Refusal):
    verb = "decide"
    paper_of = Document.Kind.REFUSAL_DECISION
    intro = gettext_lazy("The clock ends with the decision.")
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    words = words_field(gettext_lazy("Remarks"), required=False)
    found = needed_for(words_field(gettext_lazy("If refused: the facts found"), required=False), FOR_A_REFUSAL)
    reasons = needed_for(words_field(gettext_lazy("If refused: the reasons"), required=False), FOR_A_REFUSAL)
    basis = needed_for(words_field(gettext_lazy("If refused: the legal basis"), required=False, max_length=MOST_BASIS), FOR_A_REFUSAL)

    def build(self) -> None:
        super().build()
        self.fields["outcome"].choices = [(one, outcome_word(self.case.edition, one)) for one in outcomes_of(self.case.edition)]
        self.fields["reasons"].help_text = basis_words(self.case.edition)
        for name in ("found", "reasons", "basis"):
            needed_for(self.fields[name], _("(needed for a refusal)"))
        if Outcome.PAID in outcomes_of(self.case.edition):
            words = _("In the words of the paper, such as “420 yuan a month”.")
            amount = PlainCharField(label=_("Amount granted"), max_length=80, required=False, help_text=words)
            self.fields["amount"] = needed_for(amount, _("(needed when it is granted)"))
            self.order_fields(["outcome", "amount"])
        self.ask_particulars()
        roll.ask_who_died(self)

    def listing(self) -> list[str]:
        """What came of the steps so far: the decision rests on it."""
        return steps.say_results(steps.Road(self.case))

    @property
    def is_refusal(self) -> bool:
        return self.cleaned_data.get("outcome") == Outcome.REFUSED

    def clean(self):
        cleaned = roll.clean_who_died(self, super().clean())
        if cleaned.get("outcome") == Outcome.PAID and not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Fill this in: it is granted."))
        if cleaned.get("outcome") and not self.is_refusal:
            self.check_particulars(cleaned)
        if self.is_refusal:
            for name in ("found", "reasons", "basis"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A refusal states facts, reasons and basis."))
            if not self.errors:
                self.check(self._grounds())
        return cleaned

    def perform(self, *, by: User, now: datetime):
        """What is granted rests on the steps before it; for a refusal one of them may be enough."""
        sentence = "" if self.is_refusal else steps.why_not_yet(steps.Road(self.case))
        if sentence:
            raise Refused(sentence, first="note_step")
        with together():
            if not self.is_refusal:
                self.note_particulars(by=by, now=now)
            return super().perform(by=by, now=now)

    def _grounds(self) -> Grounds:
        return Grounds(self.cleaned_data["found"], self.cleaned_data["reasons"], self.cleaned_data["basis"])

    def said(self) -> dict:
        said = {name: self.cleaned_data[name] for name in ("outcome", "words", "deceased", "died_on") if name in self.cleaned_data}
        if self.cleaned_data.get("amount") and said["outcome"] == Outcome.PAID:
            # Printed with the decision, and so in the language of the papers.
            said["words"] = "；".join(part for part in (f"发放：{self.cleaned_data['amount']}", said["words"]) if part)
        return said | ({"grounds": self._grounds(), "paper": self.paper()} if self.is_refusal else {})


class Terminate(ActForm):
    verb = "terminate"
    danger = True
    intro = gettext_lazy("Nothing is decided any more. Originals go back, and one can apply again when things have changed.")
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=Cause.choices, widget=forms.RadioSelect)
    reason = words_field(gettext_lazy("Facts and reasons"))
    basis = words_field(gettext_lazy("Legal basis"), max_length=MOST_BASIS)
