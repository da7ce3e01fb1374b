"""What is done with a volume. Each is a verb of its case, so that whoever may see the case sees what became of its file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, holders
from requests import persons
from requests.archive import catalogue, lacks, rules
from requests.archive.catalogue import Kept, Kind
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import ArchiveBox, ServiceRequest, Term, Volume, VolumeLine, VolumeLoan, VolumeSupplement
from requests.permissions import sees_whole, visible

PLACE = "volume"  # of the sealed words
MOST_PAGES = 9999
OWN_LINES = 2  # lines for papers of no other room, on one page of the form


@dataclass(frozen=True)
class Counted:
    """What somebody counted of one piece: its place in the list, how it is kept, how many pages."""

    position: int
    kept: str
    pages: int | None = None


@dataclass(frozen=True)
class Own:
    """A paper that no room knows of, as the archivist writes it into the list."""

    title: str
    pages: int
    number: str = ""
    responsible: str = ""
    dated: date | None = None


def words_of(case: ServiceRequest, volume: Volume) -> dict[str, str]:
    """缺件说明, remarks and the words of whoever checked; {} after the case was anonymised."""
    return persons.open_for(case, volume.sealed, PLACE) or {}


def _add_words(work: Change, volume: Volume, **said: str) -> None:
    kept = words_of(work.case, volume) | {name: text.strip() for name, text in said.items() if text.strip()}
    volume.sealed = persons.seal_for(work.case, kept, PLACE)


def _volume(work: Change, *, closed: bool | None) -> Volume:
    """The volume, locked. `closed` is the state the verb needs."""
    volume = Volume.objects.select_for_update(of=("self",)).select_related("office", "township").filter(service_request=work.case).first()
    if volume is None:
        raise Refused(_("There is no volume yet: begin it first."))
    if closed is False and volume.is_closed:
        raise AlreadyHandled(_("The volume is closed. What came later is added by a supplement."))
    if closed is True and not volume.is_closed:
        raise Refused(_("The volume is not closed yet."))
    work.redate = False
    return volume


# -- putting together -------------------------------------------------------------------------------------------


def assemble_volume(case: ServiceRequest, *, by: User, now: datetime) -> Volume:
    """立卷: the volume of an ended case, with the list the case makes by itself. The pages are still to be counted."""
    with change("assemble_volume", case, by=by, now=now) as work:
        if Volume.objects.filter(service_request=work.case).exists():
            raise AlreadyHandled(_("The volume of this case was begun already."))
        volume = Volume(
            service_request=work.case, township=work.case.township, office=work.case.office, assembled_at=now, assembled_by=by
        )
        volume.save()
        _take_up(work.case, volume)
        work.redate = False
    return volume


def _take_up(case: ServiceRequest, volume: Volume) -> None:
    """Lines for what came since the list was made, at its end."""
    lines = catalogue.lines_of(volume)
    last = max((line.position for line in lines), default=0)
    for position, piece in enumerate(catalogue.not_listed(case, lines), start=last + 1):
        VolumeLine(volume=volume, position=position, **piece.columns).save()


def list_volume(
    case: ServiceRequest, counted: Mapping[str, Counted], *, own: Iterable[Own] = (), remove: Iterable[str] = (), by: User, now: datetime
) -> None:
    """核对卷内目录: order, how each piece is kept and its pages, as somebody counted them. `own`: papers written in by hand."""
    with change("list_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=False)
        _take_up(work.case, volume)
        lines = {catalogue.key_of(line): line for line in catalogue.lines_of(volume)}
        gone = [key for key in {*counted, *remove} if key not in lines]
        if gone:
            raise AlreadyHandled(_("The list was changed meanwhile. Look at it again."))
        for key in remove:
            if lines[key].kind != Kind.OTHER:
                raise Refused(_("Only what was written in by hand can be taken out; of the others say that they are missing."))
            lines[key].delete()
        before = {line.pk: line.position for line in lines.values()}
        for key, one in counted.items():
            if key not in remove:
                _count(lines[key], one)
        _write_own(work.case, volume, own, start=1 + max((line.position for line in lines.values()), default=0))
        _number_anew(volume, before)


def _count(line: VolumeLine, one: Counted) -> None:
    if one.kept not in Kept.values:
        raise Refused(_("Say how each piece is kept."))
    if one.kept == Kept.PAPER and not 1 <= (one.pages or 0) <= MOST_PAGES:
        raise Refused(_("Count the pages of what is on paper."))
    line.position, line.kept, line.pages = one.position, one.kept, one.pages if one.kept == Kept.PAPER else None
    line.save()


def _write_own(
    case: ServiceRequest, volume: Volume, own: Iterable[Own], *, start: int, supplement: VolumeSupplement | None = None
) -> None:
    for position, one in enumerate(own, start=start):
        if not one.title.strip() or not 1 <= one.pages <= MOST_PAGES:
            raise Refused(_("A paper that is written in needs its title and its pages."))
        said = {"title": one.title.strip(), "number": one.number.strip(), "responsible": one.responsible.strip()}
        sealed = persons.seal_for(case, said, catalogue.PLACE_OF_LINE)
        VolumeLine(
            volume=volume, position=position, kind=Kind.OTHER, dated=one.dated, kept=Kept.PAPER, pages=one.pages, sealed=sealed,
            supplement=supplement,
        ).save()  # fmt: skip


def _number_anew(volume: Volume, before: Mapping[int, int]) -> None:
    """顺号 without gaps. Who moves a line to the place of another one means that place: up in front of it, down behind it."""

    def wanted(line: VolumeLine) -> tuple[int, int, int]:
        moved = line.position - before.get(line.pk, line.position)
        return line.position, (moved > 0) - (moved < 0), line.pk

    for place, line in enumerate(sorted(catalogue.lines_of(volume), key=wanted), start=1):
        if line.position != place:
            line.position = place
            line.save()


def close_volume(
    case: ServiceRequest, *, term: str = "", basis: str = "", missing: str = "", remarks: str = "", by: User, now: datetime
) -> str:
    """关卷: the volume gets its archive number and is frozen. Returns the number.

    Refused while pages are not counted, and while something is missing without a note that says what and why (缺件说明).
    `term`: "" = by the rule of the item's category; another one needs its own basis.
    """
    with change("close_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=False)
        lines = catalogue.lines_of(volume)
        _refuse_uncounted(work.case, lines)
        found = lacks.of(work.case, lines)
        if found and not missing.strip():
            raise Refused(_("Something is missing. Write a note of what and why: %(what)s") % {"what": " ".join(found)})
        _keep(volume, rules.kept_by_rule(work.case), term, basis)
        ended_on = timezone.localdate(work.case.ended_at or now)
        volume.year, volume.closed_at, volume.closed_by, volume.is_incomplete = ended_on.year, now, by, bool(found)
        _add_words(work, volume, missing=missing, remarks=remarks)
        volume.number = rules.take_number(volume, ended_on)
        volume.save()
        work.facts.update(number=volume.number, is_incomplete=bool(found))
        work.words["text"] = missing
    return volume.number


def _refuse_uncounted(case: ServiceRequest, lines: list[VolumeLine]) -> None:
    if not lines:
        raise Refused(_("The list is empty: write in what lies in the file."))
    open_ones = [line.title for line in catalogue.shown(case, lines) if not line.kept]
    open_ones += [line.title for line in catalogue.shown(case, [catalogue.as_line(one) for one in catalogue.not_listed(case, lines)])]
    if open_ones:
        raise Refused(_("Count the pages first: %(what)s.") % {"what": _(", ").join(open_ones)})


def _keep(volume: Volume, rule: rules.Kept, term: str, basis: str) -> None:
    if term in ("", rule.term):
        volume.term, volume.basis, volume.is_confirmed = rule.term, rule.basis, rule.is_confirmed
    elif term not in Term.values or not basis.strip():
        raise Refused(_("Another term than that of the item needs its basis."))
    else:
        volume.term, volume.basis, volume.is_confirmed = term, basis.strip(), False


def check_volume(case: ServiceRequest, *, words: str = "", by: User, now: datetime) -> None:
    """检查: the head looks the closed volume through and stands on its 备考表. Never whoever closed it."""
    with change("check_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        if volume.checked_at:
            raise AlreadyHandled(_("The volume was checked already."))
        if volume.closed_by_id == by.pk:
            raise Refused(_("A second person has to check it: you closed it yourself."))
        volume.checked_at, volume.checked_by = now, by
        _add_words(work, volume, checked=words)
        volume.save()
        work.facts["number"] = volume.number
        work.words["text"] = words


def supplement_volume(
    case: ServiceRequest, counted: Mapping[str, Counted], *, own: Iterable[Own] = (), reason: str, is_whole: bool = False, by: User,
    now: datetime,
) -> None:
    """补充归入: what came after the volume was closed, added behind it with a note. `is_whole`: nothing is missing any more."""
    if not reason.strip():
        raise Refused(_("Write down what is added and why."))
    with change("supplement_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        waiting = {piece.key: piece for piece in catalogue.not_listed(work.case, catalogue.lines_of(volume))}
        own = list(own)
        if any(key not in waiting for key in counted):
            raise AlreadyHandled(_("The list was changed meanwhile. Look at it again."))
        if not counted and not own and not is_whole:
            raise Refused(_("Nothing was added."))
        added = VolumeSupplement.objects.create(volume=volume, sealed=persons.seal_for(work.case, reason, PLACE), at=now, by=by)
        for key, one in counted.items():
            _count(VolumeLine(volume=volume, supplement=added, **waiting[key].columns), one)
        _write_own(work.case, volume, own, start=1 + max((one.position for one in counted.values()), default=0), supplement=added)
        if is_whole:
            volume.is_incomplete = False
            volume.save()
        work.facts["number"] = volume.number
        work.words["text"] = reason


# -- where the paper is -----------------------------------------------------------------------------------------


def boxes_for(volume: Volume):
    """Boxes this volume may stand in: of its office, its year and its term."""
    return ArchiveBox.objects.filter(township=volume.township_id, office=volume.office_id, year=volume.year, term=volume.term)


def box_volume(case: ServiceRequest, box: ArchiveBox, *, by: User, now: datetime) -> None:
    """装盒: into a box, or out of one box into another."""
    with change("box_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        if not boxes_for(volume).filter(pk=box.pk).exists():
            raise Refused(_("In one box stand volumes of one office, one year and one term."))
        if volume.box_id == box.pk:
            raise AlreadyHandled(_("The volume stands in this box already."))
        volume.box = box
        volume.save()
        work.facts.update(number=volume.number, box=box.number)


# -- lending ----------------------------------------------------------------------------------------------------


def borrowers_of(case: ServiceRequest) -> list[User]:
    """Staff who may read the file, and nobody else: those who see the whole case by their rights on its offices."""
    found = [one for name in (HANDLE, HEAD, SUPERVISE, INSPECT) for one in holders(name, case.office)]
    found += holders(TAKE_IN, case.intake_office)
    return sorted(
        {one.pk: one for one in found if may_read(one, case)}.values(), key=lambda one: (one.office_id != case.office_id, one.staff_no)
    )


def may_read(user: User, case: ServiceRequest) -> bool:
    return visible(user).filter(pk=case.pk).exists() and sees_whole(user, case)


def lend_volume(case: ServiceRequest, borrower: User, why: str, *, days: int, words: str = "", by: User, now: datetime) -> VolumeLoan:
    """借出: registered now, reviewed by the head afterwards. `days` are working days; the last of them still counts."""
    if why not in VolumeLoan.Why.values:
        raise Refused(_("Say what for."))
    if why == VolumeLoan.Why.OTHER and not words.strip():
        raise Refused(_("Say what for."))
    if not 1 <= days <= rules.LONGEST_LOAN:
        raise Refused(_("From 1 to %(n)s working days.") % {"n": rules.LONGEST_LOAN})
    with change("lend_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        out = volume.loans.filter(returned_at=None).select_related("borrower").first()
        if out is not None:
            raise AlreadyHandled(_("The volume is on loan: %(name)s has it.") % {"name": out.borrower.name})
        if not borrower.is_active or not may_read(borrower, work.case):
            raise Refused(_("%(name)s may not read this case, so the volume is not lent there.") % {"name": borrower.name})
        loan = VolumeLoan(
            volume=volume, borrower=borrower, why=why, lent_at=now, lent_by=by,
            due_on=calendar_for(work.case.township_id).add(timezone.localdate(now), days),
            sealed=persons.seal_for(work.case, {"words": words.strip()}, "loan") if words.strip() else "",
        )  # fmt: skip
        loan.save()
        work.facts.update(number=volume.number, borrower=borrower.pk, back_by=str(loan.due_on))
        work.words["text"] = words
    return loan


def return_volume(case: ServiceRequest, *, is_whole: bool, words: str = "", by: User, now: datetime) -> None:
    """归还: the pages are counted against the list. What is missing makes the volume an incomplete one."""
    if not is_whole and not words.strip():
        raise Refused(_("Write down which pages are missing."))
    with change("return_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        loan = volume.loans.select_for_update(of=("self",)).filter(returned_at=None).first()
        if loan is None:
            raise AlreadyHandled(_("The volume is not on loan."))
        loan.returned_at, loan.returned_to, loan.is_whole = now, by, is_whole
        loan.save()
        if not is_whole:
            volume.is_incomplete = True
            volume.save()
        work.facts.update(number=volume.number, is_whole=is_whole, borrower=loan.borrower_id)
        work.words["text"] = words


def recall_volume(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """收回: the head does not agree with a loan. It has to be back on the next working day, or earlier where that was said."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("recall_volume", case, by=by, now=now) as work:
        volume = _volume(work, closed=True)
        loan = volume.loans.select_for_update(of=("self",)).filter(returned_at=None).first()
        if loan is None:
            raise AlreadyHandled(_("The volume is not on loan."))
        if loan.recalled_at:
            raise AlreadyHandled(_("The volume was asked back already."))
        loan.recalled_at, loan.recalled_by = now, by
        loan.due_on = min(loan.due_on, calendar_for(work.case.township_id).next_workday(timezone.localdate(now)))
        loan.save()
        work.facts.update(number=volume.number, borrower=loan.borrower_id, back_by=str(loan.due_on))
        work.words["text"] = reason
