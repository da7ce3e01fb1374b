"""派出所 and 市场监管所: county offices with windows of their own in the centre. The reception only takes in and hands on."""

import pytest

from tests.turns.turn import ALL, WANG, Turn, kept

pytestmark = pytest.mark.once
NEWBORN = {"姓名": "张小满", "身份证号码": "", "证件情况": "新生儿，还没有号码"}
FATHER = {
    "代理人姓名": "张大河", "与申请人的关系": "父亲", "代理人身份证号码": "990199195806120036", "代理人电话": "12345678911",
    "凭什么代办": "不需要：法定代理人（监护人）",
}  # fmt: skip
NOT_HERE = "只由那里的人办"


def handed_on(t: Turn, police: str) -> None:
    """From the reception to the stationed window, signed for there; only then is it accepted, and only there."""
    t.cannot("clerk", "受理", NOT_HERE)
    t.is_led_to("clerk", "转交派驻窗口")
    t.does("clerk", "转交派驻窗口").sees("转交单 栖政转〔2026〕1号", "已转出，尚未登记签收")
    t.cannot(police, "受理", "材料还在综合受理窗口")
    t.is_led_to(police, "接收转交材料")
    t.does(police, "接收转交材料").sees("已接收")


def test_hj_001_entering_a_birth(turn):
    """The father brings the certificate of birth to the reception; the police station enters the child the same morning."""
    t: Turn = turn("HJ-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, kept("出生医学证明"), said=NEWBORN | FATHER).sees("当场办结 2026年11月23日(周一)")
    handed_on(t, "qh1201")
    t.does("qh1201", "受理").sees_not("受理通知书")
    t.does("qh1201", "作出决定", {"办理结果": "予以登记"})
    t.does("qh1201", "出即时办结单").sees("即时办结单")
    t.does("qh1201", "退还原件", {"怎么确认领取人身份": "已看身份证件", "谁领取": "监护人"}, "出生医学证明")
    t.does("qh1201", "送达结果", {"怎样送达的": "户口簿交父亲，已签收"}).sees("已送达办结 · 予以登记")
    t.tracks().sees("已经办结，结果已送达")


def test_hj_002_removing_a_deceased_person(turn):
    """A widow comes to the police window. Whose number is taken out of the register is checked on the roll the same day."""
    drew_a_pension(turn)
    t: Turn = turn("HJ-002", "2026-11-23 09:10")
    daughter = {"姓名": "李小溪", "身份证号码": "990199198802290023", "联系电话": "12345678912"}
    t.takes_in("qh1201", ALL, said=daughter, button="收件并受理")
    at = t.case("qh1201").follows("作出决定")
    assert "身份证" in at.is_refused("作出决定", {"办理结果": "予以注销", "死者身份证号": "990199195501010013"})
    t.does("qh1201", "作出决定", {"办理结果": "予以注销", "死者身份证号": WANG["身份证号码"], "死亡日期": "2026-11-20"})
    t.hands_over("qh1201")
    roll = t.seat("clerk2").follows("在享名册").follows("待核 1").sees("王**", "城乡居民基本养老保险待遇申领")
    roll.follows("王**").sees("有死亡信息待核")
    stopped = {"办理结果": "停发", "理由": "户口已注销", "从哪个月起": "2026-12", "怎么告知本人的": "书面送达家属"}
    roll.follows("核查").fills("核查", stopped)


def drew_a_pension(turn) -> None:
    t: Turn = turn("SB-002", "2026-09-01 09:10")
    t.takes_in("clerk2", ALL)
    t.does("clerk2", "受理")
    t.does("clerk2", "开始办理")
    t.does("clerk2", "转报县里", {"方式": "公文交换"})
    t.on("2026-09-10 10:00").does("clerk2", "登记县里结果", {"办理结果": "核定待遇", "发放标准或金额": "每月180元"}, "县里的文书没有文号")


def test_hj_003_registering_residence(turn):
    """Sent in from home at night; a tenant shows the contract next morning and is registered at once."""
    t: Turn = turn("HJ-003", "2026-11-23 21:00")
    t.applies_online().sees("查询码")
    t.on("2026-11-24 09:00").does("qh1201", "收材料", None, "缺的材料全部收到")
    t.does("qh1201", "受理")
    t.does("qh1201", "作出决定", {"办理结果": "予以登记"})
    t.hands_over("qh1201")


def test_hj_004_residence_permit(turn):
    """Ten calendar days promised, fifteen by law; the card is made in the county, the station answers for all of it."""
    t: Turn = turn("HJ-004", "2026-11-23 09:10")
    neighbour = {"代理人姓名": "何田", "与申请人的关系": "邻居", "凭什么代办": "授权委托书和受托人证件已收"}
    at = t.seat("qh1201").follows("收件").fills("查找", {"事项": t.code}).follows(t.edition.name)
    assert "居住证须本人申领" in at.is_refused("收件", WANG | neighbour, ALL)
    t = turn("HJ-004", "2026-11-23 09:10")
    t.takes_in("qh1201", ALL, said={"就业或就读材料": "收到"})
    t.does("qh1201", "受理").sees("受理通知书 槐公受〔2026〕1号", "承诺办结日 2026年12月3日(周四)", "法定时限 2026年12月8日(周二)")
    t.does("qh1201", "开始办理")
    t.on("2026-12-01 09:00").does("qh1201", "作出决定", {"办理结果": "确认"})
    t.is_led_to("qh1201", "出决定书")
    t.does("qh1201", "出决定书").sees("决定书 槐公决〔2026〕1号")
    assert t.prints("qh1201", "决定书 槐公决〔2026〕1号").startswith("槐序县公安局")
    t.hands_over("qh1201")


def test_hj_005_certificate_of_no_criminal_record(turn):
    """One working day promised; a namesake has to be ruled out first, and the county's police chief approves the inquiry."""
    t: Turn = turn("HJ-005", "2026-11-23 09:10")
    t.takes_in("qh1201", ALL, said={"居住证": "不需要"})
    t.does("qh1201", "受理").sees("受理通知书 槐公受〔2026〕1号", "承诺办结日 2026年11月24日(周二)", "法定时限 2026年11月26日(周四)")
    t.does("qh1201", "开始办理")
    inquiry = {"哪个程序": "调查核实", "所需时间": "5", "单位": "工作日", "启动理由": "同名同姓，需向原籍地核实"}
    t.does("qh1201", "启动特别程序", inquiry).sees("特别程序告知书 槐公特〔2026〕1号")
    t.tracks().sees("调查核实")
    at = t.on("2026-11-26 09:00").does("qh1201", "结束特别程序")
    at.sees("承诺办结日 2026年11月27日(周五)", "法定时限 2026年12月1日(周二)", "原到期日为2026年11月24日(周二)")
    t.does("qh1201", "作出决定", {"办理结果": "出具"})
    t.does("qh1201", "出决定书").sees("决定书 槐公决〔2026〕1号")
    t.hands_over("qh1201")
    t.tracks().sees("已经办结，结果已送达").sees_not("犯罪记录：")


def test_sj_001_registering_a_one_person_business(turn):
    """Taken in at the reception; too complicated for one day, so that the head allows three more before the first is over."""
    t: Turn = turn("SJ-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL).sees("承诺时限 2026年11月24日(周二)", "法定时限 2026年11月26日(周四)")
    handed_on(t, "qh1301")
    t.does("qh1301", "受理").sees("受理通知书 槐市监受〔2026〕1号")
    t.does("qh1301", "开始办理")
    t.does("qh1301", "申请延期", {"延长多少": "2", "延长理由": "经营范围需与县局核对"})
    t.on("2026-11-24 09:00").is_led_to("supervisor", "批准延期")
    at = t.does("supervisor", "批准延期", {"哪一种延长": "情形复杂延长"})
    at.sees("延期告知书 槐市监延〔2026〕1号", "承诺办结日 2026年11月26日(周四)")
    t.case("supervisor").sees("原到期日为2026年11月24日(周二)")
    t.tracks().sees("2026年11月26日(周四)", "情形复杂延长", "原到期日为2026年11月24日(周二)")
    t.on("2026-11-26 15:00").does("qh1301", "作出决定", {"办理结果": "予以登记"})
    t.does("qh1301", "出决定书").sees("决定书 槐市监决〔2026〕1号")
    t.hands_over("qh1301")


def test_sj_002_registering_a_small_food_workshop(turn):
    """Two people look at the workshop; raw and cooked are not kept apart. It is refused, with facts, reasons, law and remedies."""
    t: Turn = turn("SJ-002", "2026-11-23 09:10")
    t.takes_in("qh1301", ALL)
    t.does("qh1301", "受理").sees("承诺办结日 2026年12月9日(周三)", "法定时限 2026年12月21日(周一)")
    t.does("qh1301", "开始办理")
    t.on("2026-11-26 15:30")
    seen = {"时间": "2026-11-26T14:00", "位置": "稻香村3组作坊", "到场的当事人": "王小明", "现场情况": "生熟未分区，无防蝇设施"}
    assert "两" in t.case("qh1301").follows("登记踏勘记录").is_refused("登记踏勘记录", seen, "严市监")
    t.on("2026-11-26 15:30")
    t.does("qh1301", "登记踏勘记录", seen, "严市监", "严登记").sees("现场踏勘记录 槐市监勘〔2026〕1号")
    at = t.case("qh1301").follows("作出决定")
    refusal = {
        "办理结果": "不予许可", "不予时填：查明的事实": "11月26日现场查明，生熟未分区", "不予时填：理由": "不符合生产卫生条件",
        "不予时填：依据": "省级小作坊管理条例",
    }  # fmt: skip
    assert "理由" in at.is_refused("作出决定", {"办理结果": "不予许可"})
    t.on("2026-11-27 09:00").does("qh1301", "作出决定", refusal).sees("不予决定书 槐市监不予〔2026〕1号", "已决定 · 不予许可")
    paper = t.prints("qh1301", "不予决定书 槐市监不予〔2026〕1号")
    assert paper.startswith("槐序县市场监督管理局") and "60日内向槐序县人民政府申请行政复议" in paper and "6个月内" in paper
    t.hands_over("qh1301")
