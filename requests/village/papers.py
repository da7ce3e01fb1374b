"""代办中止(终止)单、续办单、办结单 (domain 7.1): what they say. Signed by the resident and the agent; Chinese, as they are printed."""

from datetime import datetime

from django.utils import translation

from requests import persons
from requests.documents import Paper, Part
from requests.documents.contents import BY_HAND
from requests.models import Document, Mandate, ServiceRequest
from requests.printing import wording

K = Document.Kind
SIGNED = ("委托人签名(指印)", "代办员签名", "日期")
COPIES = "一式两份,委托人、代办员各执一份"
WHY = {
    Mandate.Why.REVOKED: "委托人收回委托",
    Mandate.Why.GIVEN_UP: "代办员不能继续代办",
    Mandate.Why.PERSON_CAME: "委托人自行办理",
    Mandate.Why.MISTAKE: "登记有误",
}
SUSPENDED = "中止期间代办员不再办理、也不查看本件;委托人可以自行到窗口办理,或者要求续办。办理期限照常计算。"
ENDED = "自终止之日起代办员不再办理、也不查看本件;委托人可以自行到窗口办理,或者另行委托。已收材料和办理进度不受影响。"
RESUMED = "自续办之日起由代办员继续办理,委托权限不变。"
FREE = "代办不收费。法定规费和邮寄费由委托人承担,凭票据结算,共________元。"


def stopped(case: ServiceRequest, mandate: Mandate, *, reason: str, now: datetime) -> Paper:
    """中止."""
    return _paper(K.MANDATE_STOP, case, mandate, ("中止日期", now), Part("reason", "中止原因", text=reason), SUSPENDED, "代办中止单")


def ended(case: ServiceRequest, mandate: Mandate, now: datetime) -> Paper:
    """终止."""
    why = Part("reason", "终止原因", text=WHY[Mandate.Why(mandate.ended_why)])
    return _paper(K.MANDATE_STOP, case, mandate, ("终止日期", now), why, ENDED, "代办终止单")


def resumed(case: ServiceRequest, mandate: Mandate, now: datetime) -> Paper:
    """续办."""
    state = Part("state", "办理进度", text=_state(case))
    return _paper(K.MANDATE_RESUME, case, mandate, ("续办日期", now), state, RESUMED, "")


def done(case: ServiceRequest, mandate: Mandate, *, handed: str, now: datetime) -> Paper:
    """办结."""
    with translation.override("zh-hans"):
        outcome = str(case.get_outcome_display())
    parts = (
        *_about(case, mandate),
        Part("done_on", "办结日期", text=wording.plain_day(case.decided_at or now)),
        Part("outcome", "办理结果", text=outcome),
        Part("handed", "结果交付", text=handed),
        Part("fee", "费用", text=FREE),
        Part("verdict", "委托人意见", text=BY_HAND),
    )
    return Paper(kind=K.MANDATE_DONE, parts=parts, signatures=SIGNED, copies=COPIES)


def _paper(
    kind: str, case: ServiceRequest, mandate: Mandate, effective: tuple[str, datetime], middle: Part, effect: str, title: str
) -> Paper:
    label, on = effective
    parts = (*_about(case, mandate), Part("effective_on", label, text=wording.plain_day(on)), middle, Part("effect", text=effect))
    return Paper(kind=kind, parts=parts, title=title, signatures=SIGNED, copies=COPIES)


def _about(case: ServiceRequest, mandate: Mandate) -> tuple[Part, ...]:
    agent = mandate.agent
    where = f"{agent.office.name} {agent.name}" if agent.office_id else agent.name
    return (
        Part("item", "事项", text=case.title),
        Part("client", "委托人", text=persons.person_of(case).name),
        Part("agent", "代办员", text=where),
        Part("entrusted_on", "委托日期", text=wording.plain_day(mandate.valid_from)),
    )


def _state(case: ServiceRequest) -> str:
    with translation.override("zh-hans"):
        return str(case.get_status_display())
