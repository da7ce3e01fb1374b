"""The sheets of the catalogue spreadsheet and their headings: the one list that reading, writing and the template use.

Headings are Chinese because the file is written and read by the township's editors; they are data of the format, not
words of the interface. The limits are those of the models.
"""

from . import choices as c
from .columns import Column, Kind, Sheet

K = Kind
ITEM_CODE = Column("item", "事项编码", K.CODE, 40, required=True, width=10)
ORDER = Column("order", "序号", K.LIMIT, width=6)


def _unit(key: str, heading: str) -> Column:
    return Column(key, heading, K.CHOICE, choices=c.UNITS, width=10)


def _yes_no(key: str, heading: str) -> Column:
    return Column(key, heading, K.YES_NO, choices=c.YES_NO, width=8)


_IDENTITY = (
    Column("item", "事项编码", K.CODE, 40, required=True, width=10),
    Column("name", "事项名称", limit=120, required=True, width=34),
    Column("name_en", "英文名称", width=30),
    Column("summary", "一句话说明", limit=300, width=40),
    Column("summary_en", "英文说明", limit=500, width=40),
    Column("category", "类别", limit=40, required=True, width=12),
    Column("office", "站所代码", K.CODE, 20, required=True, width=9),
    Column("post", "岗位代码", K.CODE, 20, width=9),
    Column("place", "办理地点"),
    Column("hours", "办理时间", limit=300),
    Column("level", "行使层级", limit=20, suggestions=c.AUTHORITY_LEVELS, width=9),
    Column("item_type", "事项类型", K.CHOICE, required=True, choices=c.ITEM_TYPES),
    Column("handling", "办件类型", K.CHOICE, required=True, choices=c.HANDLING, width=9),
    Column("mode", "办理方式", limit=40, required=True, suggestions=c.MODES),
    Column("implementing_body", "实施主体", limit=120, required=True, width=24),
    Column("entrusting_body", "委托机关", limit=120),
    Column("review_bodies", "复议机关", K.LIST, 100, width=20),
    Column("review_note", "复议说明", limit=300),
    Column("documents_by", "文书出具", K.LINES, 500, width=44),
    Column("targets", "服务对象", K.LIST, 40),
    _yes_no("is_household", "以户申请"),
)
_LIMITS = (
    Column("legal_value", "法定时限", K.LIMIT, width=9),
    _unit("legal_unit", "法定时限单位"),
    Column("legal_start", "法定时限起算", K.CHOICE, choices=c.STARTS, width=12),
    Column("legal_basis", "法定时限说明", limit=300, width=36),
    Column("promised_value", "承诺时限", K.LIMIT, width=9),
    _unit("promised_unit", "承诺时限单位"),
    Column("promised_start", "承诺时限起算", K.CHOICE, choices=c.STARTS, width=12),
    Column("promised_note", "承诺时限说明", limit=300),
    Column("start_by_channel", "分渠道起算", K.LINES, 60),
    Column("starts_note", "起算说明", limit=300, width=30),
    _yes_no("deemed_acceptance", "逾期视为受理"),
    Column("village_start", "村级批次起算", K.CHOICE, choices=c.VILLAGE_STARTS, width=12),
    Column("acceptance_days", "受理答复工作日", K.LIMIT, width=10),
    Column("acceptance_basis", "受理答复依据", limit=300, width=30),
    Column("supplement_value", "补正期限", K.LIMIT, width=9),
    _unit("supplement_unit", "补正期限单位"),
    Column("supplement_basis", "补正依据", limit=300, width=30),
    _yes_no("supplement_withdraws", "逾期未补视为撤回"),
    _yes_no("supplement_restarts", "补正后重新起算"),
    _yes_no("offers_promise", "可告知承诺"),
)
_TERMS = (
    _yes_no("charges_fee", "是否收费"),
    Column("fee_standard", "收费标准"),
    Column("fee_basis", "收费依据"),
    Column("payment_note", "缴费说明", limit=300),
    Column("max_visits", "到场次数", K.COUNT, width=8),
    Column("channels", "办理渠道", K.LIST, 40, width=24),
    Column("cross_region", "通办范围", limit=40),
    Column("result_name", "结果名称", limit=120, width=22),
    Column("result_kind", "结果类型", limit=60),
    Column("result_validity", "结果有效期", limit=120),
    Column("delivery", "送达方式", K.LIST, 40),
    Column("roll", "名册", K.CHOICE, choices=c.ROLLS, width=16),
    Column("review_value", "核查周期", K.LIMIT, width=9),
    _unit("review_unit", "核查周期单位"),
    Column("review_basis", "核查依据", limit=300, width=30),
)
_NOTICE = (
    _yes_no("notice_required", "是否公示"),
    Column("notice_days", "公示期", K.LIMIT, width=8),
    _unit("notice_unit", "公示期单位"),
    Column("notice_place", "公示地点"),
    Column("notice_stage", "公示环节"),
    Column("notice_allow", "公示内容", K.LIST, 40, width=24),
    Column("notice_forbid", "不得公示", K.LIST, 40, width=24),
    _yes_no("notice_counted", "公示计入时限"),
    Column("notice_basis_kind", "公示计时依据种类", K.CHOICE, choices=c.same(c.NOTICE_BASES)),
    Column("notice_basis", "公示计时依据"),
    Column("objection_channels", "异议渠道", K.LIST, 40),
    Column("objection_phone", "异议电话", limit=30),
    Column("objection_within", "提出异议期限", limit=60),
    Column("objection_receiver", "异议受理单位", limit=120),
    Column("objection_handler", "异议处理人", limit=120),
    Column("notice_takedown", "公示撤下"),
    Column("notice_note", "公示说明"),
)
_REST = (
    Column("sensitive", "敏感个人信息", K.LIST, 60),
    Column("private", "私密信息", K.LIST, 60),
    Column("consent_mode", "告知同意方式", limit=60, suggestions=c.CONSENTS),
    _yes_no("confidential", "内容保密"),
    Column("reminder_trigger", "提醒时点", width=20),
    Column("reminder_days", "提前天数", K.LIMIT, width=8),
    Column("reminder_channels", "提醒渠道", K.LIST, 40),
    Column("reminder_note", "提醒说明", K.LONG, 600),
    Column("batch_rule", "批次规则", limit=60),
    Column("batch_windows", "批次时段", K.LIST, 11),
    Column("batch_note", "批次说明", limit=300),
    Column("follow_up", "后续事项", K.LINES, 200, width=24),
    Column("verified", "已核实", K.LINES, 300, width=30),
    Column("assumed", "推定待核", K.LINES, 300, width=30),
    Column("checked_on", "核对日期", K.DATE, width=11),
    Column("checked_by", "核对人工号", K.CODE, 20, width=10),
    Column("notes", "备注", K.LONG, 2000),
)

ITEMS = Sheet("items", "事项", _IDENTITY + _LIMITS + _TERMS + _NOTICE + _REST)
MATERIALS = Sheet(
    "materials",
    "材料",
    (
        ITEM_CODE,
        ORDER,
        Column("name", "材料名称", limit=120, required=True, width=34),
        Column("form", "材料形式", K.CHOICE, required=True, choices=c.FORMS, width=18),
        Column("original_count", "原件份数", K.COUNT, width=8),
        Column("copy_count", "复印件份数", K.COUNT, width=9),
        Column("is_conditional", "必要性", K.CHOICE, required=True, choices=c.NEEDED, width=8),
        _yes_no("may_come_later", "容缺后补"),
        Column("handle_case", "适用情形", width=26),
        Column("fill_explain", "填报须知", limit=300, width=30),
        Column("accept_standard", "受理标准", limit=300),
        Column("source", "来源", limit=60, suggestions=c.SOURCES, width=16),
        Column("custody", "材料去留", K.CHOICES, choices=c.CUSTODY, width=18),
        Column("basis", "要求依据"),
        Column("notes", "备注", limit=300, width=24),
    ),
    part="materials",
)
STEPS = Sheet(
    "steps",
    "步骤",
    (
        ITEM_CODE,
        ORDER,
        Column("title", "环节", limit=120, required=True, width=24),
        Column("actor", "办理人", limit=120, width=28),
        Column("office", "办理站所代码", K.CODE, 20, width=9),
        Column("level", "层级", K.CHOICE, choices=c.STEP_LEVELS, width=7),
        Column("value", "时限", K.LIMIT, width=7),
        _unit("unit", "单位"),
        Column("counts", "计时方式", K.CHOICE, required=True, choices=c.COUNTS, width=9),
        Column("counts_basis", "计时依据", width=30),
        _yes_no("counts_is_assumed", "计时属推定"),
        Column("group", "并行组", limit=20, width=7),
        Column("condition", "适用条件", limit=120),
        Column("output", "产出", width=24),
    ),
    part="steps",
)
CONDITIONS = Sheet(
    "conditions", "条件", (ITEM_CODE, ORDER, Column("text", "受理条件", limit=300, required=True, width=60)), part="conditions"
)
SITUATIONS = Sheet(
    "situations",
    "情形",
    (
        ITEM_CODE,
        ORDER,
        Column("key", "情形标识", K.CODE, 40, required=True),
        Column("question", "问题", required=True, width=40),
        Column("options", "选项", K.LIST, 60, required=True),
        Column("consequence", "结果", limit=300, width=40),
        _yes_no("blocks", "不能继续申请"),
        Column("basis", "依据", width=30),
    ),
    part="situations",
)
PARTICULARS = Sheet(
    "particulars",
    "登记内容",
    (
        ITEM_CODE,
        ORDER,
        Column("label", "登记什么", limit=60, required=True, width=30),
        Column("stage", "何时登记", K.CHOICE, required=True, choices=c.STAGES, width=10),
        Column("kind", "填写方式", K.CHOICE, required=True, choices=c.ANSWERS, width=10),
        Column("unit", "单位", limit=20, width=10),
        Column("options", "选项", K.LIST, 60, width=40),
        _yes_no("is_required", "必填"),
        Column("hint", "说明", width=40),
    ),
    part="particulars",
)
BASES = Sheet("bases", "依据", (ITEM_CODE, ORDER, Column("text", "设定依据", limit=300, required=True, width=50)), part="bases")
PROCEDURES = Sheet(
    "procedures",
    "特别程序",
    (
        ITEM_CODE,
        ORDER,
        Column("name", "程序名称", limit=120, required=True, width=30),
        Column("type_code", "程序类型", K.CHOICE, required=True, choices=c.PROCEDURES),
        Column("max_extra", "最长时间", K.LIMIT, width=9),
        _unit("unit", "单位"),
        _yes_no("counted", "计入时限"),
        Column("approver", "批准人", limit=120, width=20),
    ),
)
TERMS = Sheet(
    "terms",
    "口语",
    (ITEM_CODE, Column("text", "口语说法", limit=40, required=True, width=24), Column("reading", "读音更正", limit=120, width=20)),
    part="terms",
)
EVENTS = Sheet(
    "events",
    "人生事件",
    (
        Column("code", "事件代码", K.CODE, 40, required=True, width=18),
        Column("name", "事件名称", limit=40, required=True),
        Column("name_en", "英文名称", limit=80, width=30),
        Column("sort", "顺序", K.LIMIT, width=7),
        Column("items", "事项编码", K.LIST, 40, width=60),
    ),
)
CATALOGUE = (ITEMS, MATERIALS, STEPS, CONDITIONS, SITUATIONS, PARTICULARS, BASES, PROCEDURES, TERMS, EVENTS)

CATEGORIES = Sheet(
    "categories",
    "类别",
    (
        Column("code", "类别代码", K.CODE, 40, required=True, width=18),
        Column("name", "类别名称", limit=40, required=True),
        Column("name_en", "英文名称", limit=80, width=36),
        Column("sort", "顺序", K.LIMIT, width=7),
    ),
    required=False,
)
OFFICES = Sheet(
    "offices",
    "站所",
    (
        Column("code", "站所代码", K.CODE, 20, required=True, width=9),
        Column("name", "站所名称", limit=80, required=True, width=34),
        Column("name_en", "英文名称", limit=120, width=30),
        Column("kind", "站所类型", K.CHOICE, required=True, choices=c.OFFICE_KINDS, width=12),
        Column("parent", "上级站所代码", K.CODE, 20),
        Column("window", "窗口", limit=40, width=9),
        Column("phone", "咨询电话", limit=30),
        Column("complaint_phone", "投诉电话", limit=30),
        Column("hours", "办公时间", limit=300, width=36),
        Column("address", "地点", width=24),
        Column("duties", "职责", K.LONG, 1000, width=40),
        _yes_no("takes_in_for_all", "代各站所收件"),
        Column("sort", "顺序", K.LIMIT, width=7),
    ),
    required=False,
)
POSTS = Sheet(
    "posts",
    "岗位",
    (
        Column("office", "站所代码", K.CODE, 20, required=True, width=9),
        Column("code", "岗位代码", K.CODE, 20, required=True, width=9),
        Column("title", "岗位名称", limit=60, required=True, width=18),
        Column("holder", "A岗工号", K.CODE, 20, required=True),
        Column("holder_name", "A岗姓名", limit=40),
        Column("deputy", "B岗工号", K.CODE, 20),
        Column("deputy_name", "B岗姓名", limit=40),
        Column("duty_phone", "值班电话", limit=30),
    ),
    required=False,
)
PEOPLE = Sheet(
    "people",
    "人员",
    (
        Column("staff_no", "工号", K.CODE, 20, required=True),
        Column("name", "姓名", limit=40, required=True),
        Column("office", "站所代码", K.CODE, 20, width=9),
        Column("title", "职务", limit=60, required=True, width=22),
        Column("duties", "分工", limit=300, width=40),
        Column("duty_phone", "值班电话", limit=30),
        _yes_no("is_leader", "镇领导"),
        Column("sort", "顺序", K.LIMIT, width=7),
    ),
    required=False,
)
TOWNSHIP = Sheet(
    "township",
    "乡镇",
    (
        Column("code", "乡镇代码", K.CODE, 12, required=True),
        Column("name", "乡镇名称", limit=60, required=True),
        Column("county", "县名", limit=60, required=True),
        Column("centre_name", "中心名称", limit=80, required=True, width=26),
        Column("phone", "服务电话", limit=30, required=True),
        Column("complaint_phone", "投诉电话", limit=30, required=True),
        Column("address", "地址", width=24),
        Column("hours", "办公时间", limit=300, required=True, width=50),
        Column("acceptance_days", "受理答复工作日", K.LIMIT, width=10),
    ),
    required=False,
)
# Only read when a new installation is set up; later these live in the administration.
FOUNDATION = (TOWNSHIP, OFFICES, POSTS, PEOPLE, CATEGORIES)
SHEETS = CATALOGUE + FOUNDATION
# Reading matter for people, never read by the programme.
REFERENCE = ("说明", "代办规则", "机构")
