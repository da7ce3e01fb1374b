"""What every form of a verb has in common. The rooms keep their forms in modules of their own; `acts.ACTS` lists them all."""

from datetime import datetime
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from officials.forms import PlainCharField
from officials.models import User
from requests import verbs
from requests.models import ServiceRequest

Text = str | Promise
WORDS = 1000
GROW = "one_more"  # the button that asks for one more line and does nothing else


def words_field(label: Text, *, required: bool = True, help_text: Text = "", max_length: int = WORDS) -> PlainCharField:
    return PlainCharField(label=label, max_length=max_length, multiline=True, required=required, help_text=help_text)


class ActForm(forms.Form):
    """A verb about to be done. `seen` is the state the page showed, to tell "impossible" from "somebody was faster"."""

    verb = ""
    intro: Text = ""
    button: Text = ""
    danger = False
    template = "requests/case/act.html"
    grows = False  # has lines, of which there can be more than at first
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=18)

    def __init__(self, *args, case: ServiceRequest, user: User, now: datetime, **kwargs):
        kwargs.setdefault("initial", {"seen": case.status})
        super().__init__(*args, **kwargs)
        self.case, self.user, self.now = case, user, now
        self.build()

    @classmethod
    def shaped(cls, sent: QueryDict, **options: Any) -> Self:
        """An unbound form with room for what was typed before; with GROW in it, for one line more."""
        return cls(**options)

    def build(self) -> None:
        """Fields that depend on the case."""

    def listing(self) -> list[str]:
        """What the page lists above the fields: what will be told, what goes back."""
        return []

    def said(self) -> dict:
        """The arguments of the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def perform(self, *, by: User, now: datetime):
        """Call the verb. Raises Refused and AlreadyHandled."""
        return getattr(verbs, self.verb)(self.case, **self.said(), by=by, now=now)
