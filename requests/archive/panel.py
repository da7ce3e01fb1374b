"""The volume of a case on its page: archive number, box and place, who has it; what is to be done with it next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import User
from requests import case_file, lifecycle
from requests.archive import keeping, lists
from requests.models import ServiceRequest, Volume, VolumeLoan
from requests.panels import Panel
from requests.reasons import say_date


@dataclass(frozen=True)
class Filed:
    """`state` in words; `loan` is the open one."""

    volume: Volume | None
    state: str
    kept_until: str
    loan: lists.Lent | None
    back_by: str
    actions: list[case_file.Action]


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """Of ended cases alone: before the end there is nothing to file."""
    if case.kind not in lists.KINDS or case.status not in lifecycle.ARCHIVED:
        return None
    return Panel("requests/archive/panel.html", filed(case, user, now))


def filed(case: ServiceRequest, user: User, now: datetime) -> Filed:
    volume = Volume.objects.filter(service_request=case).select_related("box", "closed_by", "checked_by", "assembled_by").first()
    loan = None
    if volume is not None:
        volume.service_request = case
        out = VolumeLoan.objects.filter(volume=volume, returned_at=None).select_related("borrower", "volume").first()
        loan = lists.shown([out], now)[0] if out else None
    return Filed(
        volume=volume,
        state=state_of(volume),
        kept_until=_kept_until(volume),
        loan=loan,
        back_by=say_date(loan.loan.due_on) if loan else "",
        actions=case_file.offered(case, user, *_meant(volume, loan, user)),
    )


def state_of(volume: Volume | None) -> str:
    if volume is None:
        return _("waiting to be archived")
    if not volume.is_closed:
        return _("being put together")
    return _("volume closed, something is missing") if volume.is_incomplete else _("volume closed")


def _kept_until(volume: Volume | None) -> str:
    if volume is None or not volume.is_closed:
        return ""
    until = keeping.kept_until(volume)
    return _("until %(day)s") % {"day": say_date(until)} if until else _("for ever")


def _meant(volume: Volume | None, loan: lists.Lent | None, user: User) -> list[str]:
    """The verbs that make sense now."""
    if volume is None:
        return ["assemble_volume"]
    if not volume.is_closed:
        return ["list_volume", "close_volume"]
    names = [] if loan is None else ["return_volume"] if loan.loan.recalled_at else ["return_volume", "recall_volume"]
    if volume.box_id is None:
        names.append("box_volume")
    if volume.checked_at is None and volume.closed_by_id != user.pk:
        names.append("check_volume")
    if loan is None:
        names.append("lend_volume")
    names.append("supplement_volume")
    return names if volume.box_id is None else [*names, "box_volume"]
