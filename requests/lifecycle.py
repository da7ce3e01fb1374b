"""The life of a case: which move is legal from where, for whom, and what happens then.

TRANSITIONS is the law; `python manage.py statemachine` prints the diagram of the README from it and the tests walk every
cell of status × verb × role. Only this module (with `requests.intake`, which begins a case) assigns `status` and `due_…`
and writes an Event, always in this order inside one transaction: lock, check, write, event, history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import verb as audited
from officials.models import User
from requests import deadlines, persons
from requests.county import deciding, standing
from requests.joint import following
from requests.models import Event, Pause, ServiceRequest
from requests.permissions import Who, is_who

S = ServiceRequest.Status
Kind = ServiceRequest.Kind
# 村级收件, not yet 镇收件. A status of its own in front of "received" and no mark on a received case, because before the file
# arrives the township can do nothing with it: it is not accepted, not late, not asked papers for, and its clock has not begun
# (unless the item's rule says so: `Edition.village_start`). So it is not among OPEN, and no list of work shows it.
ON_THE_WAY = frozenset({S.AT_VILLAGE})
UNACCEPTED = frozenset({S.RECEIVED, S.AWAITING_MATERIALS})
RUNNING = frozenset({S.ACCEPTED, S.IN_HAND})
OPEN = UNACCEPTED | RUNNING
# A public notice hangs before the decision or, where the item says so, after it (发放后补公示).
NOTICED = RUNNING | {S.DECIDED, S.CLOSED}
DONE = frozenset({S.DECIDED, S.CLOSED})
# Whose file becomes a volume (归档). A case that was logged by mistake leaves none.
ARCHIVED = frozenset(ServiceRequest.ENDED) - {S.VOIDED}
# Of demands: with an office that answers for it; signed for; anything before the end.
SIGNED = RUNNING | {S.FOLLOWING}
PLACED = SIGNED | {S.DISPATCHED}
UNENDED = PLACED | {S.RECEIVED}
OPEN_MEDIATION = RUNNING | {S.RECEIVED}
ENTRUSTED = ON_THE_WAY | OPEN | {S.DECIDED}
ANY_BUT_VOIDED = frozenset(S) - {S.VOIDED}


@dataclass(frozen=True)
class Move:
    """One cell of the table: from which states to which (None: it stays), and to whom the verb belongs."""

    label: Any
    froms: frozenset[str]
    to: str | None
    who: Who


TRANSITIONS: dict[str, dict[str, Move]] = {
    Kind.APPLICATION: {
        "arrive": Move(gettext_lazy("Take in from the village"), ON_THE_WAY, S.RECEIVED, Who.DESK),
        "ask_materials": Move(gettext_lazy("Ask for missing materials"), frozenset({S.RECEIVED}), S.AWAITING_MATERIALS, Who.DESK),
        "correct_notice": Move(
            gettext_lazy("Correct the list before the person leaves"), frozenset({S.AWAITING_MATERIALS}), None, Who.DESK
        ),
        "acknowledge_notice": Move(gettext_lazy("The list was signed or sent"), UNACCEPTED, None, Who.DESK),
        "ask_again": Move(gettext_lazy("Ask for a second list"), UNACCEPTED, None, Who.OFFICE),
        "approve_second_notice": Move(gettext_lazy("Approve the second list"), UNACCEPTED, S.AWAITING_MATERIALS, Who.HEAD),
        "refuse_second_notice": Move(gettext_lazy("Refuse the second list"), UNACCEPTED, None, Who.HEAD),
        "reply_to_fault": Move(gettext_lazy("Reply to a fault booked to me"), ANY_BUT_VOIDED, None, Who.DESK),
        "review_fault": Move(gettext_lazy("Look at a fault again after the reply"), ANY_BUT_VOIDED, None, Who.HEAD),
        "take_materials": Move(gettext_lazy("Take in materials"), OPEN, S.RECEIVED, Who.DESK),
        "take_owed": Move(gettext_lazy("Take in what was still owed"), DONE, None, Who.DESK),
        "correct": Move(gettext_lazy("Correct the person"), UNACCEPTED | ON_THE_WAY, None, Who.DESK),
        "change_item": Move(gettext_lazy("Change the item"), UNACCEPTED | {S.ACCEPTED}, S.RECEIVED, Who.DESK),
        "accept": Move(gettext_lazy("Accept"), UNACCEPTED, S.ACCEPTED, Who.DESK),
        "note_late_notice": Move(gettext_lazy("Told too late or not at all (漏告)"), frozenset({S.RECEIVED}), None, Who.JOB),
        "deem_accepted": Move(
            gettext_lazy("Counts as accepted: not answered in time"), frozenset({S.RECEIVED}), S.ACCEPTED, Who.JOB
        ),
        "warn_of_withdrawal": Move(gettext_lazy("Reminded: the day for the materials is near"), OPEN, None, Who.JOB),
        "deem_withdrawn": Move(gettext_lazy("Counts as withdrawn: not brought in time"), OPEN, S.DEEMED_WITHDRAWN, Who.JOB),
        "verify_promise": Move(
            gettext_lazy("Check the written promise"), RUNNING | {S.DECIDED, S.CLOSED}, None, Who.OFFICE
        ),
        "refuse_intake": Move(gettext_lazy("Refuse to accept"), UNACCEPTED, S.INTAKE_REFUSED, Who.OFFICE),
        "not_ours": Move(gettext_lazy("Not ours: show the way"), UNACCEPTED, S.NOT_OURS, Who.DESK),
        "start": Move(gettext_lazy("Take in hand"), frozenset({S.ACCEPTED}), S.IN_HAND, Who.OFFICE),
        "decide": Move(gettext_lazy("Decide"), RUNNING, S.DECIDED, Who.OFFICE),
        "close": Move(gettext_lazy("Hand over the result"), frozenset({S.DECIDED}), S.CLOSED, Who.DESK),
        "begin_procedure": Move(gettext_lazy("Begin a special procedure"), RUNNING, None, Who.OFFICE),
        "end_procedure": Move(gettext_lazy("End a special procedure"), RUNNING, None, Who.OFFICE),
        "ask_extension": Move(gettext_lazy("Ask the head for more time"), RUNNING, None, Who.OFFICE),
        "extend": Move(gettext_lazy("Extend the limit"), RUNNING, None, Who.HEAD),
        "refuse_extension": Move(gettext_lazy("Refuse the extension"), RUNNING, None, Who.HEAD),
        "remove_extension": Move(gettext_lazy("Take an extension back"), RUNNING, None, Who.HEAD),
        "make_promised": Move(gettext_lazy("On the spot is not possible: promise a date"), OPEN, None, Who.DESK),
        "confirm_start": Move(gettext_lazy("Enter the confirmation with the applicant"), OPEN, None, Who.DESK),
        "withdraw": Move(gettext_lazy("Withdraw for the applicant"), OPEN | ON_THE_WAY, S.WITHDRAWN, Who.DESK),
        "terminate": Move(gettext_lazy("Terminate"), OPEN, S.TERMINATED, Who.HEAD),
        "void": Move(gettext_lazy("Void (logged by mistake)"), UNACCEPTED | ON_THE_WAY, S.VOIDED, Who.HEAD),
        "assign": Move(gettext_lazy("Give to another person"), OPEN, None, Who.LEAD),
        "hand_over": Move(gettext_lazy("Hand over to the deputy"), OPEN | {S.DECIDED}, None, Who.OFFICE),
        "give_back": Move(gettext_lazy("Give back to the holder of the post"), OPEN | {S.DECIDED}, None, Who.OFFICE),
        "add_note": Move(gettext_lazy("Add a note"), ENTRUSTED, None, Who.NOTES),
        "return_original": Move(gettext_lazy("Give originals back"), ANY_BUT_VOIDED | {S.VOIDED}, None, Who.DESK),
        "send_original": Move(gettext_lazy("Originals go to the county"), OPEN | {S.DECIDED}, None, Who.DESK),
        "original_back": Move(gettext_lazy("Originals are back from the county"), ANY_BUT_VOIDED | {S.VOIDED}, None, Who.DESK),
        "note_particulars": Move(gettext_lazy("Write down what this item asks"), OPEN | ON_THE_WAY, None, Who.DESK),
        "note_step": Move(gettext_lazy("Write down a step"), DONE | {S.IN_HAND}, None, Who.OFFICE),
        "begin_task": Move(gettext_lazy("A conditional step applies"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "finish_task": Move(gettext_lazy("Finish our task"), frozenset({S.IN_HAND}), None, Who.TASK),
        "skip_task": Move(gettext_lazy("A conditional step is not needed"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "forward": Move(gettext_lazy("Forward to the county"), RUNNING, S.IN_HAND, Who.OFFICE),
        "note_county_receipt": Move(gettext_lazy("Note the county's receipt"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "note_county_result": Move(gettext_lazy("Enter the county's result"), frozenset({S.IN_HAND}), S.DECIDED, Who.OFFICE),
        "county_returns": Move(gettext_lazy("Sent back by the county"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "urge_county": Move(gettext_lazy("Urge the county"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "note_urge_answer": Move(gettext_lazy("Enter the county's answer"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "hand_to_window": Move(gettext_lazy("Hand the papers to the stationed window"), OPEN, None, Who.DESK),
        "take_over": Move(gettext_lazy("Take the papers over"), OPEN, None, Who.OFFICE),
        "plan_visit": Move(gettext_lazy("Plan a site visit"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "record_visit": Move(gettext_lazy("Record a site visit"), frozenset({S.IN_HAND}), None, Who.OFFICE),
        "give_task": Move(gettext_lazy("Give the task to another person"), frozenset({S.IN_HAND}), None, Who.TASK_HEAD),
        "hand_over_task": Move(gettext_lazy("Hand the task over to whoever stands in"), frozenset({S.IN_HAND}), None, Who.TASK),
        "give_task_back": Move(gettext_lazy("Give the task back to the post"), frozenset({S.IN_HAND}), None, Who.TASK),
        "add_party": Move(gettext_lazy("Add a person"), OPEN | {S.DECIDED}, None, Who.DESK),
        "note_household": Move(gettext_lazy("Take down the household"), OPEN, None, Who.DESK),
        "change_party": Move(gettext_lazy("Put a person's entry right"), OPEN | {S.DECIDED}, None, Who.DESK),
        "remove_party": Move(gettext_lazy("Take a person out"), OPEN | {S.DECIDED}, None, Who.DESK),
        "note_authorisation": Move(gettext_lazy("Tick who signed the authorisation"), OPEN, None, Who.DESK),
        "note_in_person": Move(gettext_lazy("Note what was done in person"), OPEN, None, Who.DESK),
        "note_relatives": Move(gettext_lazy("Ask about relatives on the staff"), OPEN, None, Who.DESK),
        "print_authorisation": Move(gettext_lazy("Authorisation letter, filled in"), OPEN, None, Who.DESK),
        "note_upper_number": Move(gettext_lazy("Enter the number in the upper system"), ANY_BUT_VOIDED, None, Who.DESK),
        "renew_secret": Move(gettext_lazy("Give a new tracking code"), ANY_BUT_VOIDED, None, Who.DESK),
        "note_village_notice": Move(gettext_lazy("Record the village's notice"), UNACCEPTED, S.RECEIVED, Who.DESK),
        "waive_public_notice": Move(gettext_lazy("No public notice: the applicant is a minor"), RUNNING, None, Who.OFFICE),
        "begin_public_notice": Move(gettext_lazy("Begin the public notice"), NOTICED, None, Who.OFFICE),
        "note_posted": Move(gettext_lazy("The public notice was posted"), NOTICED, None, Who.POSTER),
        "log_objection": Move(gettext_lazy("Log an objection"), NOTICED, None, Who.DESK),
        "settle_objection": Move(gettext_lazy("Settle an objection"), NOTICED, None, Who.OFFICE),
        "end_public_notice": Move(gettext_lazy("Record the end of the public notice"), NOTICED, None, Who.OFFICE),
        "issue_decision": Move(gettext_lazy("Write the decision"), DONE, None, Who.OFFICE),
        "issue_closing": Move(gettext_lazy("Write the notice of the result"), frozenset({S.DECIDED}), None, Who.DESK),
        "issue_on_the_spot": Move(gettext_lazy("Write the slip for what was done at once"), DONE, None, Who.DESK),
        "issue_delivery": Move(gettext_lazy("Write a proof of delivery"), ANY_BUT_VOIDED, None, Who.DESK),
        "note_delivery": Move(gettext_lazy("Record how a paper was delivered"), ANY_BUT_VOIDED, None, Who.DESK),
        "use_seal": Move(gettext_lazy("Register the use of a seal"), ANY_BUT_VOIDED, None, Who.DESK),
        "void_document": Move(gettext_lazy("Void a paper"), ANY_BUT_VOIDED | {S.VOIDED}, None, Who.HEAD),
        "entrust": Move(gettext_lazy("Entrust to a village agent"), ENTRUSTED, None, Who.DESK),
        "suspend_mandate": Move(gettext_lazy("Suspend the mandate (中止)"), ENTRUSTED, None, Who.DESK),
        "resume_mandate": Move(gettext_lazy("Resume the mandate (续办)"), ENTRUSTED, None, Who.DESK),
        "end_mandate": Move(gettext_lazy("End the mandate (终止)"), ENTRUSTED, None, Who.DESK),
        "issue_mandate_done": Move(gettext_lazy("Write that the agency is done (代办办结单)"), DONE, None, Who.DESK),
        "bring_result": Move(gettext_lazy("The result was brought to the person"), frozenset({S.DECIDED}), S.CLOSED, Who.AGENT),
        "redate": Move(gettext_lazy("Recompute the date"), OPEN, None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.HEAD),
    },
    Kind.CONSULTATION: {
        "answer": Move(gettext_lazy("Answer"), frozenset({S.RECEIVED, S.IN_HAND}), S.CLOSED, Who.DESK),
        "promise_call": Move(gettext_lazy("Promise a call back"), frozenset({S.RECEIVED}), S.IN_HAND, Who.DESK),
        "correct": Move(gettext_lazy("Correct the person"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.DESK),
        "not_ours": Move(gettext_lazy("Not ours: show the way"), frozenset({S.RECEIVED, S.IN_HAND}), S.NOT_OURS, Who.DESK),
        "withdraw": Move(gettext_lazy("Withdraw for the applicant"), frozenset({S.RECEIVED, S.IN_HAND}), S.WITHDRAWN, Who.DESK),
        "void": Move(gettext_lazy("Void (logged by mistake)"), frozenset({S.RECEIVED, S.IN_HAND}), S.VOIDED, Who.HEAD),
        "assign": Move(gettext_lazy("Give to another person"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.LEAD),
        "hand_over": Move(gettext_lazy("Hand over to the deputy"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.OFFICE),
        "give_back": Move(gettext_lazy("Give back to the holder of the post"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.OFFICE),
        "add_note": Move(gettext_lazy("Add a note"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.NOTES),
        "renew_secret": Move(gettext_lazy("Give a new tracking code"), ANY_BUT_VOIDED, None, Who.DESK),
        "redate": Move(gettext_lazy("Recompute the date"), frozenset({S.RECEIVED, S.IN_HAND}), None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.HEAD),
    },
    Kind.DEMAND: {
        "show_the_way": Move(gettext_lazy("Does not belong here: show the way"), frozenset({S.RECEIVED}), S.NOT_OURS, Who.FIRST),
        "solve_on_the_spot": Move(gettext_lazy("Solved on the spot"), frozenset({S.RECEIVED}), S.CLOSED, Who.FIRST),
        "dispatch": Move(gettext_lazy("Dispatch"), frozenset({S.RECEIVED}), S.DISPATCHED, Who.DISPATCH),
        "designate": Move(gettext_lazy("Designate who has to do it"), frozenset({S.RECEIVED, S.DISPATCHED}), S.DISPATCHED, Who.CENTRE),
        "sign_for": Move(gettext_lazy("Sign for it"), frozenset({S.DISPATCHED}), S.ACCEPTED, Who.OFFICE),
        "return_demand": Move(gettext_lazy("Return it to the dispatching window"), frozenset({S.DISPATCHED, S.ACCEPTED}), S.RECEIVED,
                              Who.OFFICE),
        "first_contact": Move(gettext_lazy("Note a contact with the person"), SIGNED, None, Who.OFFICE),
        "co_answer": Move(gettext_lazy("Give our part to the lead office"), PLACED, None, Who.CO),
        "extend_demand": Move(gettext_lazy("Extend once"), RUNNING, None, Who.HEAD),
        "keep_following": Move(gettext_lazy("Cannot be solved yet: keep following it"), SIGNED, S.FOLLOWING, Who.OFFICE),
        "answer_demand": Move(gettext_lazy("Answer it"), SIGNED, S.DECIDED, Who.OFFICE),
        "close_demand": Move(gettext_lazy("Told the person: close"), frozenset({S.DECIDED}), S.CLOSED, Who.DESK),
        "to_mediation": Move(gettext_lazy("Pass on to people's mediation"), UNENDED, S.NOT_OURS, Who.DESK),
        "call_back": Move(gettext_lazy("Note how the person judges it (回访)"), DONE, None, Who.CALLER),
        "issue_answer": Move(gettext_lazy("Write the answer as a paper"), DONE, None, Who.DESK),
        "rework": Move(gettext_lazy("Send it back to be done again"), DONE, S.IN_HAND, Who.DISPATCH),
        "correct": Move(gettext_lazy("Correct the person"), UNENDED, None, Who.DESK),
        "withdraw": Move(gettext_lazy("Withdraw for the applicant"), UNENDED, S.WITHDRAWN, Who.DESK),
        "void": Move(gettext_lazy("Void (logged by mistake)"), frozenset({S.RECEIVED}), S.VOIDED, Who.LEAD),
        "assign": Move(gettext_lazy("Give to another person"), PLACED, None, Who.LEAD),
        "hand_over": Move(gettext_lazy("Hand over to the deputy"), UNENDED | {S.DECIDED}, None, Who.OFFICE),
        "give_back": Move(gettext_lazy("Give back to the holder of the post"), UNENDED | {S.DECIDED}, None, Who.OFFICE),
        "add_note": Move(gettext_lazy("Add a note"), UNENDED | {S.DECIDED}, None, Who.NOTES),
        "note_upper_number": Move(gettext_lazy("Enter the number in the upper system"), ANY_BUT_VOIDED, None, Who.DESK),
        "renew_secret": Move(gettext_lazy("Give a new tracking code"), ANY_BUT_VOIDED, None, Who.DESK),
        "redate": Move(gettext_lazy("Recompute the date"), UNENDED, None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.LEAD),
    },
    # 交办单: issued by the centre, so it comes with its office and its date; there is no person to be told.
    Kind.ORDER: {
        "dispatch": Move(gettext_lazy("Dispatch"), frozenset({S.RECEIVED}), S.DISPATCHED, Who.CENTRE),
        "sign_for": Move(gettext_lazy("Sign for it"), frozenset({S.DISPATCHED}), S.ACCEPTED, Who.OFFICE),
        "co_answer": Move(gettext_lazy("Give our part to the lead office"), PLACED, None, Who.CO),
        "keep_following": Move(gettext_lazy("Cannot be solved yet: keep following it"), SIGNED, S.FOLLOWING, Who.OFFICE),
        "answer_demand": Move(gettext_lazy("Answer it"), SIGNED, S.DECIDED, Who.OFFICE),
        "close_demand": Move(gettext_lazy("Checked: close"), frozenset({S.DECIDED}), S.CLOSED, Who.CENTRE),
        "rework": Move(gettext_lazy("Send it back to be done again"), frozenset({S.DECIDED}), S.IN_HAND, Who.CENTRE),
        "void": Move(gettext_lazy("Void (logged by mistake)"), frozenset({S.RECEIVED, S.DISPATCHED}), S.VOIDED, Who.LEAD),
        "assign": Move(gettext_lazy("Give to another person"), PLACED, None, Who.LEAD),
        "hand_over": Move(gettext_lazy("Hand over to the deputy"), UNENDED | {S.DECIDED}, None, Who.OFFICE),
        "give_back": Move(gettext_lazy("Give back to the holder of the post"), UNENDED | {S.DECIDED}, None, Who.OFFICE),
        "add_note": Move(gettext_lazy("Add a note"), UNENDED | {S.DECIDED}, None, Who.NOTES),
        "redate": Move(gettext_lazy("Recompute the date"), UNENDED, None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.LEAD),
    },
    # 办不成事反映: never with whom it is about; the centre's head gives it to somebody else or does it.
    Kind.UNSOLVED: {
        "dispatch": Move(gettext_lazy("Dispatch"), frozenset({S.RECEIVED, S.DISPATCHED}), S.DISPATCHED, Who.CENTRE),
        "sign_for": Move(gettext_lazy("Sign for it"), frozenset({S.RECEIVED, S.DISPATCHED}), S.ACCEPTED, Who.SOLVER),
        "first_contact": Move(gettext_lazy("Note a contact with the person"), SIGNED, None, Who.SOLVER),
        "tie_case": Move(gettext_lazy("Tie it to the case it is about"), UNENDED, None, Who.SOLVER),
        "extend_demand": Move(gettext_lazy("Extend once"), RUNNING, None, Who.CENTRE),
        "keep_following": Move(gettext_lazy("Cannot be solved yet: keep following it"), SIGNED, S.FOLLOWING, Who.SOLVER),
        "answer_demand": Move(gettext_lazy("Answer it"), SIGNED, S.DECIDED, Who.SOLVER),
        "close_demand": Move(gettext_lazy("Told the person and checked: close"), frozenset({S.DECIDED}), S.CLOSED, Who.CENTRE),
        "call_back": Move(gettext_lazy("Note how the person judges it (回访)"), DONE, None, Who.CALLER),
        "issue_answer": Move(gettext_lazy("Write the answer as a paper"), DONE, None, Who.SOLVER),
        "rework": Move(gettext_lazy("Send it back to be done again"), DONE, S.IN_HAND, Who.CENTRE),
        "correct": Move(gettext_lazy("Correct the person"), UNENDED, None, Who.CENTRE),
        "withdraw": Move(gettext_lazy("Withdraw for the applicant"), UNENDED, S.WITHDRAWN, Who.CENTRE),
        "void": Move(gettext_lazy("Void (logged by mistake)"), frozenset({S.RECEIVED}), S.VOIDED, Who.CENTRE),
        "add_note": Move(gettext_lazy("Add a note"), UNENDED | {S.DECIDED}, None, Who.SOLVER),
        "renew_secret": Move(gettext_lazy("Give a new tracking code"), ANY_BUT_VOIDED, None, Who.CENTRE),
        "redate": Move(gettext_lazy("Recompute the date"), UNENDED, None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.CENTRE),
    },
    # 人民调解: all of it belongs to the mediation office; others know state and date (domain 9.3).
    Kind.MEDIATION: {
        "note_consent": Move(gettext_lazy("Both parties agree to mediation"), frozenset({S.RECEIVED}), S.ACCEPTED, Who.OFFICE),
        "name_mediator": Move(gettext_lazy("Name the mediator"), RUNNING, S.IN_HAND, Who.OFFICE),
        "tell_police": Move(gettext_lazy("The police were told"), OPEN_MEDIATION, None, Who.OFFICE),
        "refuse_mediation": Move(gettext_lazy("A party refuses"), OPEN_MEDIATION, S.CLOSED, Who.OFFICE),
        "reach_agreement": Move(gettext_lazy("An agreement was reached"), frozenset({S.IN_HAND}), S.DECIDED, Who.OFFICE),
        "fail_mediation": Move(gettext_lazy("No agreement"), RUNNING, S.CLOSED, Who.OFFICE),
        "note_performance": Move(gettext_lazy("How the agreement was performed: close"), frozenset({S.DECIDED}), S.CLOSED, Who.OFFICE),
        "issue_agreement": Move(gettext_lazy("Write the mediation agreement"), DONE | {S.IN_HAND}, None, Who.OFFICE),
        "issue_mediation_end": Move(gettext_lazy("Write that no agreement came about"), frozenset({S.CLOSED}), None, Who.OFFICE),
        "correct": Move(gettext_lazy("Correct the person"), OPEN_MEDIATION, None, Who.OFFICE),
        "withdraw": Move(gettext_lazy("Withdraw for the applicant"), OPEN_MEDIATION, S.WITHDRAWN, Who.OFFICE),
        "void": Move(gettext_lazy("Void (logged by mistake)"), frozenset({S.RECEIVED}), S.VOIDED, Who.HEAD),
        "add_note": Move(gettext_lazy("Add a note"), OPEN_MEDIATION | {S.DECIDED}, None, Who.OFFICE),
        "renew_secret": Move(gettext_lazy("Give a new tracking code"), ANY_BUT_VOIDED, None, Who.OFFICE),
        "redate": Move(gettext_lazy("Recompute the date"), OPEN_MEDIATION, None, Who.JOB),
        "anonymise": Move(gettext_lazy("Anonymise"), frozenset(ServiceRequest.ENDED), None, Who.HEAD),
    },
}


# 归档 (domain 16.8, 9.3): one volume a case. Questions and demands are kept as they are, for three years (domain 11.5).
for _kind, _desk in ((Kind.APPLICATION, Who.DESK), (Kind.MEDIATION, Who.OFFICE)):
    TRANSITIONS[_kind] |= {
        "assemble_volume": Move(gettext_lazy("Begin the volume"), ARCHIVED, None, _desk),
        "list_volume": Move(gettext_lazy("Count the pages, put the list right"), ARCHIVED, None, _desk),
        "close_volume": Move(gettext_lazy("Close the volume"), ARCHIVED, None, _desk),
        "check_volume": Move(gettext_lazy("Check the volume"), ARCHIVED, None, Who.HEAD),
        "supplement_volume": Move(gettext_lazy("Add to the closed volume"), ARCHIVED, None, _desk),
        "box_volume": Move(gettext_lazy("Put into a box"), ARCHIVED, None, _desk),
        "lend_volume": Move(gettext_lazy("Lend the volume"), ARCHIVED, None, _desk),
        "return_volume": Move(gettext_lazy("The volume is back"), ARCHIVED, None, _desk),
        "recall_volume": Move(gettext_lazy("Ask for the volume back"), ARCHIVED, None, Who.HEAD),
    }


# 文书: what is done with a paper of a demand or a mediation is what is done with every other one.
for _kind, _desk, _head in (
    (Kind.DEMAND, Who.DESK, Who.LEAD), (Kind.UNSOLVED, Who.SOLVER, Who.CENTRE), (Kind.MEDIATION, Who.OFFICE, Who.HEAD),
):  # fmt: skip
    TRANSITIONS[_kind] |= {
        name: replace(TRANSITIONS[Kind.APPLICATION][name], who=_desk) for name in ("issue_delivery", "note_delivery", "use_seal")
    }
    TRANSITIONS[_kind]["void_document"] = replace(TRANSITIONS[Kind.APPLICATION]["void_document"], who=_head)


# 催办: by who watches over it, wherever somebody holds it.
for _kind in (Kind.APPLICATION, Kind.CONSULTATION, Kind.DEMAND, Kind.ORDER):
    TRANSITIONS[_kind]["urge"] = replace(TRANSITIONS[_kind]["assign"], label=gettext_lazy("Urge (催办)"))
# Demands and tasks whose date is near, by the job alone.
for _kind, _froms in (
    (Kind.DEMAND, UNENDED), (Kind.ORDER, UNENDED), (Kind.UNSOLVED, UNENDED), (Kind.MEDIATION, OPEN_MEDIATION),
):  # fmt: skip
    TRANSITIONS[_kind]["urge_holder"] = Move(gettext_lazy("Urged: the date is near (催办)"), _froms, None, Who.JOB)
TRANSITIONS[Kind.APPLICATION]["urge_task"] = Move(
    gettext_lazy("Task urged: the date is near (催办)"), frozenset({S.IN_HAND}), None, Who.JOB
)


# 离岗: of every kind of case, until it has ended (requests.leaving).
for _moves in TRANSITIONS.values():
    _moves["holder_left"] = Move(
        gettext_lazy("The holder has left"), frozenset(S) - frozenset(ServiceRequest.ENDED), None, Who.ADMINISTRATION
    )


class Refused(Exception):
    """The move is not legal now, or not for this person, or something it needs is missing. The text is for the page.

    `first`: the verb that has to be done before; the page leads to it.
    """

    def __init__(self, sentence: str = "", *, first: str = "") -> None:
        super().__init__(sentence)
        self.first = first


class StillMissing(Refused):
    """The case cannot be accepted: materials are missing. It can be taken in all the same."""


class AlreadyHandled(Refused):
    """Somebody else was faster: the case is in another state than the page showed."""


@dataclass
class Change:
    """A verb at work: the locked case, and what its event will say."""

    case: ServiceRequest
    by: User
    now: datetime
    to: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    redate: bool = True


def refusal(name: str, service_request: ServiceRequest, by: User) -> str:
    """Why this person may not do this to this case now; "" when they may. The page's button asks the same question."""
    move = TRANSITIONS[service_request.kind].get(name)
    if move is None:
        return _("This does not exist for this kind of case.")
    if not is_who(by, move.who, service_request):
        return _("This belongs to: %(who)s.") % {"who": WHO_WORDS[move.who]}
    if service_request.status not in move.froms:
        return _("Not possible while the case is “%(status)s”.") % {"status": service_request.get_status_display()}
    if service_request.anonymised_at:
        return _("The case was anonymised.")
    if name == "void" and service_request.first_asked_id == by.pk:
        return _("A second person has to void it: you logged it yourself.")
    if name == "accept":
        return deciding.why_not_accepted_here(service_request, by)
    return deciding.why_not_here(service_request, by) if name == "decide" else ""


WHO_WORDS = {
    Who.DESK: gettext_lazy("the window that took it in, or the responsible office"),
    Who.OFFICE: gettext_lazy("the responsible office"),
    Who.HEAD: gettext_lazy("the head of the responsible office"),
    Who.LEAD: gettext_lazy("the head of the responsible office or the supervisor"),
    Who.NOTES: gettext_lazy("who works at it or supervises the office"),
    Who.TASK: gettext_lazy("the office that has an open task in this case"),
    Who.TASK_HEAD: gettext_lazy("the head of an office that has an open task in this case"),
    Who.ADMINISTRATION: gettext_lazy("the administration"),
    Who.POSTER: gettext_lazy("the office that handles the item, or the village agent who hangs the sheet"),
    Who.AGENT: gettext_lazy("the village agent who holds the mandate"),
    Who.JOB: gettext_lazy("a scheduled job"),
    Who.DISPATCH: gettext_lazy("the window that dispatches demands"),
    Who.FIRST: gettext_lazy("whoever wrote it down, or the window that dispatches demands"),
    Who.CENTRE: gettext_lazy("the head of the centre"),
    Who.CO: gettext_lazy("an office that takes part"),
    Who.CALLER: gettext_lazy(
        "the window that dispatches demands (of an unfinished matter the head of the centre or the supervision post), but never who "
        "handled this one"
    ),
    Who.SOLVER: gettext_lazy("the responsible office or the head of the centre, but never whom it is about"),
}


@contextmanager
def change(name: str, service_request: ServiceRequest, *, by: User, now: datetime) -> Iterator[Change]:
    """The frame of every verb. Locks the row, refuses or yields, then writes case, event and history, or nothing at all.

    Raises Refused (with the sentence) and AlreadyHandled. `service_request` is brought up to date when it is over.
    """
    with audited(name, by=by, now=now, subject=f"case:{service_request.pk}"):
        case = _locked(service_request)
        sentence = refusal(name, case, by)
        if sentence:
            moved = case.status != service_request.status
            raise (AlreadyHandled if moved else Refused)(sentence)
        before = case.status
        work = Change(case, by, now, TRANSITIONS[case.kind][name].to)
        yield work
        if work.to is not None:
            case.status = work.to
        if S.AWAITING_MATERIALS in (before, case.status):
            follow_the_waiting(case, by=by, now=now)
        if work.redate and case.is_open:
            deadlines.write(case)
            if case.status == S.IN_HAND:
                following.redate(case)
        if before == S.IN_HAND and not case.is_open:
            following.end_with(case, by=by, now=now)
        if case.forwarded_at and before in OPEN and not case.is_open:
            standing.end_with(case, by=by, now=now)
        case.save()
        write_event(case, name, before=before, by=by, now=now, facts=work.facts, words=work.words)
    _bring_up_to_date(service_request, case)


def follow_the_waiting(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """While the applicant is awaited the clock stands still: a row where that begins and one where it ends. Twice changes nothing."""
    newest = case.pauses.filter(reason=Pause.WAITING).order_by("-id").first()
    stands, waits = newest is not None and newest.starts, case.status == S.AWAITING_MATERIALS
    if stands != waits:
        Pause.objects.create(service_request=case, starts=waits, at=now, reason=Pause.WAITING, by=by)


def write_event(
    case: ServiceRequest,
    name: str,
    *,
    before: str,
    by: User,
    now: datetime,
    facts: dict[str, Any],
    words: dict[str, str],
    at: datetime | None = None,
) -> Event:
    """One row of what happened. Words a person typed are sealed under the key of the case."""
    return Event.objects.create(
        service_request=case,
        verb=name,
        from_status=before,
        to_status=case.status,
        at=at or now,
        recorded_at=now,
        by=by,
        facts=facts,
        sealed=persons.seal_for(case, {k: v for k, v in words.items() if v}, "event"),
    )


def _locked(service_request: ServiceRequest) -> ServiceRequest:
    return (
        ServiceRequest.objects.select_for_update(of=("self",))
        .select_related("township", "edition", "key", "office")
        .get(pk=service_request.pk)
    )


def _bring_up_to_date(shown: ServiceRequest, case: ServiceRequest) -> None:
    for column in ServiceRequest._meta.concrete_fields:
        setattr(shown, column.attname, getattr(case, column.attname))
    shown._state.fields_cache.clear()
    for kept in ("_data_key", "_is_new", "_prefetched_objects_cache", "_tasks", "_notices"):
        shown.__dict__.pop(kept, None)


def end(work: Change) -> None:
    """Set when and by whom a case ended."""
    work.case.ended_at, work.case.ended_by = work.now, work.by


def may(service_request: ServiceRequest, by: User) -> dict[str, str]:
    """Every verb of this kind of case with its refusal ("" = may): what the page offers and what it greys, and why."""
    return {name: refusal(name, service_request, by) for name in TRANSITIONS[service_request.kind]}
