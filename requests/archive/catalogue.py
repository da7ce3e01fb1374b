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
from requests.intake import AUTHORITY_LINE
from requests.materials import checklist
from requests.models import Delivery, Document, Forwarding, MaterialReceipt, ServiceRequest, SiteVisit, Task, Volume, VolumeLine
from services.models import Material

K = Document.Kind
Kind, Kept = VolumeLine.Kind, VolumeLine.Kept
# The result first, then the road of the case: how it began, what was handed in, what happened, how it was delivered.
RESULTS = (K.DECISION, K.REFUSAL_DECISION, K.INTAKE_REFUSAL, K.ON_THE_SPOT, K.CLOSING)
BEGINNINGS = (K.RECEIPT, K.ACCEPTANCE, K.AUTHORISATION)
PLACE_OF_LINE = "volume-line"
# What a line OF_CASE is about: the beginning of its `source`, mostly before the id of a row.
LINE, VILLAGE, NOTICE, TASK, TOLD, SIGNED = "line", "village", "notice", "task", "told", "signed"
APPLICATION, RECORD = "application", "record"


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
    found += _of_own_lines(case)
    found += _of_public_notices(case)
    found += _of_tasks(case)
    found += _of_notices(case, standing)
    found += _of_mediation(case)
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


def _of_the_case(source: str, rank: int, dated: date | None, *, is_copy: bool = False) -> Piece:
    """What no table of papers holds: `source` says what of the case it is, and the words are made when the line is read."""
    return Piece(
        f"{Kind.OF_CASE}-{source}", rank, dated, {"kind": Kind.OF_CASE, "dated": dated, "is_copy": is_copy, "source": source}
    )


def _of_own_lines(case: ServiceRequest) -> list[Piece]:
    """授权委托书及受托人证件, and papers that came in on no list of the item."""
    came = [line for line in checklist(case) if line.material is None and line.state == MaterialReceipt.State.IN and any(line.own)]
    rows = MaterialReceipt.objects.filter(service_request=case, line__in=[line.key for line in came], state=MaterialReceipt.State.IN)
    days = {row.line: timezone.localdate(row.at) for row in rows.order_by("-id")}
    return [_of_the_case(f"{LINE}:{line.key}", 2, days.get(line.key), is_copy=not line.own[0]) for line in came]


def _of_public_notices(case: ServiceRequest) -> list[Piece]:
    """村级公示 and 公示 with the record of their posting; what never hung is no paper of the file."""
    village = case.village_notices.order_by("-id").first()
    found = [_of_the_case(f"{VILLAGE}:{village.pk}", 3, village.hang_on)] if village is not None else []
    hung = case.noticed.filter(notice__posted_at__isnull=False).select_related("notice").order_by("id")
    return found + [_of_the_case(f"{NOTICE}:{row.pk}", 3, row.notice.hang_on) for row in hung]


def _of_tasks(case: ServiceRequest) -> list[Piece]:
    """联审意见: what each office found."""
    done = case.tasks.filter(status=Task.Status.DONE).order_by("id")
    return [_of_the_case(f"{TASK}:{row.pk}", 3, timezone.localdate(row.ended_at) if row.ended_at else None) for row in done]


def _of_notices(case: ServiceRequest, standing: list[Document]) -> list[Piece]:
    """补正告知: where no paper of ours says it, the record that it was told; and that it was signed or sent."""
    ours = {one.pk for one in standing}
    told = case.supplement_notices.filter(told_at__isnull=False).order_by("id")
    found = [_of_the_case(f"{TOLD}:{row.pk}", 3, timezone.localdate(row.told_at)) for row in told if row.document_id is None]
    signed = [row for row in told if row.acknowledged_at and (row.document_id is None or row.document_id in ours)]
    return found + [_of_the_case(f"{SIGNED}:{row.pk}", 4, timezone.localdate(row.acknowledged_at)) for row in signed]


def _of_mediation(case: ServiceRequest) -> list[Piece]:
    """人民调解: the application as it was registered, and the record of what was said where somebody mediated."""
    if case.kind != ServiceRequest.Kind.MEDIATION:
        return []
    found = [_of_the_case(APPLICATION, 1, timezone.localdate(case.received_at))]
    if case.mediation.mediator_id is not None:
        found.append(_of_the_case(RECORD, 3, timezone.localdate(case.decided_at or case.ended_at or case.received_at)))
    return found


def _gone_to_the_county(case: ServiceRequest) -> set[int]:
    """Materials whose original the county kept: it went there on paper, was not held to be given back, and did not come back."""
    kept = case.forwardings.filter(kind=Forwarding.Kind.COUNTY).exclude(status=Forwarding.Status.RETURNED)
    return {
        paper["material"]
        for row in kept.exclude(how=Forwarding.How.SYSTEM)
        for paper in row.papers
        if paper.get("originals") and not paper.get("held") and paper["material"]
    }


def _of_materials(case: ServiceRequest) -> list[Piece]:
    """What stays on paper: copies, and originals that are the office's own. What was only shown leaves no paper behind."""
    days = {
        row.material_id: timezone.localdate(row.at)
        for row in MaterialReceipt.objects.filter(service_request=case, state=MaterialReceipt.State.IN).order_by("-id")
    }
    gone = _gone_to_the_county(case)
    found = []
    for line in checklist(case):
        material, State = line.material, MaterialReceipt.State
        if material is None or material.form == Material.Form.SHARED or line.state not in (State.IN, State.RETURNED):
            continue
        custody = material.custody or []
        keeps_copy = Material.Custody.COPY_KEPT in custody or material.form in (Material.Form.COPY, Material.Form.ORIGINAL_AND_COPY)
        keeps_original = line.state == State.IN and material.pk not in gone and (Material.Custody.ORIGINAL_KEPT in custody or not custody)
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
    if line.source:
        return f"{line.kind}-{line.source}"
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
    if line.source:
        return _words_of_source(case, line)
    said = persons.open_for(case, line.sealed, PLACE_OF_LINE) or {}
    return said.get("title", GONE), said.get("number", ""), said.get("responsible", ""), ""


def _words_of_source(case: ServiceRequest, line: VolumeLine) -> tuple[str, str, str, str]:
    """Of what the case did itself; the words of rows that are gone stay general."""
    office, (what, _colon, key) = str(case.office), line.source.partition(":")
    if line.source == APPLICATION:
        return "人民调解申请登记表", "", "申请人", ""
    if line.source == RECORD:
        return "人民调解记录", "", office, ""
    if what == LINE:
        names = {one.key: one.name for one in checklist(case)} | {AUTHORITY_LINE: "授权委托书及受托人身份证件"}
        name = names.get(key, "其他材料")
        return f"{name}（复印件）" if line.is_copy else name, "", "申请人", ""
    if what == VILLAGE:
        row = case.village_notices.get(pk=key)
        return f"村级公示及张贴记录（{_days(row.hang_on, row.last_on)}）", "", str(case.village or "村民委员会"), ""
    if what == NOTICE:
        hung = case.noticed.select_related("notice").get(pk=key).notice
        return f"公示及张贴记录（{_days(hung.first_on, hung.last_on)}）", hung.number, office, ""
    if what == TASK:
        task = case.tasks.select_related("step", "office").get(pk=key)
        return f"{task.step.title}意见", "", str(task.office or office), ""
    told = case.supplement_notices.get(pk=key)
    if what == SIGNED:
        return "补正告知的签收或寄送记录", "", str(case.intake_office), ""
    return "一次性告知记录" if told.ordinal == 1 else f"第{told.ordinal}次补正告知记录", "", str(case.intake_office), ""


def _days(first: date, last: date) -> str:
    return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"


def title_of(case: ServiceRequest) -> str:
    """题名 of the volume: what it is about and whose it is, the name masked (domain 11.2); of a mediation no name at all."""
    whose = case.key.name_masked
    return f"{case.edition.name if case.edition_id else '人民调解'}{f'（{whose}）' if whose else ''}"
