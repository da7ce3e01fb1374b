"""An application from the internet while it is being filled in: which questions it has, what was answered, what follows.

Nothing is stored here until it is sent. What was answered travels in one field of the form, sealed under the master key, so
that it can be neither read on the way nor altered; it ends after half a day.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials.privacy.keys import KeyUnknown, keyring
from requests import online, particulars
from requests.forms import resident as forms
from requests.intake import AUTHORITY_LINE, Handed
from requests.item_needs import needs_id
from requests.models import Applicant, MaterialReceipt
from requests.persons import Person
from services.models import Edition, Material, Particular, Situation

IdState = Applicant.IdState
State = MaterialReceipt.State
OPEN_FOR = timedelta(hours=12)
SEALED_AT_MOST = 20_000  # characters; all answers together need a few hundred
BEFORE, CHECK = "before", "check"
SITUATION = "situation-"
CHINESE = "zh-hans"  # the language of what is stored; the page may have been read in English

FORMS: dict[str, type[forms.StepForm]] = {
    "whom": forms.WhomForm,
    "representative": forms.RepresentativeForm,
    "name": forms.NameForm,
    "identity": forms.IdentityForm,
    "phone": forms.PhoneForm,
    "village": forms.VillageForm,
    "details": forms.DetailsForm,
    "cases": forms.CasesForm,
    "papers": forms.PapersForm,
}


class NotOurs(Exception):
    """The sealed field is not one of ours, belongs to another page, or is too old."""


@dataclass
class Application:
    """The form of one resident for one item. `answers`: step → what its form kept."""

    edition: Edition
    situations: list[Situation]
    materials: list[Material]
    token: str
    begun_at: datetime
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    # -- which questions -------------------------------------------------------------------------------------------

    @property
    def for_somebody(self) -> bool:
        return self.answers.get("whom", {}).get("whom") == forms.SOMEBODY

    def steps(self) -> list[str]:
        """The questions of this item in their order, as far as the answers so far tell."""
        found = [f"{SITUATION}{situation.key}" for situation in self.situations]
        found.append("whom")
        if self.for_somebody:
            found.append("representative")
        found.append("name")
        if needs_id(self.materials):
            found.append("identity")
        found += ["phone", "village"]
        if self.asked():
            found.append("details")
        if self._conditional():
            found.append("cases")
        if self.to_bring():
            found.append("papers")
        return found

    def next_step(self) -> str:
        """The first question without an answer, or the page where everything is checked."""
        return next((step for step in self.steps() if step not in self.answers), CHECK)

    def reached(self, step: str) -> str:
        """The page of that name where it can be answered already; else the first question without an answer."""
        waiting = self.next_step()
        known = [BEFORE, *self.steps(), CHECK]
        return step if step in known and known.index(step) <= known.index(waiting) else waiting

    def step_before(self, step: str) -> str:
        """Where "back" leads."""
        steps = [BEFORE, *self.steps(), CHECK]
        return steps[max(steps.index(step) - 1, 0)] if step in steps else BEFORE

    def form(self, step: str, data: Any = None, *, now: datetime, demo: bool) -> forms.StepForm:
        """The form of one question, with what was answered before."""
        about = forms.About(township=self.edition.office.township, today=timezone.localdate(now), demo=demo, for_somebody=self.for_somebody)
        about.situation = self._situation(step)
        about.particulars = self.asked()
        about.materials = self._conditional() if step == "cases" else self.to_bring()
        kind = forms.SituationForm if about.situation else FORMS[step]
        return kind(data, about=about, initial=self.answers.get(step))

    def keep(self, step: str, answer: dict[str, Any]) -> None:
        """Keep an answer. What hangs on another answer than before is asked anew."""
        changed = self.answers.get(step) not in (None, answer)
        self.answers[step] = answer
        if changed and step == "whom":
            for hanging in ("representative", "name", "identity", "village"):
                self.answers.pop(hanging, None)
        if changed and step == "cases":
            self.answers.pop("papers", None)

    # -- what follows from the answers --------------------------------------------------------------------------------

    def situation_of(self, step: str) -> tuple[Situation, str] | None:
        """A question of the item with the words that were chosen."""
        situation = self._situation(step)
        if situation is None or step not in self.answers:
            return None
        return situation, situation.options[int(self.answers[step]["reply"])]

    def to_bring(self) -> list[Material]:
        """What is needed in this case: nothing where we look it up ourselves."""
        chosen = set(self.answers.get("cases", {}).get("ticked", []))
        return [m for m in self.materials if m.form != Material.Form.SHARED and (not m.is_conditional or str(m.pk) in chosen)]

    def asked(self) -> list[Particular]:
        """What the item alone wants to know with the application."""
        return particulars.of(self.edition, particulars.Stage.INTAKE)

    def details(self) -> dict[str, str]:
        """The replies to it, label → words."""
        return dict(self.answers.get("details", {}))

    def person(self) -> Person:
        """The applicant as stated. Nobody has seen a card: the window checks it."""
        said = self.answers
        identity, phone = said.get("identity", {}), said["phone"]
        number = identity.get("id_number", "")
        village = said["village"]["village"]
        return Person(
            name=said["name"]["name"],
            id_type="id_card" if number else "",
            id_number=number,
            id_state=identity.get("id_state", IdState.NOT_NEEDED),
            phone=phone["phone"],
            village_id=None if village == forms.ELSEWHERE else int(village),
            wants_sms=bool(phone["wants_sms"]),
            representative=self._representative(),
        )

    def handed(self) -> dict[int | str, Handed]:
        """The checklist: everything is still to be brought, because nothing comes through the internet."""
        lines: dict[int | str, Handed] = {material.pk: Handed(State.MISSING) for material in self.to_bring()}
        if self.for_somebody:
            lines[AUTHORITY_LINE] = Handed(State.NOT_NEEDED if self._is_guardian() else State.MISSING)
        return lines

    def words(self) -> str:
        """What the window reads about it: the replies to the item's questions and what is at hand, in Chinese."""
        with translation.override(CHINESE):
            lines = [f"{s.question} {reply}" for s, reply in filter(None, map(self.situation_of, self.steps()))]
            at_hand = set(self.answers.get("papers", {}).get("ticked", []))
            have = [m.name for m in self.to_bring() if str(m.pk) in at_hand]
            lack = [m.name for m in self.to_bring() if str(m.pk) not in at_hand]
            if have:
                lines.append(_("At hand by the applicant's own word: %(names)s") % {"names": _(", ").join(have)})
            if lack:
                lines.append(_("Still to be got: %(names)s") % {"names": _(", ").join(lack)})
            return "\n".join(lines)

    def _representative(self) -> dict[str, str]:
        if not self.for_somebody:
            return {}
        said = self.answers["representative"]
        with translation.override(CHINESE):
            found = {"name": said["rep_name"], "relation": str(forms.RELATIONS[said["relation"]]), "phone": self.answers["phone"]["phone"]}
        found["basis"] = "guardian" if self._is_guardian() else "missing"
        return {key: value for key, value in found.items() if value}

    def _is_guardian(self) -> bool:
        return self.answers.get("representative", {}).get("relation") == "guardian"

    def _conditional(self) -> list[Material]:
        return [m for m in self.materials if m.is_conditional and m.form != Material.Form.SHARED]

    def _situation(self, step: str) -> Situation | None:
        return next((s for s in self.situations if step == f"{SITUATION}{s.key}"), None)

    # -- on its way between two pages ---------------------------------------------------------------------------------

    def sealed(self) -> str:
        """The one hidden field."""
        return seal("apply", self.edition.item.code, self.token, self.begun_at, {"edition": self.edition.pk, "answers": self.answers})


def begin(edition: Edition, now: datetime) -> Application:
    """A fresh form."""
    return Application(edition, _rows(edition.situations.all()), _rows(edition.materials.all()), online.new_token(), now)


def take_up(text: str, code: str, edition: Edition | None, now: datetime) -> tuple[Application, bool]:
    """The form as the last page left it, and whether it is still asked under `edition`, the text in force.

    A form that was sent already keeps the text it was sent under, whatever became of the item. In a form not yet sent a
    new text may ask other things: the person stays answered, the questions of the item are asked anew. Raises NotOurs.
    """
    token, begun_at, content = unseal(text, "apply", code, now)
    is_same = edition is not None and content["edition"] == edition.pk
    if not is_same and online.sent_before(token):
        edition, is_same = online.edition_as_begun(content["edition"]), True
    if edition is None:
        raise NotOurs
    application = begin(edition, now)
    application.token, application.begun_at = token, begun_at
    for step, answer in content["answers"].items():
        if is_same or (step in FORMS and step not in ("cases", "papers", "details")):
            application.answers[step] = answer
    return application, is_same


def seal(page: str, subject: str, token: str, begun_at: datetime, content: dict[str, Any]) -> str:
    """A hidden field of one page and one item; the names keep it from being carried over to another."""
    whole = {"page": page, "of": subject, "token": token, "at": begun_at.isoformat(), "content": content}
    return keyring().wrap(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def unseal(text: str, page: str, subject: str, now: datetime) -> tuple[str, datetime, dict[str, Any]]:
    """Token, begin and content of a field that `seal` made for this page. Raises NotOurs."""
    if not text.isascii() or len(text) > SEALED_AT_MOST:
        raise NotOurs
    try:
        whole = json.loads(keyring().unwrap(text))
        begun_at = datetime.fromisoformat(whole["at"])
        if (whole["page"], whole["of"]) != (page, subject) or not timedelta(0) <= now - begun_at <= OPEN_FOR:
            raise NotOurs
        return whole["token"], begun_at, whole["content"]
    except (KeyUnknown, ValueError, KeyError, TypeError) as error:
        # A data key of a case is wrapped in the same way; it is no JSON of ours.
        raise NotOurs from error


def _rows(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.position)
