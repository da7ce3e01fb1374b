"""Which of the room's verbs the page of a case offers: those that mean nothing now are left out, others say why not."""

from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import User
from requests.lifecycle import DONE, UNACCEPTED
from requests.materials import Line
from requests.models import ServiceRequest, SupplementNotice
from requests.supplement import notices, promises, second

State = SupplementNotice.State


def of(case: ServiceRequest, user: User, lines: list[Line], now: datetime) -> tuple[set[str], dict[str, str]]:
    """(verbs nobody could mean now, verb → why not now). One query where nothing was ever told."""
    if case.kind != ServiceRequest.Kind.APPLICATION:
        return set(), {}
    pointless = {"correct_notice", "acknowledge_notice", "ask_again", "approve_second_notice", "refuse_second_notice", "reply_to_fault"}
    pointless.add("review_fault")
    pointless |= set() if promises.may_verify(case) else {"verify_promise"}
    is_whole = not any(line.is_missing for line in lines)
    if is_whole or case.status not in DONE or promises.of_case(case, promises.Kind.TOLERANCE) is None:
        pointless.add("take_owed")
    if is_whole and case.status == ServiceRequest.Status.AWAITING_MATERIALS:
        pointless.add("take_materials")  # what is awaited is the village's part, and that has a verb of its own
    rows = notices.of_case(case)
    told = [row for row in rows if row.state == State.TOLD]
    asked = [row for row in rows if row.state == State.REQUESTED]
    if any(row.fault_of_id == user.pk and row.replied_at is None for row in rows):
        pointless.discard("reply_to_fault")
    if any(row.fault_of_id not in (None, user.pk) and row.replied_at and row.reviewed_at is None for row in rows):
        pointless.discard("review_fault")
    if not told or case.status not in UNACCEPTED:
        return pointless, {}
    if not told[-1].acknowledged_at:
        pointless.discard("acknowledge_notice")
    if not second.not_correctable(told[-1], user, now):
        pointless.discard("correct_notice")
    not_now = {"ask_materials": _("It was told once already. A second list needs its cause and the head's approval.")}
    if asked:
        pointless -= {"approve_second_notice", "refuse_second_notice"}
        not_now["accept"] = _("A second list waits for the head. It has to be settled before the case is accepted.")
        if asked[0].requested_by_id == user.pk:
            not_now |= dict.fromkeys(
                ("approve_second_notice", "refuse_second_notice"), _("A second person has to decide this: you asked for it yourself.")
            )
    else:
        pointless.discard("ask_again")
    return pointless, not_now
