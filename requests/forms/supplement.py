"""The forms around acceptance: the list of what is missing, a second one and its approval, written promises, accepting itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import together
from officials.models import User
from requests import guardians, particulars, verbs
from requests.forms import particulars as fields
from requests.forms.act_form import ActForm, words_field
from requests.item_needs import helps_first
from requests.materials import Line, lines_to_tell, missing_lines
from requests.models import MaterialReceipt, SupplementNotice, WrittenPromise
from requests.public_notice import before
from requests.reasons import say_moment
from requests.supplement import notices, papers, promises, second
from requests.supplement.notices import Telling
from requests.supplement.promises import Promised

State = MaterialReceipt.State
LINE_WORDS = 200


def day_field(label: Any, *, required: bool, initial: Any = None, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, initial=initial, help_text=help_text, widget=widget)


class Accept(ActForm):
    """The day it counts from is on the page; a promise is asked for only where one is possible, and the choice is free."""

    verb = "accept"
    intro = gettext_lazy("The promised and the legal limit start as the item says, and the applicant is told.")

    def build(self) -> None:
        missing = missing_lines(self.case)
        self.owed = missing if promises.may_all_come_later(missing, self.case.edition) else []
        if self.owed:
            if not helps_first(self.case.edition):
                self.fields["is_signed"] = forms.BooleanField(
                    label=_("The applicant has promised in writing to bring the rest, and knows what follows otherwise")
                    if self.case.edition.supplement_withdraws
                    else _("The applicant has promised in writing to bring the rest"),
                    error_messages={"required": _("Without the written promise the case cannot be accepted with materials missing.")},
                )
            day = promises.last_day(self.case, self.now)
            self.fields["later_by"] = day_field(_("To be brought by"), required=True, initial=day, help_text=self._what_follows())
        if guardians.asks_whether_alone(self.case):
            label = _("The applicant is 16 or 17 and lives mainly on the own work (Civil Code, 18): no guardian is needed")
            self.fields["acts_alone"] = forms.BooleanField(label=label, required=False)
        self.particulars = particulars.lacking(self.case, particulars.Stage.INTAKE)
        fields.add_to(self, self.particulars, required=True)
        if self.case.edition.offers_promise:
            choices = [("no", _("not chosen: everything is shown now")), ("yes", _("chosen: promised in writing, checked afterwards"))]
            self.fields["declared"] = forms.ChoiceField(
                label=_("Written promise instead of proof (the applicant's own choice)"), choices=choices, widget=forms.RadioSelect
            )

    def _what_follows(self) -> str:
        edition = self.case.edition
        if helps_first(edition):
            return _("The help comes first; the papers are completed afterwards.")
        if edition.supplement_withdraws:
            return _("Later than that the application counts as withdrawn (%(basis)s).") % {"basis": edition.supplement_basis}
        return _("The rule of this item lets nothing follow by itself when it comes later.")

    def listing(self) -> list[str]:
        found = [_("Owed: %(name)s") % {"name": line.name} for line in self.owed]
        if self.owed and not helps_first(self.case.edition):
            found.append(_("It is accepted before these are here (容缺受理). Who does not wish to promise it brings them first."))
        whole_at = notices.whole_at(self.case)
        if whole_at is not None:
            at = say_moment(timezone.localtime(whole_at))
            found.append(_("Day of acceptance: %(at)s, when the last of what was missing came in.") % {"at": at})
        body = papers.written_by(self.case, papers.K.ACCEPTANCE)
        if body and not self.owed:
            found.append(_("The notice of acceptance is written by %(body)s, not here.") % {"body": body})
        return found

    def perform(self, *, by: User, now: datetime):
        with together():
            if self.particulars:
                particulars.note_particulars(self.case, fields.said_in(self, self.particulars), by=by, now=now)
            return super().perform(by=by, now=now)

    def said(self) -> dict:
        data = self.cleaned_data
        declared = {"yes": True, "no": False}.get(data.get("declared", ""))
        promised = Promised(bool(data.get("is_signed")), data.get("later_by"), declared)
        return {"promised": promised, "acts_alone": bool(data.get("acts_alone"))}


class ListForm(ActForm):
    """One field for each line of the checklist: what is wrong with it. A line that was in order goes on the list by words alone."""

    act: Callable[..., Any]
    how = forms.ChoiceField(
        label=gettext_lazy("How it is told"), choices=SupplementNotice.How.choices, initial=SupplementNotice.How.COUNTER,
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip

    def build(self) -> None:
        self.lines = [line for line in lines_to_tell(self.case) if not (line.original_held and line.state == State.IN)]
        typed = self.typed_before()
        for line in sorted(self.lines, key=lambda line: not line.is_missing):
            self.fields[f"wrong_{line.key}"] = words_field(
                self._label(line), required=line.state == State.FAULTY, max_length=LINE_WORDS, help_text=self._hint(line)
            )
            self.fields[f"wrong_{line.key}"].widget.attrs["rows"] = 2
            self.fields[f"wrong_{line.key}"].initial = typed.get(line.key, "")
        edition = self.case.edition
        if edition.supplement_basis:
            day = notices.last_day(edition, self.case.township_id, self.now)
            self.fields["answer_by"] = day_field(
                _("To be brought by"), required=edition.supplement_withdraws, initial=day,
                help_text=_("As the rule of this item allows: %(basis)s") % {"basis": edition.supplement_basis},
            )  # fmt: skip
        else:
            self.fields["answer_by"] = day_field(
                _("To be brought by, if possible"), required=False,
                help_text=_("No rule of this item sets a day. A working day may be asked for; nothing follows when it passes."),
            )  # fmt: skip
        wrong = [name for name in self.fields if name.startswith("wrong_")]
        self.order_fields(["seen", "cause", "facts", *wrong, "answer_by", "how", "words"])

    def typed_before(self) -> dict[str, str]:
        """What was wrong with each line as somebody wrote it last time."""
        return {}

    @staticmethod
    def _label(line: Line) -> str:
        if line.is_missing:
            return f"{line.name} · {line.state_words}"
        return _("%(name)s · %(state)s: what is wrong with it after all") % {"name": line.name, "state": line.state_words}

    @staticmethod
    def _hint(line: Line) -> str:
        if not line.is_missing:
            return _("Leave it empty when it is in order. Any words put it on the list.")
        wanted = (line.material.accept_standard or line.material.fill_explain) if line.material is not None else ""
        if wanted:
            return _("What is wanted: %(what)s") % {"what": wanted}
        return _("What is lacking and how it has to be, such as “page 3”, “signed by himself”. Empty: the whole of it is missing.")

    def listing(self) -> list[str]:
        body = papers.written_by(self.case, papers.K.SUPPLEMENT)
        if not body:
            return []
        sentence = _(
            "The paper “补正告知书” bears the name of %(body)s, which has not got this case yet. Who checks the file tells what is "
            "missing: write it here, then print the receipt, which lists it all, and give it to the person."
        )
        return [sentence % {"body": body}]

    def telling(self) -> Telling:
        data = self.cleaned_data
        wrong = {line.key: data[f"wrong_{line.key}"] for line in self.lines if data.get(f"wrong_{line.key}")}
        also = tuple(line.key for line in self.lines if line.key in wrong and not line.is_missing)
        return Telling(data["how"] or SupplementNotice.How.COUNTER, data.get("answer_by"), wrong, also)

    def said(self) -> dict:
        return {"telling": self.telling(), "words": self.cleaned_data["words"]}

    def perform(self, *, by: User, now: datetime):
        return type(self).act(self.case, **self.said(), by=by, now=now)


class AskMaterials(ListForm):
    verb = "ask_materials"
    act = verbs.ask_materials
    intro = gettext_lazy("The applicant is told everything at once, and only once. Look through the list before you send it.")
    words = words_field(
        gettext_lazy("What else the applicant should know"), required=False,
        help_text=gettext_lazy("Stands at the end of the list, such as where a proof is to be had and when to come."),
    )  # fmt: skip


class CorrectNotice(ListForm):
    verb = "correct_notice"
    act = second.correct_notice
    intro = gettext_lazy("A new list takes the place of the one just told; the old paper is void. Take it back from the applicant.")
    words = words_field(gettext_lazy("What else the applicant should know"), required=False)

    def build(self) -> None:
        super().build()
        missing = [(line.key, line.name) for line in self.lines if line.is_missing and line.key != before.LINE]
        self.fields["off"] = forms.MultipleChoiceField(
            label=_("Take off the list: not needed after all"), choices=missing, required=False, widget=forms.CheckboxSelectMultiple
        )

    def typed_before(self) -> dict[str, str]:
        notice = notices.current(self.case)
        return {row.key: notices.wrong_with(self.case, row) for row in notice.lines.all()} if notice else {}

    def said(self) -> dict:
        off = tuple(self.cleaned_data["off"])
        telling = self.telling()
        wrong = {key: words for key, words in telling.wrong.items() if key not in off}
        return {"telling": Telling(telling.how, telling.answer_by, wrong, telling.also), "off": off, "words": self.cleaned_data["words"]}


class AcknowledgeNotice(ActForm):
    verb = "acknowledge_notice"
    how = forms.ChoiceField(
        label=gettext_lazy("How"), choices=SupplementNotice.Acknowledged.choices, initial=SupplementNotice.Acknowledged.SIGNED,
        widget=forms.RadioSelect,
    )  # fmt: skip

    def perform(self, *, by: User, now: datetime):
        return second.acknowledge_notice(self.case, self.cleaned_data["how"], by=by, now=now)


class AskAgain(ListForm):
    verb = "ask_again"
    act = second.ask_again
    intro = gettext_lazy(
        "What is missing was told once already. A second list goes to the head of the office; until the head agrees nothing is told and "
        "the clock runs on."
    )
    cause = forms.ChoiceField(label=gettext_lazy("Why only now"), choices=SupplementNotice.Cause.choices, widget=forms.RadioSelect)
    facts = words_field(gettext_lazy("Facts and basis: what was found or changed, and when"))

    def said(self) -> dict:
        return {"cause": self.cleaned_data["cause"], "facts": self.cleaned_data["facts"], "telling": self.telling()}


class OfTheRequest(ActForm):
    """What was asked for, as the head reads it before deciding."""

    def listing(self) -> list[str]:
        notice = notices.pending(self.case)
        if notice is None:
            return []
        names = {line.key: line.name for line in lines_to_tell(self.case)}
        found = [_("Asked for by %(name)s: %(cause)s") % {"name": notice.requested_by.name, "cause": notice.get_cause_display()}]
        facts = notices.words_of(notice).get("facts")
        if facts:
            found.append(_("Facts: %(facts)s") % {"facts": facts})
        for row in notice.lines.select_related("material"):
            wrong = notices.wrong_with(self.case, row)
            found.append(" · ".join(filter(None, (names.get(row.key, row.key), str(row.get_state_display()), wrong))))
        return found


class ApproveSecondNotice(OfTheRequest):
    verb = "approve_second_notice"
    intro = gettext_lazy(
        "With your approval it is told and the clock waits. Only “forgotten” counts as a fault, of the person who told the first list."
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("The cause, as you find it"), choices=SupplementNotice.Cause.choices, widget=forms.RadioSelect
    )

    def perform(self, *, by: User, now: datetime):
        return second.approve_second_notice(self.case, cause=self.cleaned_data["cause"], by=by, now=now)


class RefuseSecondNotice(OfTheRequest):
    verb = "refuse_second_notice"
    intro = gettext_lazy("Nothing is told to the applicant. What is missing then has to be found without the applicant, or is not needed.")
    reason = words_field(gettext_lazy("Why not"))

    def perform(self, *, by: User, now: datetime):
        return second.refuse_second_notice(self.case, reason=self.cleaned_data["reason"], by=by, now=now)


class ReplyToFault(ActForm):
    verb = "reply_to_fault"
    intro = gettext_lazy("Your reply is kept beside the fault and read by those who judge it.")
    words = words_field(gettext_lazy("What there is to say"))

    def perform(self, *, by: User, now: datetime):
        return second.reply_to_fault(self.case, self.cleaned_data["words"], by=by, now=now)


class ReviewFault(ActForm):
    verb = "review_fault"
    intro = gettext_lazy("“Forgotten”: the fault stands. Any other cause: it is taken back and booked to nobody.")
    cause = forms.ChoiceField(
        label=gettext_lazy("The cause, as you find it"), choices=SupplementNotice.Cause.choices, widget=forms.RadioSelect
    )
    reason = words_field(gettext_lazy("Why"))

    def listing(self) -> list[str]:
        notice = second.fault_to_review(self.case)
        if notice is None:
            return []
        words = notices.words_of(notice)
        said = ((notice.fault_of.name, "reply"), (_("Facts given"), "facts"))
        return [f"{label}: {words[key]}" for label, key in said if words.get(key)]

    def perform(self, *, by: User, now: datetime):
        return second.review_fault(self.case, self.cleaned_data["cause"], self.cleaned_data["reason"], by=by, now=now)


class VerifyPromise(ActForm):
    verb = "verify_promise"
    intro = gettext_lazy(
        "Untrue: the decision has to be revoked. That is written down here and told to the applicant; the decision itself is a paper of "
        "its own."
    )
    verified = forms.ChoiceField(
        label=gettext_lazy("What was promised is"), choices=WrittenPromise.Verified.choices, widget=forms.RadioSelect
    )
    words = words_field(gettext_lazy("What was looked at and found"), required=False)

    def perform(self, *, by: User, now: datetime):
        return promises.verify_promise(self.case, self.cleaned_data["verified"], words=self.cleaned_data["words"], by=by, now=now)


FORMS = (
    Accept, AskMaterials, CorrectNotice, AcknowledgeNotice, AskAgain, ApproveSecondNotice, RefuseSecondNotice, ReplyToFault, ReviewFault,
    VerifyPromise,
)  # fmt: skip
