"""The verbs of site visits: planned with a date that is told, recorded with findings and pictures, serving several tasks at once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from officials import pictures
from officials.models import User
from officials.permissions import HANDLE, rights
from requests import messages, persons
from requests.documents import Paper, Part, issue
from requests.joint import photos, tasks
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import Document, ServiceRequest, SiteVisit, Task
from requests.printing import wording

Status = SiteVisit.Status
PLACE = "site_visit"  # of the sealed words
MOST_PHOTOS = 9
FEWEST_VISITORS = 2
Named = tuple[str, str]  # somebody who has no sign-in here: name, and body or standing (自然资源局, 村民代表)


def plan_visit(
    case: ServiceRequest,
    *,
    planned_at: datetime,
    place: str,
    visitors: Collection[User],
    from_elsewhere: Sequence[Named] = (),
    by: User,
    now: datetime,
) -> SiteVisit:
    """Date, place and who goes; the applicant is told the date. It serves every open task of the case."""
    if planned_at <= now:
        raise Refused(_("The visit lies in the future."))
    _refuse_alone(visitors, from_elsewhere)
    if not place.strip():
        raise Refused(_("Write down where it is."))
    with change("plan_visit", case, by=by, now=now) as work:
        if SiteVisit.objects.filter(service_request=work.case, status=Status.PLANNED, planned_at=planned_at).exists():
            raise AlreadyHandled(_("This visit is planned already."))
        for earlier in SiteVisit.objects.filter(service_request=work.case, status=Status.PLANNED):
            # Another date takes the place of the one that was told.
            earlier.status = Status.CANCELLED
            earlier.save()
        served = Task.objects.filter(service_request=work.case, status=Task.Status.OPEN).values_list("pk", flat=True)
        visit = SiteVisit(
            service_request=work.case, status=Status.PLANNED, planned_at=planned_at, visitors=_ids(visitors), tasks=list(served),
            sealed=persons.seal_for(work.case, {"place": place} | _kept({"from_elsewhere": from_elsewhere}), PLACE), at=now, by=by,
        )  # fmt: skip
        visit.save()
        work.facts.update(visit=visit.pk, planned_at=planned_at.isoformat())
        work.redate = False
        messages.tell(work, "visit", at=wording.moment(planned_at))
    return visit


def record_visit(
    case: ServiceRequest,
    *,
    visited_at: datetime,
    place: str,
    visitors: Collection[User],
    present: str,
    findings: str,
    from_elsewhere: Sequence[Named] = (),
    others: Sequence[Named] = (),
    pictures_taken: Sequence[bytes] = (),
    finish: Collection[Task] = (),
    by: User,
    now: datetime,
) -> SiteVisit:
    """踏勘记录: two people at least were there (行政许可法 34), who of the parties was present, what was found, the pictures.

    `from_elsewhere`: officials of other bodies (the county, a stationed office), who count among the two beside one of ours at least.
    `others`: who stood by and signs, villagers' representatives, neighbours; they count for nobody.
    `finish`: tasks that end with it; of each one's office somebody was there.
    """
    _refuse_alone(visitors, from_elsewhere)
    for words, sentence in ((place, _("Write down where it was.")), (findings, _("Write down what was found there.")),
                            (present, _("Write down who of the parties was present, or that nobody was."))):  # fmt: skip
        if not words.strip():
            raise Refused(sentence)
    if len(pictures_taken) > MOST_PHOTOS:
        raise Refused(_("At most %(n)s pictures.") % {"n": MOST_PHOTOS})
    with change("record_visit", case, by=by, now=now) as work:
        if visited_at > now or visited_at < work.case.received_at:
            raise Refused(_("The visit was after the case was received, and not in the future."))
        if SiteVisit.objects.filter(service_request=work.case, status=Status.HELD, visited_at=visited_at).exists():
            raise AlreadyHandled(_("This visit is recorded already."))
        planned = SiteVisit.objects.filter(service_request=work.case, status=Status.PLANNED).first()
        visit = planned or SiteVisit(service_request=work.case, at=now, by=by)
        visit.status, visit.visited_at, visit.visitors = Status.HELD, visited_at, _ids(visitors)
        visit.tasks = sorted({*visit.tasks, *(task.pk for task in finish)})
        said: dict[str, Any] = {"place": place, "present": present, "findings": findings}
        said |= _kept({"from_elsewhere": from_elsewhere, "others": others})
        visit.sealed = persons.seal_for(work.case, said, PLACE)
        visit.save()
        for raw in pictures_taken:
            _keep(work, visit, raw)
        visit.document = issue(work.case, _record(work.case, visit, visitors, said, len(pictures_taken)), by=by, now=now)
        visit.save()
        _finish_together(work, finish, visitors, findings)
        work.facts.update(visit=visit.pk, document=str(visit.document), tasks=[task.pk for task in finish])
        work.words["text"], work.redate = findings, False
    return visit


def too_few(visitors: Collection[User], from_elsewhere: Sequence[Named] = ()) -> bool:
    """行政许可法 34: two officials at least. One of them is ours: somebody here answers for the record."""
    ours = len({person.pk for person in visitors})
    return not ours or ours + len(from_elsewhere) < FEWEST_VISITORS


def _refuse_alone(visitors: Collection[User], from_elsewhere: Sequence[Named] = ()) -> None:
    if too_few(visitors, from_elsewhere):
        raise Refused(_("At least two people look at the place."))


def _kept(named: dict[str, Sequence[Named]]) -> dict[str, list[list[str]]]:
    return {key: [list(one) for one in people] for key, people in named.items() if people}


def _ids(people: Collection[User]) -> list[int]:
    return sorted(person.pk for person in people)


def _keep(work: Change, visit: SiteVisit, raw: bytes) -> None:
    try:
        photos.keep(work.case, visit, raw, by=work.by, now=work.now)
    except pictures.NoPicture as error:
        raise Refused(_("Only pictures in JPEG or PNG are kept.")) from error


def _finish_together(work: Change, finish: Collection[Task], visitors: Collection[User], findings: str) -> None:
    for task in finish:
        found = tasks.locked(work, task, Task.Status.OPEN)
        if not any(rights(person).has(HANDLE, found.office_id) for person in visitors):
            raise Refused(_("Nobody of %(office)s was there: its task is not finished by this visit.") % {"office": found.office})
        tasks.end(work, found, Task.Status.DONE, findings)


def _record(case: ServiceRequest, visit: SiteVisit, visitors: Collection[User], said: dict[str, Any], pictures_taken: int) -> Paper:
    ours = tuple((person.name, person.office.name if person.office else "") for person in sorted(visitors, key=lambda one: one.pk))
    rows = (*ours, *(tuple(one) for one in said.get("from_elsewhere", ())))
    others = tuple(tuple(one) for one in said.get("others", ()))
    stood_by = (Part("others", "其他在场人", columns=("姓名", "单位或身份"), rows=others),) if others else ()
    return Paper(
        kind=Document.Kind.SITE_VISIT,
        parts=(
            Part("item", "事项", text=case.title),
            Part("visited_at", "踏勘时间", text=wording.moment(visit.visited_at)),
            Part("place", "踏勘地点", text=said["place"]),
            Part("visitors", "踏勘人员(两人以上)", columns=("姓名", "单位"), rows=rows),
            Part("present", "到场的当事人", text=said["present"]),
            *stood_by,
            Part("findings", "现场情况", text=said["findings"]),
            Part("photos", "影像", text=f"现场拍摄{pictures_taken}张,存本件电子档" if pictures_taken else "未拍摄影像"),
        ),
        signatures=(*(f"踏勘人员签名({name})" for name, _office in rows), "当事人签名",
                    *(f"在场人签名({name})" for name, _body in others), "日期"),
        copies="一式一份,存档",
    )


def words_of(case: ServiceRequest, visit: SiteVisit) -> dict[str, Any]:
    """Place, who was present, with name and body who has no sign-in here, and what was found; {} when the case was anonymised."""
    return persons.open_for(case, visit.sealed, PLACE) or {}


def said_when(visit: SiteVisit) -> datetime:
    return timezone.localtime(visit.visited_at or visit.planned_at)
