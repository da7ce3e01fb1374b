"""Forms of the verdict on a demand, and of the papers a person may want of an answer, a mediation, an agency."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import needed_for
from officials.models import User
from officials.privacy.masking import mask_in_words
from requests.demands import judging, papers, writing
from requests.forms.act_form import ActForm, words_field
from requests.forms.demands import VerdictFields
from requests.forms.mediation import DAY_FAULTS, USUAL_WAYS
from requests.forms.registering import radio
from requests.intake import told_in
from requests.lifecycle import TRANSITIONS
from requests.models import Contact
from requests.permissions import is_who
from requests.village import mandates


class CallBack(VerdictFields, ActForm):
    verb = "call_back"
    intro = gettext_lazy(
        "Ask without pressing and note the person's own words. Three calls in vain at different times count as not reached."
    )
    how = radio(gettext_lazy("How"), Contact.How.choices, initial=Contact.How.PHONE)
    reached = radio(gettext_lazy("Was the person reached?"), [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))])
    words = needed_for(
        words_field(
            gettext_lazy("What the person said"), required=False, max_length=500,
            help_text=gettext_lazy("Where it is not solved: what is lacking, or why it ends all the same."),
        ),
        gettext_lazy("(needed where it is not solved)"),
    )  # fmt: skip
    again = forms.BooleanField(label=gettext_lazy("Not solved: send it back to be done again"), required=False)
    field_order = ("how", "reached", "solved", "satisfaction", "words", "again")

    def build(self) -> None:
        if not is_who(self.user, TRANSITIONS[self.case.kind]["rework"].who, self.case):
            del self.fields["again"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reached") == "yes":
            self.ask_for_both(data)
        elif data.get("reached") == "no" and self.has_verdict(data):
            self.add_error("reached", _("Somebody who was not reached has said nothing: leave the verdict empty."))
        self.ask_for_words(data)
        if data.get("again") and data.get("solved") != "no":
            self.add_error("again", _("Only what the person says is not solved is done again."))
        return data

    def said(self) -> dict:
        data = super().said()
        return data | {"reached": data["reached"] == "yes"}

    def perform(self, *, by: User, now: datetime):
        return judging.call_back(self.case, **self.said(), by=by, now=now)


class Writing(ActForm):
    """A verb of `demands.writing`."""

    def perform(self, *, by: User, now: datetime):
        return getattr(writing, self.verb)(self.case, **self.said(), by=by, now=now)


class IssueAnswer(Writing):
    verb = "issue_answer"
    intro = gettext_lazy("Numbered, frozen and to be signed for. Leave out who else is in it; numbers of people are masked by themselves.")
    asked = words_field(gettext_lazy("What the demand was"))
    facts = words_field(gettext_lazy("What was found on checking"))
    handling = words_field(gettext_lazy("What was done and answered"))
    basis = words_field(gettext_lazy("The rule or basis"), max_length=600)
    where = words_field(gettext_lazy("Where to go on"), max_length=600)

    def build(self) -> None:
        said = writing.said_at(self.case, "answer_demand") or writing.said_at(self.case, "solve_on_the_spot")
        self.fields["asked"].initial = mask_in_words(told_in(self.case))
        self.fields["handling"].initial = said.get("text", "")
        where = [said.get("where", ""), papers.objections(self.case)]
        self.fields["where"].initial = "\n".join(text for text in where if text)


class IssueAgreement(Writing):
    verb = "issue_agreement"
    intro = gettext_lazy("Both sign it, the mediator signs and the committee seals it; from that day it binds.")
    dispute = words_field(gettext_lazy("The facts and what is disputed"))
    agreed = words_field(gettext_lazy("What was agreed"))
    manner = words_field(gettext_lazy("How it is performed"), max_length=600)
    perform_by = forms.DateField(
        label=gettext_lazy("To be performed by"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_FAULTS,
    )  # fmt: skip

    def build(self) -> None:
        self.fields["dispute"].initial = told_in(self.case)
        self.fields["agreed"].initial = writing.said_at(self.case, "reach_agreement").get("text", "")
        self.fields["perform_by"].initial = self.case.mediation.perform_by


class IssueMediationEnd(Writing):
    verb = "issue_mediation_end"
    intro = gettext_lazy("Nothing anybody admitted or offered belongs into it.")
    dispute = words_field(gettext_lazy("What the dispute is about"))
    reason = words_field(gettext_lazy("Why it ended"), max_length=300)
    ways = words_field(gettext_lazy("The ways that remain"), max_length=600)

    def build(self) -> None:
        refused = writing.said_at(self.case, "refuse_mediation")
        told = refused or writing.said_at(self.case, "fail_mediation")
        self.fields["dispute"].initial = told_in(self.case)
        self.fields["reason"].initial = "一方当事人明确拒绝调解。" if refused else "经调解，双方未能达成协议。"
        self.fields["ways"].initial = told.get("where", "") or USUAL_WAYS


class IssueMandateDone(ActForm):
    verb = "issue_mandate_done"
    handed = words_field(gettext_lazy("How the person got the result"), max_length=300)

    def build(self) -> None:
        self.fields["handed"].initial = "本人到窗口领取。"

    def perform(self, *, by: User, now: datetime):
        return mandates.issue_mandate_done(self.case, **self.said(), by=by, now=now)


FORMS = (CallBack, IssueAnswer, IssueAgreement, IssueMediationEnd, IssueMandateDone)
