"""Forms of the public notice: what the sheet says of the case, when it was posted, who objects and what was found."""

from datetime import date, datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import User
from requests import persons, steps
from requests.forms.act_form import ActForm, words_field
from requests.forms.day import DayField
from requests.item_needs import asks_meeting
from requests.lifecycle import Refused
from requests.models import PublicNotice, VillageNotice
from requests.public_notice import before, rules, standing, verbs, village
from requests.reasons import say_date, say_moment


class NoticeForm(ActForm):
    """A verb of `public_notice.verbs` instead of the common ones."""

    def perform(self, *, by: User, now: datetime):
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)


class BeginPublicNotice(NoticeForm):
    """Only the fields the edition allows; name, village and item come from the case."""

    verb = "begin_public_notice"
    intro = gettext_lazy(
        "Only what the item allows is posted: no identity or account numbers, phones, illness, disability, nothing of children."
    )

    def build(self) -> None:
        self.places = {f"said_{place}": one for place, one in enumerate(rules.places(self.case.edition))}
        for name, place in self.places.items():
            if place.is_typed:
                self.fields[name] = PlainCharField(label=place.label, max_length=60)
            elif place.source == "village":
                words = _("Group, after %(village)s") % {"village": self.case.village or place.label}
                self.fields[name] = PlainCharField(label=words, max_length=20, required=self.case.village is None)
        self.sheets = list(self._sheets())
        if self.sheets:
            offered = [("", _("a new sheet")), *((one.number, self._named(one)) for one in self.sheets)]
            self.fields["sheet"] = forms.ChoiceField(
                label=_("On which sheet"), choices=offered, required=False, initial=self.sheets[0].number, widget=forms.RadioSelect
            )
        today = timezone.localdate(self.now)
        self.fields["hang_on"] = DayField(label=_("Posted on"), initial=today, help_text=_("This day itself is not counted."))
        if rules.why_not_this_person(self.case.edition, persons.person_of(self.case).id_number, today, of_age=False):
            self.fields["of_age"] = forms.BooleanField(label=_("The person named is of age (18 or older)"), required=False)

    def perform(self, *, by: User, now: datetime):
        """What hangs is the result of the steps before it."""
        sentence = steps.why_not_yet(steps.Road(self.case))
        if sentence:
            raise Refused(sentence, first="note_step")
        return super().perform(by=by, now=now)

    def _sheets(self):
        waiting = PublicNotice.objects.filter(office_id=self.case.office_id, village_id=self.case.village_id, posted_at=None)
        return (one for one in waiting.filter(edition_id=self.case.edition_id) if verbs.may_join(one, self.case))

    def _named(self, notice: PublicNotice) -> str:
        return _("%(number)s, to be posted on %(date)s") % {"number": notice.number, "date": say_date(notice.hang_on)}

    def listing(self) -> list[str]:
        name = rules.hide_one(persons.person_of(self.case).name)
        known = {"name": name, "item": self.case.edition.name}
        return [f"{one.label}: {known[one.source]}" for one in self.places.values() if one.source in known]

    def said(self) -> dict:
        data = self.cleaned_data
        typed = {place.label: data.get(name, "") for name, place in self.places.items()}
        sheet = data.get("sheet", "")
        joined = next((one for one in self.sheets if one.number == sheet), None)
        return {
            "hang_on": joined.hang_on if joined else data["hang_on"], "typed": typed, "sheet": sheet, "of_age": bool(data.get("of_age")),
        }  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        for name, place in self.places.items():
            what = rules.forbidden(cleaned.get(name, ""), place.label)
            if what:
                self.add_error(name, _("This holds %(what)s. That may not be posted.") % {"what": what})
            elif place.source == "village" and not cleaned.get(name) and name not in self.errors and self.case.village is None:
                self.add_error(name, _("Fill this in: it must not be empty."))
        return cleaned


class NotePosted(NoticeForm):
    verb = "note_posted"
    intro = gettext_lazy("The days run from the day on which the sheet really hangs. It counts for every case on the sheet.")
    posted_on = DayField(label=gettext_lazy("Posted on"))

    def build(self) -> None:
        self.fields["posted_on"].initial = timezone.localdate(self.now)

    def clean_posted_on(self) -> date:
        if self.cleaned_data["posted_on"] > timezone.localdate(self.now):
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["posted_on"]


class LogObjection(NoticeForm):
    verb = "log_objection"
    intro = gettext_lazy("The case is not decided before the objection is settled. Who objects is told to nobody in the village.")
    words = words_field(gettext_lazy("What is objected to"))
    name = PlainCharField(label=gettext_lazy("Who objects"), max_length=60, required=False, help_text=gettext_lazy("May stay unnamed."))
    phone = PlainCharField(label=gettext_lazy("Phone, for the answer"), max_length=30, required=False)


class SettleObjection(NoticeForm):
    verb = "settle_objection"
    intro = gettext_lazy("Settled by somebody who does not handle the case.")
    objection_id = forms.TypedChoiceField(label=gettext_lazy("Which objection"), coerce=int, widget=forms.RadioSelect)
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[("no", gettext_lazy("not upheld: the case goes on")), ("yes", gettext_lazy("upheld: the case comes off the sheet"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = words_field(gettext_lazy("What was found"))

    def build(self) -> None:
        line = verbs.running(self.case)
        waiting = line.objections.filter(settled_at=None) if line else []
        self.fields["objection_id"].choices = [(one.pk, self._named(one)) for one in waiting]
        if len(self.fields["objection_id"].choices) == 1:
            self.fields["objection_id"].initial = self.fields["objection_id"].choices[0][0]

    def _named(self, objection) -> str:
        said = persons.open_for(self.case, objection.sealed, "objection") or {}
        return f"{say_moment(timezone.localtime(objection.at))} · {said.get('text', '')[:120]}"


class EndPublicNotice(NoticeForm):
    verb = "end_public_notice"
    heard = forms.ChoiceField(
        label=gettext_lazy("Were objections raised while it hung?"), widget=forms.RadioSelect,
        choices=(("no", gettext_lazy("none, by phone, at the window or in the village")), ("yes", gettext_lazy("yes"))),
    )  # fmt: skip

    def build(self) -> None:
        line = verbs.running(self.case)
        if line is not None and line.objections.exists():
            del self.fields["heard"]  # they are on record, and settled before this is written down
        is_carried = standing.needed_before(self.case.edition) == standing.FORWARD
        self.intro = _("The last day is over: what came of it is written down, and the case may be carried to the county.") if is_carried \
            else _("The last day is over: what came of it is written down, and the case may be decided.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("heard") == "yes":
            self.add_error("heard", _("First log the objection: somebody else settles it, then this is written down."))
        return cleaned

    def perform(self, *, by: User, now: datetime):
        return verbs.end_public_notice(self.case, by=by, now=now)


class WaivePublicNotice(NoticeForm):
    verb = "waive_public_notice"
    intro = gettext_lazy("Nothing about minors is posted. Only where no identity number tells the age; else the number decides.")
    words = words_field(gettext_lazy("Which paper tells the age"), max_length=200)


class NoteVillageNotice(ActForm):
    """What the village did before the application came to the township."""

    verb = village.VERB
    intro = gettext_lazy("From the village's own report: it is seen or kept before this is written down.")
    hang_on = DayField(label=gettext_lazy("Posted on"))
    last_on = DayField(label=gettext_lazy("Hung until"), help_text=gettext_lazy("This day included."))
    place = PlainCharField(label=gettext_lazy("Where it hung"), max_length=100)
    by_whom = PlainCharField(label=gettext_lazy("Posted and watched by"), max_length=60)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=VillageNotice.Outcome.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("While it hangs the clock of acceptance stands still. When it is over, write down here what came of it."),
    )  # fmt: skip

    def build(self) -> None:
        self.fields["place"].initial = _("notice board of the village")
        step, row = before.wanted(self.case), before.newest(self.case)
        if step is not None and asks_meeting(step):
            self.fields |= {
                "met_on": DayField(label=_("The village met on")),
                "present": forms.IntegerField(label=_("How many came"), min_value=1, max_value=9999),
                "in_favour": forms.IntegerField(label=_("How many were for it"), min_value=0, max_value=9999),
                "result": PlainCharField(label=_("What was resolved"), max_length=200),
            }
            self.order_fields(["seen", "met_on", "present", "in_favour", "result"])
        if row is not None:
            self._as_reported_before(row)

    def _as_reported_before(self, row: VillageNotice) -> None:
        """What is known stays: while it hung its days, its place and the meeting were written down already."""
        known = village.words_of(self.case, row) | {"hang_on": row.hang_on, "last_on": row.last_on}
        for name in known:
            if name in self.fields:
                self.fields[name].initial = known[name]

    def perform(self, *, by: User, now: datetime):
        said = self.said()
        met = {name: said.pop(name, None) for name in ("met_on", "present", "in_favour", "result")}
        meeting = village.Meeting(met["met_on"], met["present"], met["in_favour"], met["result"]) if met["met_on"] else None
        return village.note_village_notice(self.case, **said, meeting=meeting, by=by, now=now)


FORMS = (NoteVillageNotice, WaivePublicNotice, BeginPublicNotice, NotePosted, LogObjection, SettleObjection, EndPublicNotice)
