"""Which steps of carrying somebody could mean now, to the county and back or to the window of a stationed office."""

from requests.county import deciding, verbs
from requests.models import Forwarding, ServiceRequest

Kind, Status = Forwarding.Kind, Forwarding.Status
STEPS = frozenset({"forward", "note_county_receipt", "note_county_result", "hand_to_window", "take_over"})


def meant(case: ServiceRequest) -> frozenset[str]:
    """Out of STEPS. One question for a case that lies with the county or has to go to another window, none for all others."""
    if case.kind != ServiceRequest.Kind.APPLICATION:
        return frozenset()
    if case.county_since is not None:
        sent = Forwarding.objects.filter(service_request=case, kind=Kind.COUNTY, status=Status.SENT).exists()
        return frozenset({"note_county_receipt", "note_county_result"} if sent else {"note_county_result"})
    if deciding.goes_to_another_window(case):
        rows = Forwarding.objects.filter(service_request=case, kind=Kind.WINDOW).exclude(status=Status.RETURNED)
        newest = rows.order_by("-id").values_list("status", flat=True).first()
        return frozenset({"hand_to_window"} if newest is None else {"take_over"} if newest == Status.SENT else ())
    carried = verbs.may_be_carried(case) and not deciding.is_at_a_stationed_office(case)
    return frozenset({"forward"} if carried else ())
