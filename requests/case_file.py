"""What the page of a case offers: what may be done now, and what not, and why.

Everything is text that was prepared here, so that the template asks no question of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import User
from requests import before_acceptance, extending, lifecycle, own_limits, particulars, parties, passing_on, persons, special
from requests.archive import next_step
from requests.county.meant import STEPS, meant
from requests.documents.contents import is_decision_due, result_paper
from requests.exchanging import why_not_exchanged
from requests.item_needs import village_notice_step
from requests.joint.tasks import still_open
from requests.lifecycle import TRANSITIONS
from requests.materials import Line, told_once, village_line
from requests.models import Demand, MaterialReceipt, Party, ServiceRequest, Task
from requests.permissions import tasks_of
from requests.procedures import procedures_of
from requests.public_notice import before, standing, village
from requests.public_notice import verbs as notice_verbs
from requests.reasons import say_moment
from requests.steps import Road, wants_visit, why_not_yet
from requests.supplement import offers
from requests.supplement.promises import may_all_come_later

S = ServiceRequest.Status
State = MaterialReceipt.State

# The order of the buttons; the first possible one of NEXT is the button of the page.
ORDER = (
    "dispatch", "solve_on_the_spot",
    "sign_for", "tie_case",
    "first_contact", "co_answer", "answer_demand", "close_demand", "call_back", "rework", "keep_following", "extend_demand",
    "return_demand", "designate", "to_mediation", "show_the_way",
    "note_consent", "name_mediator", "reach_agreement", "note_performance", "fail_mediation", "tell_police", "refuse_mediation",
    "arrive", "note_particulars", "accept", "start", "confirm_start",
    "note_village_notice", "begin_public_notice", "note_posted", "settle_objection", "end_public_notice",
    "record_visit", "note_step", "finish_task", "begin_task", "skip_task",
    "take_over", "hand_to_window", "forward", "note_county_receipt", "note_county_result",
    "decide", "issue_decision", "use_seal", "close", "bring_result",
    "answer", "promise_call", "approve_second_notice", "refuse_second_notice", "take_materials", "take_owed", "ask_materials",
    "correct_notice", "acknowledge_notice", "ask_again", "verify_promise", "reply_to_fault", "review_fault",
    "begin_procedure", "end_procedure", "ask_extension", "extend", "refuse_extension", "remove_extension", "make_promised",
    "add_note", "log_objection", "waive_public_notice", "urge", "assign",
    "give_task",
    "hand_over", "give_back",
    "note_household", "note_authorisation", "note_in_person", "note_relatives", "add_party", "change_party", "remove_party",
    "print_authorisation",
    "return_original", "send_original", "original_back",
    "note_upper_number", "renew_secret", "correct", "change_item", "not_ours", "refuse_intake",
    "withdraw", "terminate", "void", "anonymise",
)  # fmt: skip
NEXT = {
    S.AT_VILLAGE: ("arrive",),
    S.RECEIVED: ("approve_second_notice", "take_over", "hand_to_window", "accept", "ask_materials", "answer", "dispatch", "note_consent"),
    S.DISPATCHED: ("sign_for",),
    S.FOLLOWING: ("answer_demand",),
    S.AWAITING_MATERIALS: ("take_materials",),
    S.ACCEPTED: ("take_over", "hand_to_window", "confirm_start", "start", "first_contact", "answer_demand", "name_mediator"),
    S.IN_HAND: (
        "take_over", "note_county_receipt", "note_county_result", "decide", "forward", "settle_objection", "finish_task",
        "end_public_notice", "note_posted", "answer", "answer_demand", "reach_agreement",
    ),
    S.DECIDED: ("issue_decision", "use_seal", "original_back", "return_original", "close", "close_demand", "note_performance"),
}
ENDED = ("return_original", "original_back", "take_owed", "settle_objection", "end_public_notice", "note_posted", "call_back")
# Offered in the panel of their room, beside what they are about, and not among the steps of the case.
IN_PANELS = frozenset({
    "plan_visit",
    "county_returns", "urge_county", "note_urge_answer",
    "issue_answer", "issue_agreement", "issue_mediation_end", "issue_mandate_done",
    "issue_closing", "issue_on_the_spot", "issue_delivery", "note_delivery", "void_document",
    "entrust", "suspend_mandate", "resume_mandate", "end_mandate",
    "assemble_volume", "list_volume", "close_volume", "check_volume", "supplement_volume", "box_volume", "lend_volume",
    "return_volume", "recall_volume",
})  # fmt: skip
# Behind the road, in the order of the page: what belongs to the same thing stands together.
GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("The clock"), frozenset({
        "begin_procedure", "end_procedure", "ask_extension", "extend", "remove_extension", "make_promised", "confirm_start",
    })),
    (gettext_lazy("Lists of missing materials"), frozenset({
        "correct_notice", "acknowledge_notice", "ask_again", "verify_promise", "reply_to_fault", "review_fault",
    })),
    (gettext_lazy("People in the case"), frozenset({
        "note_household", "note_authorisation", "note_in_person", "note_relatives", "add_party", "change_party", "remove_party",
        "print_authorisation", "correct",
    })),
    (gettext_lazy("Public notice"), frozenset({
        "note_village_notice", "begin_public_notice", "note_posted", "log_objection", "settle_objection", "end_public_notice",
        "waive_public_notice",
    })),
    (gettext_lazy("Tasks of other offices"), frozenset({"begin_task", "skip_task", "give_task"})),
    (gettext_lazy("Originals"), frozenset({"return_original", "send_original", "original_back"})),
    (gettext_lazy("Who works on it"), frozenset({"urge", "assign", "hand_over", "give_back"})),
    (gettext_lazy("Number and code"), frozenset({"note_upper_number", "renew_secret"})),
    (gettext_lazy("Other endings"), frozenset({
        "change_item", "not_ours", "refuse_intake", "withdraw", "terminate", "void", "anonymise", "refuse_mediation", "fail_mediation",
        "show_the_way", "return_demand",
    })),
)  # fmt: skip
_GROUP_OF = frozenset(name for _label, names in GROUPS for name in names)
# A verb of tasks is offered while there is a task it could be about.
TASK_VERBS = {
    "begin_task": (Task.Status.WAITING,), "skip_task": Task.UNSETTLED, "finish_task": (Task.Status.OPEN,),
    "give_task": (Task.Status.OPEN,),
}  # fmt: skip
OF_PEOPLE = frozenset({
    "note_household", "note_authorisation", "note_in_person", "note_relatives", "change_party", "remove_party", "print_authorisation",
})  # fmt: skip
BY_BUTTON = frozenset({"start", "sign_for"})
DANGER = frozenset({
    "fail_mediation", "refuse_mediation", "show_the_way", "return_demand", "rework", "refuse_intake", "withdraw", "terminate", "void",
    "anonymise",
})  # fmt: skip


def moment(at: datetime | None) -> str:
    return say_moment(timezone.localtime(at)) if at else ""


# -- what may be done -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Action:
    """A verb the reader may do now."""

    name: str
    label: str
    url: str
    is_next: bool = False
    at_once: bool = False
    danger: bool = False


@dataclass
class Greyed:
    """Verbs that are not possible, together under their common reason."""

    reason: str
    labels: list[str] = field(default_factory=list)


@dataclass
class Moves:
    """`beside`: what stands beside the buttons, because it is the reason why the next one is not yet the expected one."""

    possible: list[Action]
    greyed: list[Greyed]
    beside: str = ""

    @property
    def at_hand(self) -> list[Action]:
        """The road of the case: buttons."""
        return [action for action in self.possible if action.is_next or action.name not in _GROUP_OF]

    @property
    def further(self) -> list[tuple[str, list[Action]]]:
        """What is rarely meant, under the heading of what it is about."""
        found = [(str(label), [one for one in self.possible if one.name in names and not one.is_next]) for label, names in GROUPS]
        return [(label, actions) for label, actions in found if actions]


def moves(case: ServiceRequest, user: User, lines: list[Line], now: datetime) -> Moves:
    """Every verb of this kind of case, possible or greyed with its reason. What nobody could mean is left out."""
    refused = lifecycle.may(case, user)
    noticed = standing.of(case)
    people = persons.parties_of(case) if case.has_checklist else []
    pointless, not_now = offers.of(case, user, lines, now)
    lacking = before_acceptance.lacking(case) if case.status in lifecycle.UNACCEPTED else []
    carried = meant(case)
    road = Road(case)
    is_more_asked = "extend" in refused and not refused["extend"] and extending.asked_for(case) is not None
    possible, greyed = [], {}
    for name in ORDER:
        if name == "refuse_extension" and not is_more_asked:
            continue
        if name not in refused or name in IN_PANELS or name in pointless or noticed.is_pointless(name):
            continue
        if name in STEPS and name not in carried:
            continue
        if _is_pointless(name, case, lines, people) or name in ABOUT_STEPS and not ABOUT_STEPS[name](road):
            continue
        label = _labelled(name, case, road)
        reason = refused[name] or not_now.get(name, "") or not_yet(name, lines, case)
        reason = reason or noticed.not_yet(name, timezone.localdate(now)) or _not_by_the_holder(name, case, user)
        reason = reason or _not_before_the_steps(name, case, road) or _not_yet_before_acceptance(name, lacking)
        reason = reason or _not_exchanged(name, case, now)
        if reason:
            greyed.setdefault(reason, Greyed(reason)).labels.append(label)
        else:
            possible.append(_action(case, name, label))
    hangs = any(verb == village.VERB for verb, _sentence in lacking) and before.still_hangs(case, timezone.localdate(now))
    first = [verb for verb, _sentence in lacking if verb != village.VERB or not hangs] + _due_in_its_order(case, road, noticed)
    if is_more_asked:
        first.insert(0, "extend")
    if any(one.name == "approve_second_notice" for one in possible):
        first.insert(0, "approve_second_notice")  # it holds up everything else
    # Whatever way a case ended: what lies in the drawer goes back, what has to hang hangs, and then it is filed.
    following = NEXT.get(case.status, ENDED)
    if noticed.is_due_after:
        following = (*following, "begin_public_notice")
    filing = next_step.verb_for(case, user)
    if filing:
        possible.append(_action(case, filing))
        following = (*following, filing)
    if not any(one.name not in _GROUP_OF and one.name != "add_note" for one in possible):
        following = (*following, "assign")  # who only watches over it can see to it that somebody works at it
    beside = _beside(case, dict(lacking).get(village.VERB, "") if hangs else "")
    return Moves(_with_the_next_first(possible, (*first, *following)), list(greyed.values()), beside)


def _beside(case: ServiceRequest, hanging: str) -> str:
    """Why the expected button is not there yet: the paper of the result, or the village's notice that still hangs."""
    return result_paper(case).sentence if case.status == S.DECIDED else hanging


def _action(case: ServiceRequest, name: str, label: str = "") -> Action:
    url = f"{case.get_absolute_url()}{name.replace('_', '-')}/"
    return Action(name, label or str(TRANSITIONS[case.kind][name].label), url, False, name in BY_BUTTON, name in DANGER)


def _due_in_its_order(case: ServiceRequest, road: Road, noticed: standing.Standing) -> list[str]:
    """The step of the item that is due; the notice of the result only behind those before it."""
    step = road.next_step
    if step is not None:
        return ["record_visit" if wants_visit(step) else "note_step"] if case.status == S.IN_HAND else []
    return ["begin_public_notice"] if noticed.waits and not road.needed else []


def _not_before_the_steps(name: str, case: ServiceRequest, road: Road) -> str:
    """The result is posted, decided or carried on when the steps before it are done; a refusal needs not all of them."""
    if name == "decide" or name == "forward" and standing.needed_before(case.edition) == standing.FORWARD:
        return still_open(tasks_of(case))
    if name == "forward":
        return still_open(tasks_of(case)) or why_not_yet(road)
    return why_not_yet(road) if name == "begin_public_notice" else ""


# Verbs about the ordinary steps of the item: whether there is one left to do.
ABOUT_STEPS: dict[str, Callable[[Road], bool]] = {
    "note_step": lambda road: bool(road.to_note()),
    "record_visit": lambda road: any(wants_visit(step) for step in road.undone),
}


def _labelled(name: str, case: ServiceRequest, road: Road) -> str:
    """The words of the button: for a step of the item, which one."""
    label = str(TRANSITIONS[case.kind][name].label)
    if name not in ABOUT_STEPS:
        return label
    meant = road.to_note() if name == "note_step" else [step for step in road.undone if wants_visit(step)]
    return f"{label}{_(': ')}{meant[0].title}"


def _is_pointless(name: str, case: ServiceRequest, lines: list[Line], people: list[Party]) -> bool:
    if name == "arrive":
        return case.status != S.AT_VILLAGE
    if name == "bring_result":
        return case.village_received_at is None and case.channel != ServiceRequest.Channel.VILLAGE
    if name == "hand_over":
        return passing_on.deputy_for(case) is None
    if name == "give_back":
        return passing_on.holder_for(case) is None
    if name in TASK_VERBS:
        return not any(task.status in TASK_VERBS[name] for task in tasks_of(case))
    if name == "issue_decision":
        return not is_decision_due(case)
    if name == "use_seal":
        return case.status != S.DECIDED or (paper := result_paper(case)).verb != name or paper.may_do_without
    if name == "return_original":
        return not _held(lines, is_away=False)
    if name in ("send_original", "original_back"):
        return not _held(lines, is_away=name == "original_back")
    if name in OF_PEOPLE:
        return not parties.means_something(name, case, people)
    if name in OF_SOME:
        return not OF_SOME[name](case)
    return name in ("take_materials", "ask_materials") and not lines


# Verbs that only some cases have any use for: whether this one has.
OF_SOME: dict[str, Callable[[ServiceRequest], bool]] = {
    "note_particulars": lambda case: bool(particulars.of(case.edition)),
    "begin_procedure": lambda case: case.edition_id is not None and bool(procedures_of(case.edition)),
    "end_procedure": lambda case: bool(special.running(case)),
    "ask_extension": lambda case: case.edition_id is not None and bool(extending.choices_of(case)),
    "extend": lambda case: case.edition_id is not None and bool(extending.choices_of(case)),
    "remove_extension": lambda case: bool(extending.granted(case)),
    "make_promised": own_limits.is_done_at_once,
    "confirm_start": own_limits.awaits_confirmation,
    "call_back": lambda case: not case.demand.is_anonymous,
    "extend_demand": lambda case: not case.extensions.exists(),
    "tie_case": lambda case: case.earlier_case_id is None,
    "to_mediation": lambda case: case.demand.sort in (Demand.Sort.DISPUTE, Demand.Sort.HELP),
    "note_village_notice": lambda case: case.edition_id is not None and village_notice_step(case.edition) is not None,
}


def not_yet(name: str, lines: list[Line], case: ServiceRequest) -> str:
    """What the verb itself would refuse because of the checklist."""
    awaited = [line for line in lines if line.is_missing]
    missing = [line.name for line in told_once(awaited)]
    if name == "accept" and missing and not may_all_come_later(awaited, case.edition if case.edition_id else None):
        return _("Still missing: %(what)s.") % {"what": _(", ").join(missing)}
    if name == "ask_materials" and not missing and village_line(case) is None:
        return before_acceptance.nothing_missing(case)
    if name == "close" and _held(lines):
        return _("First give back the originals: %(what)s.") % {"what": _(", ").join(_held(lines))}
    if name == "close" and (paper := result_paper(case)).is_in_the_way:
        return paper.sentence
    if name == "anonymise" and _held(lines):
        return _("First give back the originals.")
    return ""


def _not_by_the_holder(name: str, case: ServiceRequest, user: User) -> str:
    """异议不得由原经办人处理."""
    return str(notice_verbs.BY_OTHERS) if name == "settle_objection" and case.holder_id == user.pk else ""


def _not_yet_before_acceptance(name: str, lacking: list[tuple[str, str]]) -> str:
    """What has to be said, signed or hung first. What has to be done in person is refused by the verb: a refusal needs none of it."""
    return " ".join(sentence for _verb, sentence in lacking) if name == "accept" else ""


def _not_exchanged(name: str, case: ServiceRequest, now: datetime) -> str:
    """After acceptance the item is exchanged on the same day only, before anybody has worked at the case."""
    return why_not_exchanged(case, now) if name == "change_item" else ""


def _held(lines: list[Line], is_away: bool | None = None) -> list[str]:
    """Names of the originals held; with `is_away` only those at the county, or only those in the drawer."""
    held = (line for line in lines if line.original_held and line.state == State.IN)
    return [line.name for line in held if is_away in (None, line.is_away)]


def _with_the_next_first(possible: list[Action], names: Iterable[str]) -> list[Action]:
    offered = {action.name for action in possible}
    following = next((name for name in names if name in offered), "")
    first = [Action(a.name, a.label, a.url, True, a.at_once, a.danger) for a in possible if a.name == following]
    return first + [action for action in possible if action.name != following]


def offered(case: ServiceRequest, user: User, *names: str) -> list[Action]:
    """Those of these verbs that this person may do now, for the panel of a room."""
    labels = {name: lifecycle.TRANSITIONS[case.kind].get(name) for name in names}
    return [
        Action(name, str(move.label), f"{case.get_absolute_url()}{name.replace('_', '-')}/")
        for name, move in labels.items()
        if move is not None and not lifecycle.refusal(name, case, user)
    ]
