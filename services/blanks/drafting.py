"""Verbs on the forms of a draft. They belong to its text: the same right, the same state, and whoever did one of them wrote it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from officials.models import User
from services.blanks.files import Taken
from services.models import BlankForm, Edition
from services.publication import Overtaken, Refused, in_draft

MOST_FORMS = 12  # of one edition


def mark(blank: BlankForm) -> int:
    """The id of the newest history row: what an editor had before their eyes."""
    return blank.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def add(edition: Edition, *, title: str, material: str, taken: Taken, by: User, now: datetime) -> BlankForm:
    """A further form, at the end. Its places begin as the file proposes them."""
    with in_draft(edition, "add_blank", by=by, now=now) as draft:
        last = draft.blanks.order_by("-position").first()
        if draft.blanks.count() >= MOST_FORMS:
            raise Refused(_("An item has at most %(n)s forms.") % {"n": MOST_FORMS})
        if draft.blanks.filter(title=title, digest=taken.digest, material=material).exists():
            raise Refused(_("This form is here already."))
        blank = BlankForm(
            edition=draft, position=last.position + 1 if last else 1, title=title, material=material, **_file(taken), places=proposed(taken)
        )
        blank.full_clean(validate_constraints=False)
        blank.save()
        return blank


def replace_file(blank: BlankForm, *, taken: Taken, by: User, now: datetime) -> BlankForm:
    """Another file in its place. Places on pages that are gone go with them; a form without places takes the proposed ones."""
    with in_draft(blank.edition, "replace_blank", by=by, now=now):
        blank = _locked(blank)
        for name, value in _file(taken).items():
            setattr(blank, name, value)
        blank.places = [place for place in blank.places if place["page"] <= len(taken.pages)] or proposed(taken)
        blank.save()
        return blank


def place_names(
    blank: BlankForm, places: Sequence[Mapping[str, Any]], *, title: str, material: str, by: User, now: datetime, seen: int
) -> BlankForm:
    """The named places of a form, its name and its material, as an editor typed them. Raises Overtaken."""
    with in_draft(blank.edition, "place_names", by=by, now=now):
        blank = _locked(blank)
        if seen != mark(blank):
            raise Overtaken(_("Somebody changed this form while you were writing."))
        blank.title, blank.material, blank.places = title, material, [dict(place) for place in places]
        blank.full_clean(exclude=["edition"], validate_constraints=False)
        blank.save()
        return blank


def remove(blank: BlankForm, *, by: User, now: datetime) -> None:
    """The draft has this form no more; published texts keep theirs."""
    with in_draft(blank.edition, "remove_blank", by=by, now=now):
        _locked(blank).delete()


def proposed(taken: Taken) -> list[dict[str, Any]]:
    """The fields of the file as places: the text as high as a field lets it, at most 12 points."""
    return [{**offer, "size": max(8.0, min(12.0, round(offer["height"] * 2))), "rows": 1} for offer in taken.offers]


def _file(taken: Taken) -> dict[str, Any]:
    return {"digest": taken.digest, "pages": taken.pages, "offers": taken.offers}


def _locked(blank: BlankForm) -> BlankForm:
    """Inside the frame of the draft. Taken out by somebody else meanwhile: Refused."""
    found = BlankForm.objects.select_for_update(of=("self",)).filter(pk=blank.pk).first()
    if found is None:
        raise Refused(_("Somebody took this form out while you were writing."))
    return found
