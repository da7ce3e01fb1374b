"""What was told as missing, on the page of the case: line by line with the day it came in; who approved a second list; promises."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from officials.permissions import HEAD, INSPECT, SUPERVISE, rights
from requests import persons
from requests.materials import name_of_line
from requests.models import Document, LateNotice, ServiceRequest, SupplementLine, SupplementNotice, WrittenPromise
from requests.panels import Panel
from requests.permissions import sees_in_full
from requests.reasons import say_date, say_moment
from requests.supplement import notices, papers
from services.models import Material

State = SupplementNotice.State


@dataclass(frozen=True)
class LineShown:
    name: str
    wrong: str
    standard: str
    came_in: str


@dataclass(frozen=True)
class NoticeShown:
    """One list. `facts`: label and text of what is known about it."""

    title: str
    state: str
    facts: list[tuple[str, str]]
    lines: list[LineShown]
    is_open: bool


@dataclass(frozen=True)
class Shown:
    notices: list[NoticeShown]
    promises: list[list[tuple[str, str]]]
    late: str
    written_by: str
    number: str


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """None where nothing was ever told or promised, and the answer on acceptance is not late."""
    if case.kind != ServiceRequest.Kind.APPLICATION:
        return None
    rows = notices.of_case(case)
    promised = list(case.promises.select_related("verified_by")) if case.accepted_at else []
    late = getattr(case, "late_notice", None)
    if not rows and not promised and late is None:
        return None
    judges = bool(rights(user).where(HEAD, SUPERVISE, INSPECT) & {case.office_id})
    shown = Shown(
        notices=[_notice(case, row, user, judges=judges) for row in rows],
        promises=[_promise(case, one) for one in promised],
        late=_late(late),
        written_by=papers.written_by(case, Document.Kind.SUPPLEMENT) if rows else "",
        number=case.number if sees_in_full(user, case) else "",
    )
    return Panel("requests/supplement/_panel.html", shown)


def _notice(case: ServiceRequest, row: SupplementNotice, user: User, *, judges: bool) -> NoticeShown:
    words = notices.words_of(row)
    facts = [(_("How"), str(row.get_how_display()))]
    if row.told_at and row.told_by:
        facts.insert(0, (_("Told"), f"{_moment(row.told_at)} · {row.told_by.name}"))
    if row.answer_by:
        facts.append((_("To be brought by"), f"{say_date(row.answer_by)} · {_follows(case)}"))
    if row.document:
        facts.append((_("Paper"), str(row.document)))
    if row.acknowledged_at:
        facts.append((_("Acknowledged"), f"{row.get_acknowledged_how_display()} · {_moment(row.acknowledged_at)}"))
    if row.whole_at:
        facts.append((_("Everything there since"), _moment(row.whole_at)))
    if row.cause:
        facts.append((_("Cause"), str(row.get_cause_display())))
        facts.append((_("Asked for by"), f"{row.requested_by.name} · {_moment(row.requested_at)}"))
    if row.settled_by:
        facts.append((_("Decided by"), f"{row.settled_by.name} · {_moment(row.settled_at)}"))
    if row.fault_of:
        facts.append((_("Booked to"), row.fault_of.name))
    # A reply is read by who wrote it and by those who judge it, not by the whole window.
    if row.reviewed_by:
        facts.append((_("Looked at again by"), f"{row.reviewed_by.name} · {_moment(row.reviewed_at)}"))
    mine = user.pk in (row.fault_of_id, row.told_by_id) or judges
    told = (("reply", _("Reply")), ("review", _("After the reply"))) if mine else ()
    for key, label in (("facts", _("Facts given")), ("refusal", _("Why not")), *told):
        if words.get(key):
            facts.append((label, words[key]))
    title = _("Replaced list") if row.state == State.REPLACED else _("List %(n)s of missing materials") % {"n": row.ordinal}
    lines = [_line(case, line) for line in row.lines.all()]
    return NoticeShown(title, str(row.get_state_display()), facts, lines, row.state in (State.TOLD, State.REQUESTED))


def _line(case: ServiceRequest, row: SupplementLine) -> LineShown:
    material: Material | None = row.material
    name = material.name if material else name_of_line(row.line)
    wrong = notices.wrong_with(case, row)
    said = f"{row.get_state_display()}: {wrong}" if wrong else str(row.get_state_display())
    standard = (material.accept_standard or material.fill_explain) if material else ""
    return LineShown(name, said, standard, _moment(row.came_in_at) if row.came_in_at else "")


def _follows(case: ServiceRequest) -> str:
    if case.edition.supplement_withdraws:
        return _("later than that the application counts as withdrawn")
    return _("nothing follows by itself")


def _promise(case: ServiceRequest, one: WrittenPromise) -> list[tuple[str, str]]:
    facts = [(str(one.get_kind_display()), _("chosen") if one.is_chosen else _("not chosen"))]
    if one.materials:
        names = Material.objects.filter(pk__in=one.materials).order_by("position").values_list("name", flat=True)
        facts.append((_("Owed"), _(", ").join(names)))
    if one.answer_by:
        facts.append((_("To be brought by"), f"{say_date(one.answer_by)} · {_follows(case)}"))
    if one.kept_at:
        facts.append((_("Kept"), _moment(one.kept_at)))
    if one.verified and one.verified_by:
        words = persons.open_for(case, one.sealed, "promise") or ""
        facts.append((_("Checked afterwards"), " · ".join(filter(None, (str(one.get_verified_display()), one.verified_by.name, words)))))
        if one.verified == WrittenPromise.Verified.UNTRUE:
            facts.append((_("What follows"), _("the decision is to be revoked")))
    return facts


def _late(row: LateNotice | None) -> str:
    if row is None:
        return ""
    day = {"date": _moment(row.due_at)}
    if row.deemed_accepted:
        return _("Not answered by %(date)s: by the rule of this item it counts as accepted.") % day
    return _("Neither accepted nor told what is missing by %(date)s. This stays on record (漏告).") % day


def _moment(at: datetime | None) -> str:
    return say_moment(timezone.localtime(at)) if at else ""
