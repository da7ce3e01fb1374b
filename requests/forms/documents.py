"""Forms of what is done with papers. The paper is chosen from those of the case that are not voided."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import User
from officials.permissions import HEAD, holders
from requests.documents import contents, verbs
from requests.forms.act_form import ActForm, words_field
from requests.models import Delivery, Document
from services.saying import group_phone

Kind = Document.Kind


class OnePaper(ActForm):
    """A verb about one paper."""

    def build(self) -> None:
        self.papers = {str(one.pk): one for one in self.choices()}
        choices = [(key, f"{one.get_kind_display()} {one}") for key, one in self.papers.items()]
        self.fields["document"] = forms.ChoiceField(label=_("Which paper"), choices=choices, widget=forms.RadioSelect)
        self.order_fields(["document"])
        if len(choices) == 1:
            self.fields["document"].initial = choices[0][0]

    def choices(self):
        return self.case.documents.filter(void=None).exclude(kind=Kind.RECEIPT).order_by("-id")

    def said(self) -> dict:
        said = super().said()
        return said | {"document": self.papers[said["document"]]}

    def perform(self, *, by, now):
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)


class Issue(ActForm):
    def perform(self, *, by, now):
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)


class IssueDecision(Issue):
    verb = "issue_decision"
    content = words_field(gettext_lazy("What is decided"))
    basis = words_field(gettext_lazy("Legal basis"), max_length=600)
    validity = PlainCharField(label=gettext_lazy("Valid until or for"), max_length=120)

    def build(self) -> None:
        edition = self.case.edition
        self.fields["content"].initial = contents.decided(self.case)
        self.fields["basis"].initial = "\n".join(edition.bases.values_list("text", flat=True))
        self.fields["validity"].initial = edition.result_validity


class IssueClosing(Issue):
    verb = "issue_closing"
    collect = words_field(gettext_lazy("Where and how it is collected"), max_length=300)
    collect_until = PlainCharField(label=gettext_lazy("Until when"), max_length=120)

    def build(self) -> None:
        office = self.case.intake_office
        self.fields["collect"].initial = f"持身份证到{office}领取,电话{group_phone(office.phone or self.case.township.phone)}"
        self.fields["collect_until"].initial = "工作时间随时可领,没有截止日期"


class IssueOnTheSpot(Issue):
    verb = "issue_on_the_spot"


class IssueDelivery(OnePaper):
    verb = "issue_delivery"
    intro = gettext_lazy("A sheet to take along: what is not known yet is written by hand where the person signs.")
    manner = forms.ChoiceField(label=gettext_lazy("How it is to be delivered"), choices=Delivery.Manner.choices)


class NoteDelivery(OnePaper):
    verb = "note_delivery"
    manner = forms.ChoiceField(label=gettext_lazy("How it was delivered"), choices=Delivery.Manner.choices)
    delivered_at = forms.DateTimeField(
        label=gettext_lazy("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    receiver = PlainCharField(label=gettext_lazy("Who signed for it"), max_length=60, required=False)
    relation = PlainCharField(label=gettext_lazy("In what relation to the addressee"), max_length=60, required=False)
    place = PlainCharField(label=gettext_lazy("Where it was delivered"), max_length=120, required=False)
    refusal = words_field(gettext_lazy("Why it was refused"), required=False, max_length=300)
    witness = PlainCharField(label=gettext_lazy("Who saw it"), max_length=60, required=False)

    def build(self) -> None:
        super().build()
        self.fields["delivered_at"].initial = timezone.localtime(self.now)


class VoidDocument(OnePaper):
    verb = "void_document"
    danger = True
    intro = gettext_lazy("The paper keeps its number and stays in the list, marked. First take back what was handed out.")
    reason = words_field(gettext_lazy("What is wrong with it"))


class UseSeal(OnePaper):
    verb = "use_seal"
    copies = forms.IntegerField(label=gettext_lazy("Copies sealed"), min_value=1, max_value=50, initial=2)
    approved_by = forms.ChoiceField(label=gettext_lazy("Who approved it"))

    def build(self) -> None:
        super().build()
        heads = holders(HEAD, self.case.office)
        self.heads: dict[str, User] = {str(one.pk): one for one in heads}
        self.fields["approved_by"].choices = [(key, one.name) for key, one in self.heads.items()]
        waiting = (key for key, one in self.papers.items() if one.kind in contents.RESULTS and not one.seal_uses.exists())
        self.fields["document"].initial = self.fields["document"].initial or next(waiting, None)

    def choices(self):
        return super().choices().exclude(seal="")

    def said(self) -> dict:
        said = super().said()
        return said | {"approved_by": self.heads[said["approved_by"]]}


FORMS = (IssueDecision, IssueClosing, IssueOnTheSpot, IssueDelivery, NoteDelivery, VoidDocument, UseSeal)
