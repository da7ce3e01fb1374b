"""Forms of carrying to the county and back, of urging, and of handing over between two windows."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import together
from officials.forms import PlainCharField, needed_for
from officials.models import Office, User
from requests import persons, steps
from requests.county import verbs
from requests.documents import contents
from requests.forms import roll
from requests.forms.act_form import ActForm, words_field
from requests.forms.day import MonthField
from requests.forms.particulars import WithTheDecision, name_of
from requests.lifecycle import Refused
from requests.materials import checklist
from requests.models import CountyUrge, Forwarding, MaterialReceipt, Party, ServiceRequest
from requests.printing import wording
from requests.public_notice import standing
from requests.reasons import say_date
from requests.refusing import basis_words, outcome_word, outcomes_of
from requests.roll import rows
from services.models import Material

Outcome = ServiceRequest.Outcome
IN = MaterialReceipt.State.IN


def day_field(label, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class CountyForm(ActForm):
    """A verb of `requests.county.verbs`; days that are asked for begin with today."""

    def build(self) -> None:
        if "on" in self.fields:
            self.fields["on"].initial = timezone.localdate(self.now)

    def perform(self, *, by: User, now: datetime):
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)


class Along(CountyForm):
    """Ticks for what goes along; everything received is ticked to begin with."""

    along = forms.MultipleChoiceField(
        label=gettext_lazy("What goes along"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("These papers stand on the list that is signed for. An original that goes is marked until it is back."),
    )  # fmt: skip

    def build(self) -> None:
        super().build()
        lines = [line for line in checklist(self.case) if line.state == IN and any(line.in_the_file)]
        self.lines = lines
        self.fields["along"].choices = [(line.key, self._named(line)) for line in lines]
        self.fields["along"].initial = [line.key for line in lines]

    @staticmethod
    def _named(line) -> str:
        """What of it lies here and would go: originals, copies. What was only shown has no original here."""
        originals, copies = line.in_the_file
        parts = [_("originals: %(n)s") % {"n": originals}] * bool(originals) + [_("copies: %(n)s") % {"n": copies}] * bool(copies)
        parts += [_("original in the drawer")] * line.original_held
        return f"{line.name} · {' · '.join(parts)}"


class Forward(Along):
    verb = "forward"
    intro = gettext_lazy(
        "The file goes to the body that decides. From now on the time is counted as the county's, and nobody here is late with it."
    )
    PROPOSALS = (
        ("grant", gettext_lazy("to grant it: the public notice is over")),
        ("refuse", gettext_lazy("to refuse it: nothing hangs")),
    )
    to = forms.ChoiceField(label=gettext_lazy("To"))
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=Forwarding.How.choices, widget=forms.RadioSelect)
    field_order = ["to", "how", "proposal", "along", "originals"]

    def build(self) -> None:
        super().build()
        county = Office.objects.filter(township_id=self.case.township_id, kind=Office.Kind.COUNTY).open().order_by("sort", "code")
        self.offices = {office.code: office for office in county}
        named = self.case.edition.implementing_body
        by_name = [code for code, office in self.offices.items() if office.name == named]
        body = [] if by_name else [("", named)]
        self.fields["to"].choices = body + [(code, office.name) for code, office in self.offices.items()]
        self.fields["to"].required = bool(by_name)
        self.fields["to"].initial = by_name[0] if by_name else ""
        self.fields["how"].initial = Forwarding.How.EXCHANGE
        self._ask_for_originals()
        if standing.needed_before(self.case.edition) == standing.FORWARD:
            noticed = standing.of(self.case)
            # 未成年人不公示: nobody signs that a notice is over which never hung.
            none_hung = noticed.over is None and noticed.line is None and not noticed.waits
            grant = ("grant", _("to grant it: by the rule nothing is posted")) if none_hung else self.PROPOSALS[0]
            self.fields["proposal"] = forms.ChoiceField(
                label=_("What we propose"), choices=(grant, self.PROPOSALS[1]), widget=forms.RadioSelect
            )
            self.order_fields(self.field_order)

    def _ask_for_originals(self) -> None:
        """What was taken only to be looked at and given back (验原件退还) goes as a copy, unless somebody says otherwise."""
        held = [line for line in self.lines if line.original_held and not line.is_away]
        if held:
            kept = [line.key for line in held if Material.Custody.RETURNED not in (line.material.custody or ())]
            self.fields["originals"] = forms.MultipleChoiceField(
                label=_("Originals that go too"), choices=[(line.key, line.name) for line in held], initial=kept, required=False,
                widget=forms.CheckboxSelectMultiple, help_text=_("Not ticked: the copy goes, the original stays in the drawer."),
            )  # fmt: skip

    def _proposals(self) -> tuple:
        """Of a minor nothing hangs, and nobody signs that something did."""
        if not standing.was_waived(self.case):
            return self.PROPOSALS
        return (("grant", _("to grant it: by rule nothing is posted of a minor")), self.PROPOSALS[1])

    def listing(self) -> list[str]:
        return steps.say_results(steps.Road(self.case))

    def said(self) -> dict:
        said = super().said()
        is_favourable = said.get("proposal") != "refuse"
        originals = said.get("originals")
        to_office = self.offices.get(said["to"])
        return {
            "how": said["how"], "along": said["along"], "originals": originals, "to_office": to_office, "is_favourable": is_favourable,
        }  # fmt: skip

    def perform(self, *, by: User, now: datetime):
        """A file goes on when the steps of ours are done; one proposed for refusal may need fewer."""
        sentence = steps.why_not_yet(steps.Road(self.case)) if self.said()["is_favourable"] else ""
        if sentence:
            raise Refused(sentence, first="note_step")
        return super().perform(by=by, now=now)


ONE_OF_TWO = gettext_lazy("(one of the two is needed)")


class NoteCountyReceipt(CountyForm):
    verb = "note_county_receipt"
    intro = gettext_lazy("The county's own limit runs from the day it received the file.")
    on = day_field(gettext_lazy("Received there on"))
    receiver = needed_for(PlainCharField(label=gettext_lazy("Received by"), max_length=60, required=False), ONE_OF_TWO)
    number = needed_for(PlainCharField(label=gettext_lazy("Number it was given there"), max_length=60, required=False), ONE_OF_TWO)


class BackWithThem(CountyForm):
    """Whether the originals that went along came back: asked only where some went, and nobody has ticked it before."""

    def build(self) -> None:
        super().build()
        away = [line.name for line in checklist(self.case) if line.is_away]
        if away:
            self.fields["originals_back"] = forms.BooleanField(
                label=_("The originals that went along are back"), required=False, help_text=_(", ").join(away)
            )

    def said(self) -> dict:
        return super().said() | {"originals_back": self.cleaned_data.get("originals_back", False)}


class NoteCountyResult(WithTheDecision, BackWithThem):
    verb = "note_county_result"
    intro = gettext_lazy("Copy it from the county's paper. The county decided; your name stands as who entered it.")
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    on = day_field(gettext_lazy("Decided there on"))
    paper = PlainCharField(label=gettext_lazy("Name of the county's paper"), max_length=80)
    number = PlainCharField(
        label=gettext_lazy("Its number"), max_length=60, required=False, help_text=gettext_lazy("As it stands on the paper.")
    )
    no_number = forms.BooleanField(label=gettext_lazy("The county's paper has no number"), required=False)
    words = words_field(gettext_lazy("Reasons and remarks"), required=False)

    def build(self) -> None:
        super().build()
        edition = self.case.edition
        self.fields["outcome"].choices = [(one, outcome_word(edition, one)) for one in outcomes_of(edition)]
        self.fields["words"].help_text = basis_words(edition)
        self.fields["paper"].initial = edition.result_name
        if not contents.is_on_paper(edition):
            del self.fields["no_number"]
        self._ask_what_is_paid()
        self.ask_particulars()
        roll.ask_who_died(self)

    def _ask_what_is_paid(self) -> None:
        """Where the item pays: the amount; and for the roll the month, and of a household how many."""
        edition = self.case.edition
        opens = edition.roll == edition.Roll.OPENS
        if not opens and Outcome.PAID not in outcomes_of(edition):
            return
        words = _("In the words of the paper, such as “420 yuan a month”.")
        self.fields["amount"] = PlainCharField(label=_("Amount granted"), max_length=80, required=False, help_text=words)
        if opens:
            month = rows.month_after(timezone.localdate(self.now))
            self.fields["from_month"] = MonthField(label=_("Paid from"), required=False, initial=month)
        if opens and edition.is_household:
            many = 1 + sum(one.role == Party.Role.MEMBER for one in persons.parties_of(self.case))
            self.fields["people"] = forms.IntegerField(
                label=_("For how many people"), min_value=1, max_value=30, required=False, initial=many
            )
        for name in ("amount", "from_month", "people"):
            if name in self.fields:
                needed_for(self.fields[name], _("(needed when it is granted)"))

    def clean(self):
        cleaned = roll.clean_who_died(self, super().clean())
        if "no_number" in self.fields and not cleaned.get("number") and not cleaned.get("no_number"):
            self.add_error("number", _("Enter the number of the paper, or tick that it has none."))
        if cleaned.get("outcome") and cleaned["outcome"] != Outcome.REFUSED:
            for name in ("amount", "from_month", "people"):
                if name in self.fields and name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Fill this in: it is granted."))
            self.check_particulars(cleaned)
        return cleaned

    def perform(self, *, by: User, now: datetime):
        with together():
            if self.cleaned_data["outcome"] != Outcome.REFUSED:
                self.note_particulars(by=by, now=now)
            return super().perform(by=by, now=now)

    def said(self) -> dict:
        own = {name_of(row) for row in self.particulars} | set(NOT_OF_THE_VERB)
        said = {name: value for name, value in super().said().items() if name not in own}
        if "amount" not in self.fields or said["outcome"] == Outcome.REFUSED:
            return said
        data = self.cleaned_data
        return said | {"granted": verbs.Granted(data["amount"], data.get("from_month"), data.get("people"))}


NOT_OF_THE_VERB = ("who_died", "no_number", "amount", "from_month", "people")


class CountyReturns(BackWithThem):
    verb = "county_returns"
    intro = gettext_lazy("It is with the township again, and our time goes on where it stood.")
    reason = words_field(gettext_lazy("What the county wants"))


class UrgeCounty(CountyForm):
    verb = "urge_county"
    intro = gettext_lazy("A numbered letter to the county. It is printed, sealed and sent; the answer is recorded here too.")
    what = words_field(gettext_lazy("What is asked"), max_length=500)
    answer_by = day_field(gettext_lazy("Answer by"))

    def build(self) -> None:
        due = self.case.county_due_on
        over = due is not None and due < timezone.localdate(self.now)
        since = f"该件应于{wording.plain_day(due)}前办结，现已超过期限" if over else "该件办理期限将到或已到"
        self.fields["what"].initial = f"{since}，请尽快办结，并书面告知办理进度和预计办结日期。"


class NoteUrgeAnswer(CountyForm):
    verb = "note_urge_answer"
    urge = forms.ChoiceField(label=gettext_lazy("To which letter"), widget=forms.RadioSelect)
    on = day_field(gettext_lazy("Answered on"))
    words = words_field(gettext_lazy("What the county answered"))

    def build(self) -> None:
        super().build()
        urges = CountyUrge.objects.filter(forwarding__service_request=self.case).select_related("document").order_by("-id")
        self.urges = {str(urge.pk): urge for urge in urges}
        self.fields["urge"].choices = [(key, f"{urge.document} · {say_date(urge.answer_by)}") for key, urge in self.urges.items()]
        if urges:
            self.fields["urge"].initial = next(iter(self.urges))

    def said(self) -> dict:
        return super().said() | {"urge": self.urges[self.cleaned_data["urge"]]}


class HandToWindow(Along):
    verb = "hand_to_window"
    intro = gettext_lazy("The papers go to the window of the stationed office, against signature on the list.")


class TakeOver(CountyForm):
    verb = "take_over"
    intro = gettext_lazy("You have the papers of the list in your hands; from now on your office keeps them.")


FORMS = (Forward, NoteCountyReceipt, NoteCountyResult, CountyReturns, UrgeCounty, NoteUrgeAnswer, HandToWindow, TakeOver)
