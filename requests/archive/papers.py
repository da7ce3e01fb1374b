"""What is printed of volumes and boxes, in Chinese whatever language the page has."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone, translation

from requests import persons, receipts
from requests.archive import catalogue, rules, verbs
from requests.models import ArchiveBox, ServiceRequest, Term, Volume, VolumeLine
from requests.printing import sheets
from requests.printing.contracts import BoxData, BoxedVolume, SupplementData, VolumeData, VolumeLineData

TERM_WORDS = {Term.PERMANENT: "永久", Term.THIRTY: "30年", Term.TEN: "10年"}
INCOMPLETE = "有缺件说明"


def volume_pdf(case: ServiceRequest, volume: Volume, address: str) -> bytes:
    """案卷封面, 卷内目录 and 备考表. `case` with key, edition, township, office and applicant."""
    with translation.override("zh-hans"):
        return sheets.volume(volume_data(case, volume, address))


def volume_data(case: ServiceRequest, volume: Volume, address: str) -> VolumeData:
    listed = catalogue.shown(case, catalogue.lines_of(volume))
    said = verbs.words_of(case, volume)
    rule = rules.kept_by_rule(case)
    hidden = case.kind == ServiceRequest.Kind.MEDIATION or case.anonymised_at is not None
    return VolumeData(
        head=receipts.letterhead_of(case.office),
        number=volume.number,
        case_number=case.number,
        title=catalogue.title_of(case),
        category=case.edition.category.name if case.edition_id and case.edition.category_id else "",
        office=case.office.name,
        applicant=case.key.name_masked,
        id_number="" if hidden else persons.masked(case)["id_number"],
        begun_on=timezone.localdate(case.received_at),
        ended_on=timezone.localdate(case.ended_at or case.received_at),
        term=TERM_WORDS[Term(volume.term or rule.term)],
        basis=volume.basis or rule.basis,
        is_confirmed=volume.is_confirmed if volume.is_closed else rule.is_confirmed,
        box=volume.box.number if volume.box else "",
        place=volume.box.place if volume.box else "",
        lines=tuple(_line(one) for one in listed if one.supplement_id is None),
        supplements=supplements_of(case, volume, listed),
        missing=said.get("missing", ""),
        remarks=said.get("remarks", ""),
        checked=said.get("checked", ""),
        assembled_by=volume.assembled_by.name,
        assembled_on=timezone.localdate(volume.assembled_at),
        closed_by=volume.closed_by.name if volume.closed_by else "",
        closed_on=timezone.localdate(volume.closed_at) if volume.closed_at else None,
        checked_by=volume.checked_by.name if volume.checked_by else "",
        checked_on=timezone.localdate(volume.checked_at) if volume.checked_at else None,
        address=address,
    )


def _line(one: catalogue.Shown) -> VolumeLineData:
    return VolumeLineData(
        place=one.place, number=one.number, responsible=one.responsible, title=one.title, dated=one.dated, pages=one.pages,
        page_numbers=one.page_numbers, note=one.note,
    )  # fmt: skip


def supplements_of(case: ServiceRequest, volume: Volume, listed: list[catalogue.Shown]) -> tuple[SupplementData, ...]:
    """What was added after the closing, each with its lines of the list."""
    return tuple(
        SupplementData(
            added_on=timezone.localdate(one.at),
            by=one.by.name,
            reason=persons.open_for(case, one.sealed, verbs.PLACE) or "",
            lines=tuple(_line(line) for line in listed if line.supplement_id == one.pk),
        )
        for one in volume.supplements.select_related("by")
    )


def box_pdf(box: ArchiveBox, seen: QuerySet[Volume], address: str) -> bytes:
    """Label of the spine, cover and 盒内备考表. `seen`: the volumes the reader may see."""
    with translation.override("zh-hans"):
        return sheets.archive_box(box_data(box, seen, address))


def box_data(box: ArchiveBox, seen: QuerySet[Volume], address: str) -> BoxData:
    shown = {one.pk: one for one in seen.filter(box=box)}
    inside = box.volumes.prefetch_related("lines").order_by("number")
    return BoxData(
        head=receipts.letterhead_of(box.office),
        number=box.number,
        fonds=rules.setting_of(box.township).fonds,
        office=box.office.name,
        year=box.year,
        term=TERM_WORDS[Term(box.term)],
        place=box.place,
        volumes=tuple(_boxed(one, shown.get(one.pk)) for one in inside),
        printed_on=timezone.localdate(),
        address=address,
    )


def _boxed(volume: Volume, seen: Volume | None) -> BoxedVolume:
    pages = pages_of(volume.lines.all())
    if seen is None:
        return BoxedVolume(number=volume.number, pages=pages)
    case = seen.service_request
    return BoxedVolume(
        number=volume.number,
        title=catalogue.title_of(case),
        ended_on=timezone.localdate(case.ended_at) if case.ended_at else None,
        pages=pages,
        note=INCOMPLETE if volume.is_incomplete else "",
    )


def pages_of(lines: Iterable[VolumeLine]) -> int:
    return sum(line.pages or 0 for line in lines)
