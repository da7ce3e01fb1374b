"""What can be filled into a form, by name.

Only what is known of the case already: names, numbers, addresses, the item (domain 16.1). A promise, a choice, an amount or a
signature has no name here, so no form can ever be printed with one. Where somebody has to sign, a labelled box is drawn, empty.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    TEXT = "text"
    ROWS = "rows"  # one line for each member of the household, downwards from the first
    BOX = "box"  # stays empty, for a pen or a finger
    BOX_ROWS = "box_rows"  # an empty box for each member, downwards


@dataclass(frozen=True)
class Name:
    """One name. `sample` is invented, for the preview; of rows it has the lines. `word` is what a box says, printed, in Chinese.

    `known_as` are the names by which fields of a PDF may mean it, besides its own code.
    """

    code: str
    label: Any
    kind: Kind = Kind.TEXT
    sample: tuple[str, ...] = ()
    word: str = ""
    known_as: tuple[str, ...] = ()


_T, _R, _B = Kind.TEXT, Kind.ROWS, Kind.BOX
NAMES = (
    Name("applicant_name", _("applicant: name"), _T, ("孔望舒",), known_as=("申请人", "申请人姓名", "姓名", "name", "applicant")),
    Name("applicant_id_type", _("applicant: kind of ID"), _T, ("居民身份证",), known_as=("证件类型", "证件名称")),
    Name("applicant_id_number", _("applicant: ID number"), _T, ("990199195501010012",),
         known_as=("身份证号", "身份证号码", "公民身份号码", "证件号码", "申请人身份证号", "id_number")),
    Name("applicant_phone", _("applicant: phone"), _T, ("12345678901",), known_as=("联系电话", "电话", "手机", "手机号", "phone")),
    Name("applicant_address", _("applicant: address"), _T, ("槐序县栖禾镇稻香村三组17号",),
         known_as=("住址", "地址", "家庭住址", "address")),
    Name("village", _("village"), _T, ("稻香村",), known_as=("村", "所在村", "村(社区)", "村（社区）")),
    Name("item_name", _("item: name"), _T, ("最低生活保障审核确认",), known_as=("事项", "事项名称", "申请事项", "item")),
    Name("item_code", _("item: code"), _T, ("MZ-001",), known_as=("事项编码",)),
    Name("case_number", _("case number"), _T, ("990199101-2026-000123",), known_as=("办件编号", "编号", "受理编号", "case_number")),
    Name("received_on", _("day of receipt"), _T, ("2026年11月23日",), known_as=("收件日期", "申请日期")),
    Name("representative_name", _("representative: name"), _T, ("孔初晴",), known_as=("代理人", "代理人姓名", "受委托人", "受托人")),
    Name("representative_relation", _("representative: relation"), _T, ("女儿",), known_as=("与申请人关系", "代理人与申请人关系")),
    Name("representative_id_number", _("representative: ID number"), _T, ("990199198003030024",),
         known_as=("代理人身份证号", "受托人身份证号")),
    Name("representative_phone", _("representative: phone"), _T, ("12345678902",), known_as=("代理人电话", "受托人电话")),
    Name("member_name", _("members of the household: name"), _R, ("孔初晴", "孔小满"), known_as=("成员姓名", "家庭成员姓名")),
    Name("member_relation", _("members of the household: relation"), _R, ("女儿", "外孙"), known_as=("成员关系", "家庭成员关系")),
    Name("member_id_number", _("members of the household: ID number"), _R, ("990199198003030024", "990199201506060018"),
         known_as=("成员身份证号", "家庭成员身份证号")),
    Name("adult_name", _("adults of the household: name"), _R, ("孔初晴",), known_as=("成年成员姓名",)),
    Name("adult_relation", _("adults of the household: relation"), _R, ("女儿",), known_as=("成年成员关系",)),
    Name("adult_id_number", _("adults of the household: ID number"), _R, ("990199198003030024",), known_as=("成年成员身份证号",)),
    Name("agent_name", _("village agent"), _T, ("田代办",), known_as=("代办员",)),
    Name("clerk_name", _("taken in by"), _T, ("应接办",), known_as=("收件人", "经办人", "受理人")),
    Name("centre_name", _("name of the centre"), _T, ("栖禾镇便民服务中心",), known_as=("受理单位", "便民服务中心")),
    Name("centre_phone", _("phone of the centre"), _T, ("0000-5550100",), known_as=("咨询电话",)),
    Name("office_name", _("responsible office"), _T, ("民政窗口(民政办)",), known_as=("承办站所", "承办单位")),
    Name("applicant_signs", _("box: the applicant signs"), _B, word="申请人签名", known_as=("申请人签名", "申请人签字", "签名")),
    Name("fingerprint", _("box: fingerprint"), _B, word="按手印", known_as=("手印", "指印")),
    Name("representative_signs", _("box: the representative signs"), _B, word="代理人签名", known_as=("代理人签名", "受托人签名")),
    Name("members_sign", _("boxes: each member of the household signs"), Kind.BOX_ROWS, word="本人签名", known_as=("家庭成员签名",)),
    Name("witness_signs", _("box: the witness signs"), _B, word="见证人签名", known_as=("见证人", "见证人签名")),
    Name("signed_on", _("box: day of the signature"), _B, word="签名日期", known_as=("签名日期", "签字日期")),
)  # fmt: skip
BY_CODE = {name.code: name for name in NAMES}
BOXES = frozenset({Kind.BOX, Kind.BOX_ROWS})
REPEATED = frozenset({Kind.ROWS, Kind.BOX_ROWS})
_MEANT = {word: name for name in NAMES for word in (name.code, *name.known_as)}


def meant_by(field: str) -> Name | None:
    """The name that a field of a PDF means; its number at the end (several places of one name) and blanks do not count."""
    return _MEANT.get("".join(field.split()).rstrip("0123456789").rstrip("_")) or _MEANT.get(field)


def sample_values() -> dict[str, list[str]]:
    """Invented people and numbers, for the preview of an editor."""
    return {name.code: list(name.sample) for name in NAMES if name.kind not in BOXES}
