"""The form for an ordinary step of the item: which one, when, what came of it, who took part."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import User
from requests import steps
from requests.forms.act_form import ActForm, words_field
from requests.forms.day import DayField
from requests.lifecycle import DONE as DONE_WITH

DONE, LEFT_OUT = "done", "left_out"


class NoteStep(ActForm):
    verb = "note_step"
    intro = gettext_lazy("The steps of this item in their order. Who decides reads here what came of each.")
    step = forms.ChoiceField(label=gettext_lazy("Which step"), widget=forms.RadioSelect)
    done = forms.ChoiceField(
        label=gettext_lazy("Was it needed?"), initial=DONE, widget=forms.RadioSelect,
        choices=((DONE, gettext_lazy("yes, it was done")), (LEFT_OUT, gettext_lazy("no, not in this case (say why below)"))),
    )  # fmt: skip
    on = DayField(label=gettext_lazy("Done on (step)"))
    words = words_field(
        gettext_lazy("Result of the step"),
        help_text=gettext_lazy("The finding or the opinion, as it goes into the file. If left out: why."),
    )
    who = PlainCharField(
        label=gettext_lazy("Who took part"), max_length=120, required=False,
        help_text=gettext_lazy("Names of those who did it with you, or of the body that answered. Empty: you alone."),
    )  # fmt: skip

    def build(self) -> None:
        self.offered = {str(step.position): step for step in steps.Road(self.case).to_note()}
        self.fields["step"].choices = [(key, self._named(step)) for key, step in self.offered.items()]
        self.fields["step"].initial = next(iter(self.offered), "")
        self.fields["on"].initial = timezone.localdate(self.now)
        if self.case.status in DONE_WITH:
            self.intro = _("What follows the decision. It is not asked for again: it stands open on the case until it is written here.")
            self.fields["words"].help_text = _(
                "What was done here; of a step of another body what was heard of it: from whom, the day, the amount, the number."
            )
            self.fields["who"].help_text = _("Who did it, or who told you of it.")
        if not any(step.condition for step in self.offered.values()):
            del self.fields["done"]

    @staticmethod
    def _named(step) -> str:
        return " · ".join(part for part in (step.title, step.actor, step.output) if part)

    def clean(self):
        cleaned = super().clean()
        step = self.offered.get(cleaned.get("step", ""))
        if step is not None and not step.condition and cleaned.get("done") == LEFT_OUT:
            self.add_error("done", _("This step is needed in every case of this item: only a conditional one can be left out."))
        return cleaned

    def said(self) -> dict:
        said = super().said()
        return {
            "step": self.offered[said["step"]], "on": said["on"], "words": said["words"], "who": said["who"],
            "left_out": said.get("done") == LEFT_OUT,
        }  # fmt: skip

    def perform(self, *, by: User, now: datetime):
        return steps.note_step(self.case, **self.said(), by=by, now=now)


FORMS = (NoteStep,)
