"""Forms of carrying to the county and back, of urging, and of handing over between two windows."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import Office, User
from requests.county import verbs
from requests.forms import roll
from requests.forms.act_form import ActForm, words_field
from requests.materials import checklist
from requests.models import CountyUrge, Forwarding, MaterialReceipt, ServiceRequest
from requests.printing import wording
from requests.public_notice import standing
from requests.refusing import basis_words, outcomes_of

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
        lines = [line for line in checklist(self.case) if line.material is not None and line.state == IN]
        self.fields["along"].choices = [(line.key, self._named(line)) for line in lines]
        self.fields["along"].initial = [line.key for line in lines]

    @staticmethod
    def _named(line) -> str:
        return _("%(name)s (original in the drawer)") % {"name": line.name} if line.original_held else line.name


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
    field_order = ["to", "how", "proposal", "along"]

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
        if standing.needed_before(self.case.edition) == standing.FORWARD:
            self.fields["proposal"] = forms.ChoiceField(
                label=_("What we propose"), choices=self.PROPOSALS, initial="grant", widget=forms.RadioSelect
            )
            self.order_fields(self.field_order)

    def said(self) -> dict:
        said = super().said()
        is_favourable = said.get("proposal") != "refuse"
        return {"how": said["how"], "along": said["along"], "to_office": self.offices.get(said["to"]), "is_favourable": is_favourable}


class NoteCountyReceipt(CountyForm):
    verb = "note_county_receipt"
    intro = gettext_lazy("The county's own limit runs from the day it received the file.")
    on = day_field(gettext_lazy("Received there on"))
    receiver = PlainCharField(label=gettext_lazy("Received by"), max_length=60, required=False)
    number = PlainCharField(label=gettext_lazy("Number it was given there"), max_length=60, required=False)


class NoteCountyResult(CountyForm):
    verb = "note_county_result"
    intro = gettext_lazy("Copy it from the county's paper. The county decided; your name stands as who entered it.")
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    on = day_field(gettext_lazy("Decided there on"))
    paper = PlainCharField(label=gettext_lazy("Name of the county's paper"), max_length=80)
    number = PlainCharField(label=gettext_lazy("Its number"), max_length=60, required=False)
    words = words_field(gettext_lazy("Reasons and remarks"), required=False)
    originals_back = forms.BooleanField(label=gettext_lazy("The originals that went along are back"), required=False, initial=True)

    def build(self) -> None:
        super().build()
        self.fields["outcome"].choices = [(one, Outcome(one).label) for one in outcomes_of(self.case.edition)]
        self.fields["words"].help_text = basis_words(self.case.edition)
        self.fields["paper"].initial = self.case.edition.result_name
        roll.ask_who_died(self)

    def clean(self):
        return roll.clean_who_died(self, super().clean())

    def said(self) -> dict:
        return {name: value for name, value in super().said().items() if name != "who_died"}


class CountyReturns(CountyForm):
    verb = "county_returns"
    intro = gettext_lazy("It is with the township again, and our time goes on where it stood.")
    reason = words_field(gettext_lazy("What the county wants"))
    originals_back = forms.BooleanField(label=gettext_lazy("The originals that went along are back"), required=False, initial=True)


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
        self.fields["urge"].choices = [(key, f"{urge.document} · {urge.answer_by}") for key, urge in self.urges.items()]
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
