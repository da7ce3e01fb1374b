"""卷内目录: which pieces a case leaves behind, in which order, and how a line of the list reads. Its words are Chinese, as on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from requests import persons
from requests.county import verbs as county
from requests.documents.issuing import PLACE
from requests.documents.kinds import FORMS
from requests.materials import checklist
from requests.models import Delivery, Document, Forwarding, MaterialReceipt, ServiceRequest, SiteVisit, Volume, VolumeLine
from services.models import Material

K = Document.Kind
Kind, Kept = VolumeLine.Kind, VolumeLine.Kept
# The result first, then the road of the case: how it began, what was handed in, what happened, how it was delivered.
RESULTS = (K.DECISION, K.REFUSAL_DECISION, K.INTAKE_REFUSAL, K.ON_THE_SPOT, K.CLOSING)
BEGINNINGS = (K.RECEIPT, K.ACCEPTANCE, K.AUTHORISATION)
PLACE_OF_LINE = "volume-line"


@dataclass(frozen=True)
class Piece:
    """One piece of the file, before it is a line. `key` tells it from every other one of the case."""

    key: str
    rank: int
    dated: date | None
    columns: dict[str, Any]


def pieces(case: ServiceRequest) -> list[Piece]:
    """What the case holds now, in the order of a volume. Voided papers and all receipts but the last are no part of it."""
    standing = list(case.documents.filter(void=None).order_by("id"))
    last_receipt = max((one.pk for one in standing if one.kind == K.RECEIPT), default=None)
    found = [_of_document(one) for one in standing if one.kind != K.RECEIPT or one.pk == last_receipt]
    found += _of_county(case)
    found += _of_materials(case)
    found += _of_deliveries(case, standing)
    found += _of_visits(case)
    return sorted(found, key=lambda piece: (piece.rank, piece.dated or date.min))


def _of_document(document: Document) -> Piece:
    if document.kind in RESULTS:
        rank = 0
    elif document.kind in BEGINNINGS:
        rank = 1
    else:
        rank = 4 if document.kind == K.DELIVERY else 3
    return _piece(Kind.DOCUMENT, rank, timezone.localdate(document.at), document=document)


def _piece(kind: str, rank: int, dated: date | None, *, is_copy: bool = False, **source: Any) -> Piece:
    return Piece(
        f"{kind}-{next(iter(source.values())).pk}", rank, dated, {"kind": kind, "dated": dated, "is_copy": is_copy, **source}
    )


def _of_materials(case: ServiceRequest) -> list[Piece]:
    """What stays on paper: copies, and originals that are the office's own. What was only shown leaves no paper behind."""
    days = {
        row.material_id: timezone.localdate(row.at)
        for row in MaterialReceipt.objects.filter(service_request=case, state=MaterialReceipt.State.IN).order_by("-id")
    }
    found = []
    for line in checklist(case):
        material, State = line.material, MaterialReceipt.State
        if material is None or material.form == Material.Form.SHARED or line.state not in (State.IN, State.RETURNED):
            continue
        custody = material.custody or []
        keeps_copy = Material.Custody.COPY_KEPT in custody or material.form in (Material.Form.COPY, Material.Form.ORIGINAL_AND_COPY)
        keeps_original = line.state == State.IN and (Material.Custody.ORIGINAL_KEPT in custody or not custody)
        if keeps_copy or keeps_original:
            found.append(
                _piece(Kind.MATERIAL, 2, days.get(material.pk), is_copy=keeps_copy and not keeps_original, material=material)
            )
    return found


def _of_county(case: ServiceRequest) -> list[Piece]:
    """The paper in which the county decided: a result like one of ours, kept as a copy."""
    decided = case.forwardings.filter(status=Forwarding.Status.DECIDED).order_by("id")
    return [_piece(Kind.FORWARDING, 0, row.result_on, is_copy=True, forwarding=row) for row in decided]


def _of_deliveries(case: ServiceRequest, standing: list[Document]) -> list[Piece]:
    """A delivery for which a proof was issued is that proof; of the others the record itself."""
    proofs = {_proves(case, one) for one in standing if one.kind == K.DELIVERY}
    rows = Delivery.objects.filter(document__in=[one.pk for one in standing]).select_related("document").order_by("id")
    return [
        _piece(Kind.DELIVERY, 4, timezone.localdate(row.delivered_at), delivery=row)
        for row in rows
        if not any(str(row.document) in proof for proof in proofs)
    ]


def _proves(case: ServiceRequest, proof: Document) -> str:
    """The paper that a proof of delivery is about, in the proof's own words."""
    said = (persons.open_for(case, proof.sealed, PLACE) or {}).get("parts", ())
    return next((part["text"] for part in said if part["key"] == "document"), "")


def _of_visits(case: ServiceRequest) -> list[Piece]:
    """Pictures of a site visit, and a visit without a record of its own among the papers."""
    visits = case.site_visits.filter(status=SiteVisit.Status.HELD).prefetch_related("photos")
    return [
        _piece(Kind.VISIT, 3, timezone.localdate(visit.visited_at), visit=visit)
        for visit in visits
        if visit.document_id is None or visit.photos.all()
    ]


# -- the lines --------------------------------------------------------------------------------------------------


def key_of(line: VolumeLine) -> str:
    for name in ("document", "material", "delivery", "visit", "forwarding"):
        pk = getattr(line, f"{name}_id")
        if pk is not None:
            return f"{line.kind}-{pk}"
    return f"{line.kind}-{line.pk}"


def lines_of(volume: Volume) -> list[VolumeLine]:
    """The stored lines: the closed list first, then each supplement."""
    found = volume.lines.select_related(
        "document__by", "document__void", "material", "delivery__document", "visit", "forwarding", "supplement"
    ).prefetch_related("visit__photos")
    return sorted(found, key=lambda line: (line.supplement_id or 0, line.position, line.pk))


def not_listed(case: ServiceRequest, lines: Iterable[VolumeLine]) -> list[Piece]:
    """Pieces of the case that stand in no line yet: they came after the list was begun, or after the volume was closed."""
    known = {key_of(line) for line in lines}
    return [piece for piece in pieces(case) if piece.key not in known]


@dataclass(frozen=True)
class Shown:
    """A line as it is read and printed. `first` and `last` are page numbers within the volume, 0 where there is no paper."""

    key: str
    place: int
    title: str
    number: str = ""
    responsible: str = ""
    dated: date | None = None
    kept: str = ""
    pages: int | None = None
    first: int = 0
    last: int = 0
    note: str = ""
    is_own: bool = False
    supplement_id: int | None = None

    @property
    def page_numbers(self) -> str:
        if not self.first:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


KEPT_WORDS = {Kept.ELECTRONIC: "仅电子件", Kept.MISSING: "缺"}


def shown(case: ServiceRequest, lines: Iterable[VolumeLine]) -> list[Shown]:
    """The list with its running numbers; pages run on through the supplements."""
    found, last = [], 0
    for place, line in enumerate(lines, start=1):
        first = last + 1 if line.pages else 0
        last += line.pages or 0
        title, number, responsible, note = _words(case, line)
        note = "；".join(part for part in (KEPT_WORDS.get(line.kept, ""), note) if part)
        found.append(
            Shown(
                key_of(line), place, title, number, responsible, line.dated, line.kept, line.pages, first, last if first else 0, note,
                line.kind == Kind.OTHER, line.supplement_id,
            )
        )  # fmt: skip
    return found


def as_line(piece: Piece) -> VolumeLine:
    """A piece as the line it would be: to be shown before it is stored."""
    return VolumeLine(**piece.columns)


GONE = "（随个人信息一并删除）"


def _words(case: ServiceRequest, line: VolumeLine) -> tuple[str, str, str, str]:
    """Title, number, who wrote it, remark."""
    if line.document_id is not None:
        document = line.document
        code = f"电子件校验码 {document.check_code}"
        note = f"已作废，{code}" if hasattr(document, "void") else code
        return FORMS[document.kind].name, document.number, document.issuer or str(case.intake_office), note
    if line.material_id is not None:
        return f"{line.material.name}（{'复印件' if line.is_copy else '原件'}）", "", "申请人", ""
    if line.delivery_id is not None:
        document = line.delivery.document
        return f"送达回证（{FORMS[document.kind].name}）", document.number, document.issuer or str(case.office), ""
    if line.forwarding_id is not None:
        said = county.words_of(case, line.forwarding)
        return f"{said.get('paper') or GONE}（复印件）", said.get("result_number", ""), line.forwarding.to_body, ""
    if line.visit_id is not None:
        count = len(line.visit.photos.all())
        return f"现场踏勘照片（{count}张）" if count else "现场踏勘材料", "", str(case.office), ""
    said = persons.open_for(case, line.sealed, PLACE_OF_LINE) or {}
    return said.get("title", GONE), said.get("number", ""), said.get("responsible", ""), ""


def title_of(case: ServiceRequest) -> str:
    """题名 of the volume: what it is about and whose it is, the name masked (domain 11.2); of a mediation no name at all."""
    whose = case.key.name_masked
    return f"{case.edition.name if case.edition_id else '人民调解'}{f'（{whose}）' if whose else ''}"
