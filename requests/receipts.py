"""收件凭证: what it says, frozen when it is issued, and how often it was printed.

The words are made from the case in Chinese (letters are Chinese, design 14) and sealed under its key. As long as the case
says the same, a further print is a reprint of the same document with the same check code; once it says something else (it was
accepted, papers came in), a new document is issued. The tracking secret is never part of the frozen text.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import Office, User
from requests import deadlines, persons
from requests.clock import Due, Kind, Limit, StartEvent
from requests.intake import AUTHORITY_LINE, ID_CARD_LINE
from requests.item_needs import is_applicants_card, is_on_the_spot
from requests.lifecycle import Refused
from requests.limits import Unit
from requests.materials import Line, checklist, village_line
from requests.models import Applicant, Document, DocumentPrint, MaterialReceipt, ServiceRequest
from requests.next_steps import next_steps
from requests.permissions import sees_in_full
from requests.printing import sheets
from requests.printing.contracts import DueDate, Letterhead, MaterialLine, MissingLine, ReceiptData
from requests.reasons import say_amount, say_moment
from requests.supplement import notices, papers

State = MaterialReceipt.State
IdState = Applicant.IdState
LAYOUTS = {"a5": sheets.receipt, "80mm": sheets.receipt_roll}
CUSTODY = {"returned": "验原件退还", "copy_kept": "留复印件", "original_kept": "收原件"}
ID_WHY = {IdState.FORGOTTEN: "忘带，受理前补验", IdState.UNKNOWN: "号码待查，受理前补验", IdState.LOST: "证件遗失，受理前补验"}
STARTS = {"received": "自收到申请起算", "accepted": "自受理起算", "confirmed": "自与申请人确认起算"}
DEMO_NOTICE = "演示系统,非真实凭证"
_NOT_FROZEN = ("secret", "secret_renewed", "secret_late", "reprint", "printed_before", "track_url", "is_question")


def issue(case: ServiceRequest, *, layout: str, secret: str = "", track_url: str = "", by: User, now: datetime) -> bytes:
    """Print the receipt as the case stands: a new document when it says something new, else a reprint, counted.

    `secret` is what this print may still show; whoever calls forgets it afterwards.
    """
    if layout not in LAYOUTS:
        raise Refused(_("There is no such paper format."))
    if not sees_in_full(by, case):
        raise Refused(_("Receipts are printed by the window that took the case in, or by the responsible office."))
    with verb("issue_receipt", by=by, now=now, subject=f"case:{case.pk}"):
        locked = ServiceRequest.objects.select_for_update(of=("self",)).select_related("key").get(pk=case.pk)
        if not locked.key.wrapped_key:
            raise Refused(_("The case was anonymised."))
        earlier = DocumentPrint.objects.filter(document__service_request=case, document__kind=Document.Kind.RECEIPT).count()
        document, data, copies = _document(locked, by=by, now=now)
        DocumentPrint.objects.create(document=document, layout=layout, at=now, by=by)
        # Papers went out without the code: because it was renewed since, or because it waited for whoever took the case in.
        after_others = bool(secret and earlier)
        renewed = after_others and case.events.filter(verb="renew_secret").exists()
    data = replace(
        data,
        secret=secret,
        secret_renewed=renewed,
        secret_late=after_others and not renewed,
        reprint=copies,
        printed_before=bool(earlier),
        track_url=track_url,
    )
    return LAYOUTS[layout](data)


def _document(case: ServiceRequest, *, by: User, now: datetime) -> tuple[Document, ReceiptData, int]:
    """The document to print, its words, and how often it was printed before."""
    data = receipt_data(case)
    words = freeze(data)
    latest = Document.objects.filter(service_request=case, kind=Document.Kind.RECEIPT).order_by("-id").first()
    if latest is not None and persons.open_for(case, latest.sealed, "document") == words:
        return latest, data, latest.prints.count()
    code = sheets.receipt_check_code(data)
    known = Document.objects.filter(service_request=case, check_code=code).first()
    if known is not None:
        # The case says again what an earlier paper of it said (a material given back and brought again).
        return known, data, known.prints.count()
    document = Document.objects.create(
        service_request=case,
        kind=Document.Kind.RECEIPT,
        check_code=code,
        sealed=persons.seal_for(case, words, "document"),
        at=now,
        by=by,
    )
    return document, data, 0


def receipt_data(case: ServiceRequest) -> ReceiptData:
    """What the receipt says now, without the secret. In Chinese whatever language the page has."""
    case = (
        ServiceRequest.objects.select_related(
            "key", "applicant", "edition", "office", "holder", "township", "intake_office", "first_asked"
        )
        .prefetch_related("edition__steps")
        .get(pk=case.pk)
    )
    with translation.override("zh-hans"):
        person = persons.person_of(case)
        lines = checklist(case)
        village = village_line(case)
        awaited = [*lines, village] if village else lines
        slip = getattr(case, "slip", None) if case.origin == ServiceRequest.Origin.SLIP else None
        return ReceiptData(
            head=letterhead(case),
            number=case.number,
            applicant=person.name,
            agent=_agent(person.representative),
            item=case.title,
            is_question=case.kind != ServiceRequest.Kind.APPLICATION,
            received_at=case.received_at,
            received_by=_received_by(case),
            entered_at=case.recorded_at if case.recorded_at != case.received_at else None,
            slip_number=slip.number if slip else "",
            handled_by=" ".join(str(one) for one in (case.office, case.holder) if one),
            materials=tuple(handed_over(line) for line in lines if line.state == State.IN),
            missing=missing(case, awaited),
            missing_note=_where_to_bring(case, lines),
            accepted_at=case.accepted_at,
            next_steps=tuple(next_steps(case, [line for line in awaited if line.is_missing])),
            **dates(case),
        )


def _received_by(case: ServiceRequest) -> str:
    """Who took it in; from a village with both dates of receipt (domain 16.4)."""
    if case.village_received_at is None:
        return f"{case.first_asked}({case.intake_office})"
    at_village = f"{case.first_asked}({case.village}),村级收件{say_moment(timezone.localtime(case.village_received_at))}"
    if case.status == ServiceRequest.Status.AT_VILLAGE:
        return f"{at_village};镇收件:送到镇里后另计"
    return f"{at_village};镇收件{say_moment(timezone.localtime(case.received_at))}({case.intake_office})"


def letterhead(case: ServiceRequest) -> Letterhead:
    """Who speaks: the body that the item names for the receipt; the centre is a place, not an authority."""
    return letterhead_of(case.intake_office, body=_issuer(case))


def letterhead_of(office: Office, body: str = "") -> Letterhead:
    """Heading of the papers of a window."""
    township = office.township
    place = township.centre_name if office.name == township.centre_name else f"{township.centre_name} {office.name}"
    return Letterhead(
        body=body or f"{township.name}人民政府",
        place=place,
        hours=office.hours or township.hours,
        consult_phone=township.phone,
        complaint_phone=township.complaint_phone,
        notice=DEMO_NOTICE if township.is_demo else "",
    )


def _issuer(case: ServiceRequest) -> str:
    for entry in case.edition.documents_by if case.edition_id else ():
        if isinstance(entry, Mapping) and any("收件" in str(name) for name in entry.get("documents", ())):
            return str(entry.get("issuer", ""))
    return ""


def _agent(representative: Mapping[str, str]) -> str:
    if not representative:
        return ""
    relation = representative.get("relation", "")
    return f"{representative['name']}({relation})" if relation else representative["name"]


def handed_over(line: Line) -> MaterialLine:
    material = line.material
    if material is None:
        is_letter = line.key == AUTHORITY_LINE
        originals, copies = line.own
        if line.key == ID_CARD_LINE:
            said = "已补验"
        else:
            said = "收授权书原件、留证件复印件" if is_letter else "收下"
        return MaterialLine(name=line.name, originals=originals, copies=copies, custody=said)
    originals, copies = line.in_the_file
    return MaterialLine(
        name=line.name,
        originals=originals,
        copies=copies,
        custody="、".join(CUSTODY.get(code, code) for code in material.custody),
        note="原件暂存窗口,办完退还" if line.original_held else "",
    )


def missing(case: ServiceRequest, lines: list[Line]) -> tuple[MissingLine, ...]:
    """What is still to come, with what the list that was told says of it: for items whose 补正告知书 another body writes this is what
    the person takes home (一次性告知须书面, domain 7). The forgotten card is told once, also where the item asks for a copy of it.
    """
    open_lines = [line for line in lines if line.is_missing]
    notice = notices.current(case) if open_lines else None
    wrong = {row.key: notices.wrong_with(case, row) for row in notice.lines.all()} if notice is not None else {}
    why = ID_WHY.get(case.applicant.id_state, "")
    awaited = any(line.key == ID_CARD_LINE for line in open_lines)
    as_material = [line.key for line in open_lines if line.material is not None and is_applicants_card(line.material)]
    told = []
    for line in open_lines:
        if line.key == ID_CARD_LINE and as_material:
            continue
        is_card = line.key == ID_CARD_LINE or (awaited and line.key in as_material)
        said = [why if is_card else _why_missing(line), wrong.get(line.key, "")]
        told.append(MissingLine(name=line.name, why=":".join(text for text in said if text)))
    return tuple(told)


def _why_missing(line: Line) -> str:
    if line.state == State.FAULTY:
        return "需更换"
    return "在窗口填写" if line.is_window_form else ""


def _where_to_bring(case: ServiceRequest, lines: list[Line]) -> str:
    if not case.is_open or not any(line.is_missing for line in lines):
        return ""
    notice = notices.current(case)
    by = f"{papers.bring_by(case.edition, notice)}," if notice is not None and notice.answer_by else ""
    return f"{by}请补交到{case.intake_office},可由他人代交;补齐后受理,办理期限{'自收到申请' if runs_from_receipt(case) else '自受理'}起算。"


def runs_from_receipt(case: ServiceRequest) -> bool:
    """Does the promise (or else the legal limit) begin with the receipt, and not with the acceptance?"""
    limit = _main_limit(case)
    return limit is not None and limit.starts_on == StartEvent.RECEIVED


def _main_limit(case: ServiceRequest) -> Limit | None:
    if case.edition_id is None or (is_on_the_spot(case.edition) and not case.own_value):
        return None
    by_kind = {limit.kind: limit for limit in deadlines.limits_for(case)}
    return by_kind.get(Kind.PROMISED) or by_kind.get(Kind.LEGAL)


def date_from_receipt(case: ServiceRequest) -> DueDate | None:
    """The date of a case that is not accepted yet, where it runs already."""
    if case.accepted_at or not case.is_open or not runs_from_receipt(case):
        return None
    kind = _main_limit(case).kind
    return next((_due_date(due) for due in deadlines.dues(case) if due.limit.kind == kind), None)


def dates(case: ServiceRequest) -> dict[str, Any]:
    """Promised and legal date with their reasons, once the case is accepted and still has a clock."""
    if not case.accepted_at or case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return {}
    found: dict[str, Any] = {}
    said: list[str] = []
    for due, sentences in deadlines.reasons(case):
        if due.limit.kind in (Kind.PROMISED, Kind.LEGAL):
            found["promised" if due.limit.kind == Kind.PROMISED else "legal"] = _due_date(due)
            said += [sentence for sentence in sentences if sentence not in said]
    if not found and case.due_kind == ServiceRequest.DueKind.ON_THE_SPOT and case.is_open:
        found["promised"] = DueDate(day=case.due_on, limit="即办件,当场办结")
    return found | {"reasons": tuple(said)}


def _due_date(due: Due) -> DueDate:
    limit = f"{say_amount(due.limit.value, due.limit.unit)},{STARTS[due.limit.starts_on]}"
    return DueDate(day=due.due_at if due.limit.unit == Unit.HOUR else due.due_on, limit=limit, provisional=due.provisional)


def freeze(data: ReceiptData) -> dict[str, Any]:
    """The words as they are sealed: plain JSON values, without the secret and without what changes from print to print."""
    return {name: _plain(value) for name, value in asdict(data).items() if name not in _NOT_FROZEN}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def prints_of(case: ServiceRequest) -> list[DocumentPrint]:
    """Every print of a receipt of this case, newest first."""
    return list(
        DocumentPrint.objects.filter(document__service_request=case, document__kind=Document.Kind.RECEIPT)
        .select_related("document", "by")
        .order_by("-id")
    )
