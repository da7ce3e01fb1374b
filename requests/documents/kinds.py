"""The kinds of paper, each with its printed name, the 字 of its number, its seal and what it must contain (domain 4.3).

What every paper has besides, `issuing` adds by itself: number, heading, addressee, date, officer and phone, complaint phone, the
place of the seal and the lines to sign.
"""

from dataclasses import dataclass
from enum import StrEnum

from requests.models import Document

K = Document.Kind


class Seal(StrEnum):
    """业务专用章只盖收件、受理类, 决定类盖作出决定机关的章 (domain 16.8)."""

    BUSINESS = "business"
    DECISION = "decision"
    NONE = ""


@dataclass(frozen=True)
class Form:
    """`series`: letters of its counter. `word`: the 字 of its number. `in_items`: how the items name it under "who issues what"."""

    name: str
    series: str
    word: str
    seal: Seal
    mandatory: frozenset[str]
    in_items: tuple[str, ...] = ()


def _form(name: str, series: str, word: str, seal: Seal, mandatory: str, in_items: str = "") -> Form:
    return Form(name, series, word, seal, frozenset(mandatory.split()), tuple(in_items.split()))


FORMS: dict[str, Form] = {
    # Issued by `requests.receipts`, with a layout of its own and without a number of its own.
    K.RECEIPT: _form("收件凭证", "", "", Seal.BUSINESS, "", "收件凭证 登记回执 登记表 急难情况记录单"),
    K.ACCEPTANCE: _form("受理通知书", "SL", "受", Seal.BUSINESS,
                        "item applied_on accepted_on basis materials decide_by", "受理通知书"),
    K.SUPPLEMENT: _form("补正材料一次性告知书", "BZ", "补", Seal.BUSINESS, "item received_on missing answer_by", "补正告知书"),
    K.SUPPLEMENT_RECEIPT: _form("补正材料收件凭证", "BS", "补收", Seal.BUSINESS, "item notice received", "收件凭证 登记回执"),
    K.INTAKE_REFUSAL: _form("不予受理决定书", "BY", "不受", Seal.BUSINESS, "item reasons basis operative where remedies", "不予受理决定"),
    K.SPECIAL_PROCEDURE: _form("特别程序告知书", "TB", "特", Seal.BUSINESS, "item procedure time_needed basis starts_on",
                               "征求第三方意见书"),
    K.EXTENSION: _form("延期告知书", "YQ", "延", Seal.DECISION, "item original_on new_on reason approved_by basis", "延期答复告知书"),
    K.SITE_VISIT: _form("现场踏勘记录", "TK", "勘", Seal.NONE, "item visited_at place visitors present findings photos"),
    K.DECISION: _form("决定书", "JD", "决", Seal.DECISION, "item content basis validity"),
    K.REFUSAL_DECISION: _form("不予决定书", "BJ", "不予", Seal.DECISION, "item facts reasons basis operative remedies",
                              "不予办理决定 不予办理告知 不予救助告知 不予确认或不予批准决定 准予或不予许可决定"),
    K.CLOSING: _form("办结告知书", "BJG", "结", Seal.BUSINESS, "item outcome collect collect_until"),
    K.DELIVERY: _form("送达回证", "SD", "送", Seal.BUSINESS, "item document manner place delivered_at receiver refusal deliverer"),
    K.AUTHORISATION: _form("授权委托书", "", "", Seal.NONE, "item representative scope term"),
    K.RETURN_LIST: _form("材料退还清单", "TH", "退", Seal.NONE, "item originals"),
    K.ON_THE_SPOT: _form("即时办结单", "JB", "即", Seal.BUSINESS, "item received_at outcome"),
    K.FORWARDING: _form("转报单", "ZB", "转", Seal.BUSINESS, "item to forwarded_on papers", "转报单 转交单"),
    K.URGE: _form("催办函", "CB", "催", Seal.DECISION, "item to what answer_by", "转报单 转交单"),
    K.DEMAND_ANSWER: _form("答复意见书", "DF", "答", Seal.DECISION, "asked facts handling result basis where handler"),
    # 人民调解法 28, 29, 33; 26 where no agreement came about.
    K.AGREEMENT: _form("人民调解协议书", "TX", "协", Seal.DECISION, "parties dispute agreed performance binding confirmation"),
    K.MEDIATION_END: _form("人民调解终止告知书", "TZ", "调终", Seal.DECISION, "parties dispute ended_on reason ways"),
    # Between a resident and the village agent (代办): signed by both, no seal of an authority.
    K.MANDATE_STOP: _form("代办中止(终止)单", "DZ", "代停", Seal.NONE, "item client agent entrusted_on effective_on reason effect"),
    K.MANDATE_RESUME: _form("代办续办单", "DX", "代续", Seal.NONE, "item client agent entrusted_on effective_on effect"),
    K.MANDATE_DONE: _form("代办办结单", "DJ", "代结", Seal.NONE, "item client agent entrusted_on done_on outcome handed fee"),
}  # fmt: skip

MANDATORY: dict[str, frozenset[str]] = {kind: form.mandatory for kind, form in FORMS.items()}
