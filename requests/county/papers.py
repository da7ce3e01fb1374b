"""转报单、转交单、催办函: what they say. Chinese, as they are printed."""

from collections.abc import Iterable, Iterator
from datetime import date

from requests.documents import Paper, Part
from requests.materials import Line
from requests.models import Document, Forwarding, NoticedCase, ServiceRequest
from requests.printing import wording
from requests.public_notice import village

K = Document.Kind
HOW = {"carried": "专人送达", "exchange": "公文交换", "post": "邮寄", "system": "上级业务系统报送"}
Papers = Iterable[tuple[Line, int, int]]


def forwarding(case: ServiceRequest, row: Forwarding, lines: Papers, is_favourable: bool) -> Paper:
    return Paper(
        kind=K.FORWARDING,
        addressee=row.to_body,
        parts=(
            Part("item", "事项", text=case.title),
            Part("to", "转报单位", text=row.to_body),
            Part("case", "办件编号", text=case.number),
            Part("received_on", "镇收件日期", text=wording.plain_day(case.received_at)),
            Part("forwarded_on", "转报日期", text=wording.plain_day(row.sent_at)),
            Part("how", "报送方式", text=HOW[row.how]),
            Part("village", "村级审议公示", text=village.on_paper(case)),
            *_opinion(case, is_favourable),
            _list(lines),
            Part("closing", text="请在收到后签收,并在办结时将结果书面反馈我镇。"),
        ),
        signatures=("接收单位签收", "签收日期", "接收编号"),
        copies="一式两份,一份随材料转出,一份存档",
    )


def _opinion(case: ServiceRequest, is_favourable: bool) -> Iterator[Part]:
    """What the township proposes, and what came of its public notice, where the item has one before the county."""
    if not is_favourable:
        yield Part("opinion", "初审意见", text="经初审,建议不予批准;未列入公示")
        return
    ended = case.noticed.exclude(outcome=NoticedCase.Outcome.RUNNING).select_related("notice").last()
    if ended is not None:
        hung = ended.notice
        said = "期满无异议" if ended.outcome == NoticedCase.Outcome.NO_OBJECTION else "期内有异议,经核查不成立"
        yield Part("notice", "公示情况", text=f"{wording.day(hung.first_on)}至{wording.day(hung.last_on)}在{hung.place}公示,{said}")


def handing_over(case: ServiceRequest, row: Forwarding, lines: Papers) -> Paper:
    return Paper(
        kind=K.FORWARDING,
        title="转交单",
        addressee=row.to_body,
        parts=(
            Part("item", "事项", text=case.title),
            Part("to", "转交窗口", text=row.to_body),
            Part("case", "办件编号", text=case.number),
            Part("forwarded_on", "转交时间", text=wording.moment(row.sent_at)),
            _list(lines),
            Part("closing", text="由派驻站所在本单位窗口办理,办理时限由该站所计算和负责。"),
        ),
        signatures=("转交人", "接收人", "接收时间"),
        copies="一式两份,交接双方各执一份",
    )


def _list(lines: Papers) -> Part:
    rows = tuple((line.name, wording.pieces(originals, copies)) for line, originals, copies in lines)
    if not rows:
        return Part("papers", "随件材料", text="无随件材料(全部通过系统报送或共享核验)")
    return Part("papers", "随件材料", columns=("材料", "份数"), rows=rows)


def urge(case: ServiceRequest, row: Forwarding, what: str, answer_by: date) -> Paper:
    due = f",按公示时限应于{wording.plain_day(case.county_due_on)}前办结" if case.county_due_on else ""
    return Paper(
        kind=K.URGE,
        addressee=row.to_body,
        parts=(
            Part("item", "事项", text=case.title),
            Part("to", "催办对象", text=row.to_body),
            Part("facts", text=f"办件{case.number}已于{wording.plain_day(row.sent_at)}转报贵单位{due}。"),
            Part("what", "催办事项", text=what),
            Part("answer_by", "请于此日前书面回复", text=wording.day(answer_by)),
        ),
        signatures=("接收人", "接收日期"),
        copies="一式两份,一份送催办对象,一份存档",
    )
