"""The words an editor writes in a cell and the values that are stored for them (GB/T 39046—2020 附录A for types and levels)."""

from collections.abc import Iterable

from officials.models import Office
from services.models import Edition, Material, Particular, Step

YES_NO = {"是": True, "否": False}
UNITS = {
    "工作日": Edition.Unit.WORKING_DAY.value,
    "自然日": Edition.Unit.CALENDAR_DAY.value,
    "月": Edition.Unit.MONTH.value,
    "小时": Edition.Unit.HOUR.value,
}
STARTS = {
    "收到申请": Edition.Start.RECEIVED.value,
    "受理": Edition.Start.ACCEPTED.value,
    "确认": Edition.Start.CONFIRMED.value,
}
VILLAGE_STARTS = {"村级收件": Edition.VillageStart.VILLAGE.value}
HANDLING = {
    "即办件": Edition.Handling.ON_THE_SPOT.value,
    "承诺件": Edition.Handling.PROMISED.value,
    "其他": Edition.Handling.OTHER.value,
}
ITEM_TYPES = {
    "行政许可": Edition.ItemType.PERMIT.value,
    "行政给付": Edition.ItemType.PAYMENT.value,
    "行政确认": Edition.ItemType.CONFIRMATION.value,
    "行政奖励": Edition.ItemType.REWARD.value,
    "其他行政权力": Edition.ItemType.OTHER_POWER.value,
    "公共服务": Edition.ItemType.PUBLIC_SERVICE.value,
}
MODES = ("自办", "联办", "受委托办理", "镇受理县审核", "镇初审转报", "镇受理逐级审核", "派驻站所办理")
AUTHORITY_LEVELS = ("国家级", "省级", "市级", "县级", "镇级", "村级", "分级")
FORMS = {
    "原件": Material.Form.ORIGINAL.value,
    "复印件": Material.Form.COPY.value,
    "原件核验并留复印件": Material.Form.ORIGINAL_AND_COPY.value,
    "共享核验免提交": Material.Form.SHARED.value,
}
CUSTODY = {
    "验原件退还": Material.Custody.RETURNED.value,
    "留复印件": Material.Custody.COPY_KEPT.value,
    "收原件": Material.Custody.ORIGINAL_KEPT.value,
}
SOURCES = ("申请人自备", "窗口提供格式文本", "政府部门核发", "医疗机构出具", "村（居）委会出具", "部门共享核验", "其他单位出具")
NEEDED = {"必要": False, "视情形": True}
COUNTS = {
    "计入": Step.Counts.COUNTS.value,
    "暂停": Step.Counts.PAUSES.value,
    "受理前": Step.Counts.BEFORE.value,
    "决定后": Step.Counts.AFTER.value,
    "不计入": Step.Counts.OUTSIDE.value,
}
# Who spends the time of a step; the township's own share and the county's are judged apart.
STEP_LEVELS = {
    "村级": "village",
    "镇级": "township",
    "县级": "county",
    "市级": "city",
    "省级": "province",
    "其他": "other",
}
STAGES = {"收件时": Particular.Stage.INTAKE.value, "作决定时": Particular.Stage.DECISION.value}
ANSWERS = {
    "一行": Particular.Kind.TEXT.value,
    "多行": Particular.Kind.LONG.value,
    "数字": Particular.Kind.NUMBER.value,
    "日期": Particular.Kind.DATE.value,
    "选一项": Particular.Kind.CHOICE.value,
}
PROCEDURES = {"延长审批": 1, "其他特别程序": 2}
CONSENTS = ("一般告知", "单独告知并取得单独同意", "紧急情形先救助、事后告知")
NOTICE_BASES = ("依据", "假定", "期限之外")
OFFICE_KINDS = {
    "便民服务中心": Office.Kind.CENTRE.value,
    "镇级站所": Office.Kind.STATION.value,
    "派驻站所": Office.Kind.STATIONED.value,
    "监督岗": Office.Kind.SUPERVISION.value,
    "村级服务站": Office.Kind.VILLAGE.value,
    "县级机关": Office.Kind.COUNTY.value,
}
ROLLS = {"进入名册": Edition.Roll.OPENS.value, "死亡核对": Edition.Roll.DEATH.value}


def same(words: Iterable[str]) -> dict[str, str]:
    """Choices that are stored as they are written."""
    return {word: word for word in words}
