"""The township of the random walks: the four offices around one house, and an item for each road a case can take."""

from types import SimpleNamespace

from officials.audit import together, verb
from officials.models import IssuingBody
from services.content import content_of
from tests.support import joint
from tests.support import world as w

MORE = {"name": "延长办理", "type_code": 1, "max_extra": 10, "unit": "working_day", "approver": "镇人民政府负责人"}
ASSESSMENT = {"name": "指定机构评定", "type_code": 2, "max_extra": 15, "unit": "working_day", "counted": False}
HEARING = ASSESSMENT | {"name": "家庭会议", "counted": True}
LATE = {"supplement_value": 5, "supplement_unit": "working_day", "supplement_basis": "某办法第九条"}
OURS = [{"issuer": "栖禾镇人民政府", "documents": ["收件凭证", "受理通知书", "补正告知书", "办结通知书", "决定书"], "note": ""}]
NOTICE = {
    "required": True, "days": 3, "unit": "calendar_day", "place": "村公示栏", "stage": "初审后", "allow_fields": ["事项", "结果"],
    "forbid_fields": ["身份证号"], "counted": False, "takedown": "公示期满自动撤下", "note": "",
    "counted_basis": {"kind": "假定", "text": "依据没有写明"},
    "objection": {"channel": ["电话"], "phone": "0000-5550104", "within": "公示期内", "receiver": "栖禾镇人民政府", "handler": ""},
}  # fmt: skip
POSTED = {
    "title": "村级公示", "actor": "村民委员会", "value": 3, "unit": "calendar_day", "counts": "pauses", "counts_basis": "依据没有写明",
    "counts_is_assumed": True,
}  # fmt: skip
COUNTY = [
    {"title": "收件与受理审查", "level": "township"},
    {"title": "入户调查", "level": "township", "value": 10, "unit": "working_day"},
    {"title": "审核确认", "level": "county", "value": 15, "unit": "working_day"},
]
ITEMS = {
    "MZ-100": {"name": "临时救助", "special_procedures": [MORE, ASSESSMENT, HEARING], "documents_by": OURS},
    "MZ-101": {"name": "特困供养", "public_notice": NOTICE, "steps": [{"title": "收件与受理审查"}, POSTED], "documents_by": OURS},
    "MZ-102": {"name": "高龄津贴", "steps": COUNTY, "entrusting_body": ""},
    "MZ-103": {"name": "残疾人补贴", **LATE, "supplement_withdraws": True, "offers_promise": True, "documents_by": OURS},
    "MZ-104": {"name": "开业许可", "item_type": "01", "deemed_acceptance": True, "documents_by": OURS},
    "MZ-105": {"name": "信息公开", "start_by_channel": {"窗口": "confirmed"}},
}  # fmt: skip
CODES = ("MZ-001", "MZ-009", *ITEMS, "ZJ-001")

def build() -> SimpleNamespace:
    """`people`: everybody by name. Made through the verbs, as an editor and a second person would."""
    built = joint.build()
    world = built.world
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        for name, code_word in (("栖禾镇人民政府", "栖政"), ("槐序县民政局", "槐民")):
            IssuingBody(
                township=world.township, name=name, code_word=code_word, acts_here=True, business_seal=f"{name}专用章",
                decision_seal=f"{name}印章",
            ).save()  # fmt: skip
    like = content_of(world.low_income)
    with together():
        for code, more in ITEMS.items():
            w._publish(world.township, world.people, code, like | more)
    return SimpleNamespace(people=built.people, world=world, village=world.village)
