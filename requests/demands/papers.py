"""答复意见书、人民调解协议书、人民调解终止告知书: what they say. Chinese, as they are printed."""

from datetime import date

from django.utils import translation

from officials.privacy.masking import mask_in_words
from requests import persons
from requests.demands import mediation
from requests.documents import Paper, Part
from requests.models import Document, Mediation, ServiceRequest
from requests.printing import wording

K = Document.Kind
IN_A_CELL = "________"  # to be filled in by hand, in a column of a table
OBJECTIONS = (
    "对本答复有异议的，可向{centre}提出（电话{phone}），由另外的人员核实；"
    "属诉讼、仲裁、行政复议等法定途径的，请依法向有关机关提出。"
)


def answer(case: ServiceRequest, *, asked: str, facts: str, handling: str, basis: str, where: str) -> Paper:
    """What was asked (numbers in it masked), what was found and done, the result, by what basis, where to go on, who handled it."""
    with translation.override("zh-hans"):
        result = str(case.get_outcome_display())
    parts = (
        Part("opening", text=f"您于{wording.plain_day(case.received_at)}反映的事项(编号{case.number}),现答复如下:"),
        Part("asked", "反映事项", text=mask_in_words(asked)),
        Part("facts", "核实情况", text=mask_in_words(facts)),
        Part("handling", "办理情况", text=handling),
        Part("result", "办理结果", text=result),
        Part("basis", "依据", text=basis),
        Part("where", "其他途径", text=where),
        Part("handler", "承办人", text=_handler(case)),
    )
    return Paper(kind=K.DEMAND_ANSWER, parts=parts, copies="一式两份,一份交反映人,一份存档")


def _handler(case: ServiceRequest) -> str:
    name = case.decided_by.name if case.decided_by else ""
    return f"{case.office.name} {name},电话{case.office.phone or case.township.phone}" if name else ""


def objections(case: ServiceRequest) -> str:
    return OBJECTIONS.format(centre=case.township.centre_name, phone=case.township.phone)


# -- mediation ---------------------------------------------------------------------------------------------------


def agreement(case: ServiceRequest, *, dispute: str, agreed: str, manner: str, perform_by: date | None, others: str = "") -> Paper:
    """人民调解法 28, 29, 33. An oral agreement binds without a paper; then this is what the mediator noted down of it."""
    row = case.mediation
    is_oral = row.form == Mediation.Form.ORAL
    mediator = [row.mediator.name] if row.mediator else []
    parts = (
        Part("opening", text="双方当事人自愿申请人民调解,经人民调解员主持,依法达成如下协议:"),
        _parties(case),
        Part("others", "共同调解及参与调解的人", text=others),
        Part("dispute", "纠纷主要事实、争议事项", text=dispute),
        Part("agreed", "协议内容", text=agreed),
        Part("performance", "履行方式、期限", text=f"{manner}\n期限:{_until(perform_by)}" if manner.strip() else ""),
        Part("binding", "协议效力", text=_binding(row, is_oral=is_oral)),
        Part("confirmation", "司法确认", text=_confirmation(row)),
    )
    return Paper(
        kind=K.AGREEMENT,
        title="人民调解口头协议登记表" if is_oral else "",
        addressee=_addressees(case),
        parts=parts,
        signatures=_signatures(mediator, is_oral=is_oral),
        copies="一份,由人民调解委员会留存" if is_oral else "一式三份,双方当事人各执一份,人民调解委员会留存一份",
    )


def _until(day: date | None) -> str:
    return f"{wording.day(day)}前" if day else "协议未约定,随时可以要求履行"


def _binding(row: Mediation, *, is_oral: bool) -> str:
    began = f"(生效日期:{wording.plain_day(row.binding_from)})" if row.binding_from else ""
    if is_oral:
        return f"口头调解协议自各方当事人达成协议之日起生效{began},对双方有约束力,双方应当按照约定履行。"
    return (
        "本协议自各方当事人签名、盖章或者按指印,人民调解员签名并加盖人民调解委员会印章之日起生效"
        f"{began},对双方有约束力,双方应当按照约定履行。"
    )


def _confirmation(row: Mediation) -> str:
    last = f"(即{wording.plain_day(row.court_by)}前)" if row.court_by else ""
    return (
        f"双方认为有必要的,可以自协议生效之日起三十日内{last}共同向人民法院申请司法确认。"
        "经确认有效,一方拒绝履行或者未全部履行的,对方可以向人民法院申请强制执行。"
    )


def _signatures(mediator: list[str], *, is_oral: bool) -> tuple[str, ...]:
    by_mediator = "人民调解员签名" + "".join(f"({name})" for name in mediator)
    return (by_mediator, "日期") if is_oral else ("申请人签名(指印)", "被申请人签名(指印)", by_mediator, "日期")


def end_without_agreement(case: ServiceRequest, *, dispute: str, reason: str, ways: str) -> Paper:
    """调解不成: both are told the other ways (人民调解法 26). Nothing anybody admitted or proposed stands in it."""
    parts = (
        _parties(case),
        Part("dispute", "纠纷事项", text=dispute),
        Part("ended_on", "终止日期", text=wording.day(case.ended_at) if case.ended_at else ""),
        Part("reason", "终止原因", text=reason),
        Part("ways", "其他途径", text=ways),
        Part("notice", text="调解中各方的让步和意见不记入本告知书,不影响当事人依法主张权利。诉讼时效等期限请自行注意。"),
    )
    return Paper(
        kind=K.MEDIATION_END,
        addressee=_addressees(case),
        parts=parts,
        signatures=("申请人签收", "被申请人签收", "人民调解员签名", "日期"),
        copies="一式三份,双方当事人各执一份,人民调解委员会留存一份",
    )


def _people(case: ServiceRequest) -> list[tuple[str, str, str, str]]:
    """Both with what an agreement has to say of them: name, phone, number and address (人民调解法 29)."""
    person, other = persons.person_of(case), mediation.other_party(case, in_full=True)
    ours = "\n".join(text for text in (person.id_number, person.address) if text)
    theirs = "\n".join(text for text in (other.get("id_number", ""), other.get("address", "")) if text)
    return [("申请人", person.name, person.phone, ours), ("被申请人", other.get("name", ""), other.get("phone", ""), theirs)]


def _parties(case: ServiceRequest) -> Part:
    rows = tuple((role, name, phone or IN_A_CELL, known or IN_A_CELL) for role, name, phone, known in _people(case) if name)
    return Part("parties", "当事人", columns=("", "姓名", "电话", "身份证号、住址"), rows=rows)


def _addressees(case: ServiceRequest) -> str:
    return "、".join(name for _role, name, *_known in _people(case) if name)
