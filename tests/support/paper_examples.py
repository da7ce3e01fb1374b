"""Filled contracts for the papers: an ordinary one and one that strains the layout. People and numbers are invented."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from requests.printing.contracts import (
    Balance,
    ClosingData,
    CopyOutData,
    CopyOutField,
    DayEndData,
    DayList,
    DueDate,
    Figure,
    FigureGroup,
    GuideLimit,
    GuideMaterial,
    GuideStep,
    ItemGuideData,
    Letterhead,
    MaterialLine,
    MissingLine,
    ReceiptData,
    SlipsData,
    VisitCase,
    VisitData,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
RECEIVED = datetime(2026, 11, 23, 9, 5, tzinfo=SHANGHAI)
TRACK = "https://portal.example/track/?t=Zk3v9QmT7w"
HEAD = Letterhead(
    body="栖禾镇人民政府",
    place="栖禾镇便民服务中心 4号窗口",
    hours="工作日 08:30-12:00,14:00-17:30",
    consult_phone="0000-5550104",
    complaint_phone="0000-5550199",
    notice="演示系统,非真实凭证",
)
LONG_ITEM = "因灾因病因意外事故造成家庭基本生活出现严重困难的急难型临时救助申请(含先行救助后补手续)"
LONG_NAME = "阿卜杜热合曼·买买提托合提江·艾则孜"

ID_CARD = MaterialLine(name="申请人居民身份证", originals=1, copies=1, custody="验原件退还、留复印件")
HOUSEHOLD = MaterialLine(name="户口簿(首页、本人页)", originals=1, copies=1, custody="验原件退还、留复印件")
FORM = MaterialLine(name="最低生活保障申请表", originals=1, custody="收原件")
CONSENT = MaterialLine(name="家庭经济状况核对授权书", originals=3, custody="收原件", note="每名成年成员一份")
BANK = MaterialLine(name="社会保障卡或本人银行账户", copies=1, custody="留复印件")


def accepted_receipt(**changes: object) -> ReceiptData:
    """低保, accepted on Monday 23 November 2026."""
    values: dict = {
        "head": HEAD,
        "number": "990199101-2026-000123",
        "applicant": "王*花",
        "item": "最低生活保障申请",
        "received_at": RECEIVED,
        "received_by": "应接办(1号窗口)",
        "handled_by": "民政办 甄关怀",
        "materials": (ID_CARD, HOUSEHOLD, FORM, CONSENT),
        "accepted_at": datetime(2026, 11, 23, 9, 12, tzinfo=SHANGHAI),
        "promised": DueDate(day=date(2026, 12, 28), limit="25个工作日,自受理起算"),
        "legal": DueDate(day=date(2027, 1, 6), limit="30个工作日,自受理起算", provisional=True),
        "reasons": (
            "11月24日起数,周末和法定节假日不算。",
            "2027年放假安排还没有公布,公布后重算并告知您。",
        ),
        "next_steps": ("民政办两名工作人员入户核查,会先打电话约时间。", "村里公示7天,结果短信告知。"),
        "secret": "4071882935160264",
        "track_url": TRACK,
    }
    return ReceiptData(**(values | changes))


def received_receipt() -> ReceiptData:
    """Received only: papers missing, identity to be checked, first written on a paper slip."""
    return accepted_receipt(
        accepted_at=None,
        promised=None,
        legal=None,
        reasons=(),
        materials=(FORM, BANK),
        agent="李*明(儿子)",
        slip_number="ZD2026-000018",
        entered_at=datetime(2026, 11, 23, 10, 40, tzinfo=SHANGHAI),
        missing=(
            MissingLine(name="申请人居民身份证", why="忘带,受理前补验"),
            MissingLine(name="户口簿(首页、本人页)"),
        ),
        missing_note="请在11月30日(星期一)前交到1号窗口,可由村代办员带来。",
        next_steps=("材料补齐后当场决定是否受理。",),
    )


def strained_receipt() -> ReceiptData:
    """Twelve materials, a long name, a long item, a character our fonts lack."""
    many = tuple(
        MaterialLine(
            name=f"{name}证明材料",
            originals=place % 2 + 1,
            copies=place % 3,
            custody=("验原件退还、留复印件", "收原件", "留复印件")[place % 3],
            note="医院出具,盖章,三个月内有效" if place % 4 == 0 else "",
        )
        for place, name in enumerate(
            ("住院费用结算单和出院小结", "收入", "残疾人证", "房屋安全鉴定", "火灾事故认定", "亲属关系", "赡养费", "在校就读",
             "失业登记", "租房合同和房东身份", "银行流水", "慈善组织已获救助情况")
        )
    )  # fmt: skip
    return accepted_receipt(
        applicant=LONG_NAME,
        agent="欧阳\U0003134f某(栖禾镇柳树湾村代办员)",
        item=LONG_ITEM,
        handled_by="栖禾镇民政办公室(社会救助经办服务站) 甄关怀",
        materials=many,
        missing=(MissingLine(name="家庭经济状况核对授权书", why="小儿子在外地,签名后拍照发来,原件邮寄"),) * 3,
        missing_note="请在11月30日(星期一)前补齐。",
        next_steps=("先行救助24小时内办理。", "之后十个工作日内补齐手续。", "结果打电话告知。"),
    )


def visit(count: int = 3) -> VisitData:
    """A couple with several items."""
    cases = (
        VisitCase(
            number="990199101-2026-000123",
            item="最低生活保障申请",
            due=DueDate(day=date(2026, 12, 28)),
            materials=(ID_CARD, HOUSEHOLD, FORM, CONSENT),
        ),
        VisitCase(
            number="990199101-2026-000124",
            item="城乡居民基本养老保险待遇申领",
            applicant="赵*山",
            due_note="材料补齐、受理后起算",
            materials=(ID_CARD, BANK),
            missing=(MissingLine(name="赵*山居民身份证", why="忘带"), MissingLine(name="授权委托书")),
        ),
        VisitCase(
            number="990199101-2026-000125",
            item=LONG_ITEM,
            due=DueDate(day=date(2027, 1, 6), provisional=True),
            materials=(ID_CARD, HOUSEHOLD, BANK),
        ),
    )
    return VisitData(
        head=HEAD,
        visitor="王*花",
        received_at=RECEIVED,
        received_by="应接办(1号窗口)",
        cases=(cases * 5)[:count],
        next_steps=("缺的材料11月30日前补到1号窗口。", "每件的结果分别告知。"),
        track_url="https://portal.example/track/",
    )


def slips() -> SlipsData:
    """Three consecutive slips."""
    numbers = tuple(f"ZD-990199101-2026-{place:06d}" for place in (18, 19, 20))
    return SlipsData(head=HEAD, numbers=numbers, printed_on=date(2026, 11, 20), track_url="https://portal.example/track/")


def day(closing_balance: int = 14, busy: bool = False) -> DayEndData:
    """A day that adds up, unless another closing balance is given."""
    held = (("990199101-2026-000119", "户口簿原件", "铁柜2号格", "11月25日"),)
    return DayEndData(
        head=HEAD,
        day=date(2026, 11, 23),
        window="1号窗口(综合受理)",
        groups=(
            FigureGroup(
                title="办件",
                figures=(
                    Figure(label="结转", count=12),
                    Figure(label="今日收件", count=9),
                    Figure(label="今日受理", count=7),
                    Figure(label="今日办结", count=6, note="即办4"),
                    Figure(label="作废", count=1),
                    Figure(label="结存", count=closing_balance),
                ),
            ),
            FigureGroup(
                title="纸质收件单",
                figures=(
                    Figure(label="印出", count=20),
                    Figure(label="已用", count=3),
                    Figure(label="已补录", count=2),
                    Figure(label="作废", count=1),
                    Figure(label="空白在柜", count=17),
                ),
            ),
            FigureGroup(
                title="原件",
                figures=(
                    Figure(label="暂存", count=2),
                    Figure(label="今日收存", count=1),
                    Figure(label="今日退还", count=1),
                ),
            ),
            FigureGroup(
                title="约定与待录",
                figures=(Figure(label="约好的回电", count=2), Figure(label="没有上级系统办件编号", count=3)),
            ),
        ),
        balances=(
            Balance(
                name="办件",
                left=(Figure(label="结转", count=12), Figure(label="收件", count=9)),
                right=(
                    Figure(label="办结", count=6),
                    Figure(label="作废", count=1),
                    Figure(label="结存", count=closing_balance),
                ),
            ),
            Balance(
                name="纸单",
                left=(Figure(label="印出", count=20),),
                right=(
                    Figure(label="已补录", count=2),
                    Figure(label="作废", count=1),
                    Figure(label="空白", count=17),
                ),
            ),
        ),
        lists=(
            DayList(title="明日到期", columns=("编号", "事项", "承办人"), rows=(("990199101-2026-000088", "临时救助", "甄关怀"),)),
            DayList(
                title="暂存的原件",
                columns=("编号", "材料", "在哪里", "何时退还"),
                rows=held * (30 if busy else 2),
            ),
            DayList(
                title="约好的回电",
                columns=("时间", "事由", "由谁打"),
                rows=(("11月24日上午", "养老认证怎么办", "金承诺"), ("11月24日下午", "残疾证换领", "路好走")),
            ),
            DayList(title="待录上级系统", columns=("编号", "事项")),
        ),
        giver="应接办",
        taker="应代办",
        drawn_at=datetime(2026, 11, 23, 17, 25, tzinfo=SHANGHAI),
        page_url="https://portal.example/desk/day/2026-11-23/",
    )


def guide(elder: bool = False) -> ItemGuideData:
    """低保 as a resident reads it."""
    return ItemGuideData(
        head=HEAD,
        code="MZ-001",
        name="最低生活保障申请",
        also_called=("低保", "吃低保"),
        kind="行政给付 · 承诺件",
        authority="栖禾镇人民政府",
        decides="镇人民政府审核确认,县民政局抽查监督",
        office="民政办(4号窗口)",
        person="甄关怀",
        deputy="甄探访",
        phone="0000-5550104",
        way="窗口、网上、村(社区)代办",
        place="栖禾镇便民服务中心一楼4号窗口",
        hours="工作日 08:30-12:00,14:00-17:30",
        for_whom="本镇户籍或在本镇常住的家庭",
        conditions=(
            "共同生活的家庭成员人均月收入低于当地低保标准。",
            "家庭财产状况符合县里的规定。",
            "有劳动能力的成员已办失业登记或有正当理由不能就业。",
        ),
        materials=(
            GuideMaterial(name="申请人居民身份证", originals=1, copies=1, source="政府部门核发", custody="验原件退还、留复印件"),
            GuideMaterial(name="户口簿", originals=1, copies=1, source="政府部门核发", custody="验原件退还、留复印件"),
            GuideMaterial(name="最低生活保障申请表", originals=1, source="窗口提供", custody="收原件", note="写明全部共同生活的成员"),
            GuideMaterial(name="家庭经济状况核对授权书", originals=1, source="窗口提供", custody="收原件", note="每名成年成员一份"),
            GuideMaterial(name="残疾人证", copies=1, source="共享核验", when="家里有残疾人,且系统查不到证件信息"),
        ),
        steps=(
            GuideStep(name="收件与受理审查", who="镇民政窗口", limit="当场", output="收件凭证、受理通知书"),
            GuideStep(name="经济状况核对", who="县核对中心", limit="10个工作日", beside="a"),
            GuideStep(name="入户调查", who="镇民政办两人", limit="10个工作日", beside="a", output="调查表"),
            GuideStep(name="公示", who="村(社区)", limit="7天,不计入时限"),
            GuideStep(name="审核确认", who="镇人民政府", limit="5个工作日", output="确认通知书"),
        ),
        legal=GuideLimit(limit="30个工作日", starts_on="受理", basis="最低生活保障审核确认办法"),
        promised=GuideLimit(limit="25个工作日", starts_on="受理"),
        result="最低生活保障确认通知书,从批准的次月起发给保障金",
        remedies="收到之日起60日内可向槐序县人民政府申请行政复议,六个月内可向人民法院起诉",
        bases=("社会救助暂行办法", "最低生活保障审核确认办法(民发〔2021〕57号)"),
        questions=(("儿子分了户,算不算家庭成员?", "看是否共同生活和赡养关系,窗口会逐人核对。"),),
        edition="第3版(2026年10月9日发布)",
        checked_on=date(2026, 11, 2),
        checked_by="明公开",
        live_url="https://portal.example/services/MZ-001/",
        elder=elder,
    )


def copying() -> CopyOutData:
    """A case for the upper system."""
    pairs = (
        ("申请人", "姓名", "王春花"),
        ("申请人", "证件号码", "990199195003070020"),
        ("申请人", "联系电话", "12012345678"),
        ("申请人", "户籍地址", "槐序县栖禾镇柳树湾村三组42号(老供销社后面第二排,原村小学旁)"),
        ("申请", "事项编码", "MZ-001"),
        ("申请", "申请日期", "2026-11-23"),
        ("申请", "家庭人口", "3"),
        ("申请", "代理人", ""),
    )
    return CopyOutData(
        head=HEAD,
        number="990199101-2026-000123",
        item="最低生活保障申请",
        upper_system="省社会救助管理信息系统",
        fields=tuple(CopyOutField(group=group, label=label, value=value) for group, label, value in pairs),
        printed_at=RECEIVED,
        printed_by="应接办",
        case_url="https://portal.example/desk/990199101-2026-000123/",
    )


def closing(outcome: str = "确认给予最低生活保障") -> ClosingData:
    """The end of the case."""
    return ClosingData(
        head=HEAD,
        number="990199101-2026-000123",
        item="最低生活保障申请",
        applicant="王*花",
        received_on=date(2026, 11, 23),
        decided_on=date(2026, 12, 21),
        outcome=outcome,
        explanation=("自2027年1月起按月发给保障金,打入社会保障卡账户。", "家庭情况有变化,请在一个月内告诉民政办。"),
        documents=("最低生活保障确认通知书 1份",),
        collect=("本人或受托人带身份证到4号窗口领取。", "也可以邮寄,或由村代办员送到家里。"),
        collect_until=date(2027, 1, 5),
        originals_back=("户口簿 1本",),
        remedies=(
            "收到本告知之日起60日内,可以向槐序县人民政府申请行政复议。",
            "收到本告知之日起六个月内,可以向人民法院提起行政诉讼。",
        ),
        handled_by="民政办 甄关怀",
        given_on=date(2026, 12, 21),
        track_url=TRACK,
    )
