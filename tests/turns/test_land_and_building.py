"""宅基地、危房、设施农业用地、乡村规划许可: several offices look at one plot, and the village has its say before."""

import pytest

from tests.turns.turn import ALL, SMS, Turn, kept

pytestmark = pytest.mark.once
WIFE = {"第1人 / 姓名": "李小溪", "第1人 / 与申请人的关系": "妻子", "第1人 / 身份证号码": "990199198802290023"}
HUNG = {"公示地点": "稻香村公示栏", "张贴、看管人": "田代办", "公示结果": "无异议"}
MET = {"村里开会日期": "2026-11-11", "到会人数": "21", "同意人数": "19", "会议结果": "同意"}


def test_zj_001_homestead_approval(turn):
    """House building: one window, four offices at once, one visit of two people that serves three of them, fifteen working days."""
    t: Turn = turn("ZJ-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS)
    t.cannot("clerk", "受理", "村组讨论与村级公示")
    t.is_led_to("clerk", "登记村级公示")
    early = t.case("clerk").follows("登记村级公示")
    assert "5个工作日" in early.is_refused("登记村级公示", HUNG | MET | {"张贴日期": "2026-11-16", "公示到": "2026-11-20"})
    t.on("2026-11-23 10:00").does("clerk", "登记村级公示", HUNG | MET | {"张贴日期": "2026-11-13", "公示到": "2026-11-20"})
    t.does("clerk", "登记家庭成员", WIFE)
    t.does("clerk", "受理").sees("受理通知书 栖政受〔2026〕1号", "承诺办结日 2026年12月14日(周一)", "法定时限 2026年12月21日(周一)")
    t.does("qh0901", "开始办理")
    t.case("qh0901").sees("资格条件审查 · 农业农村窗口（农业农村办）", "规划与用途审查 · 自然资源窗口（自然资源所）", "2026年12月3日(周四)")
    t.cannot("qh0901", "作出决定", "还没办完：资格条件审查")
    t.does("qh0901", "安排踏勘", {"时间": "2026-11-26T14:30", "位置": "稻香村3组"}, "梁建房", "时测绘", "丰禾苗")
    t.on("2026-11-24 09:00").does("qh0901", "涉及：启动该环节", {"由哪个站所办理": "林业窗口（林业站）"})
    t.case("qh0901").sees("林业、水利、交通等会签（涉及时） · 林业窗口（林业站）", "2026年11月26日(周四) 14:30")
    t.on("2026-11-26 17:00")
    seen = {"时间": "2026-11-26T14:30", "到场的当事人": "王小明", "现场情况": "四至清楚，原址东移两米，有三棵杉木"}
    record = t.does("qh0901", "登记踏勘记录", seen, "随本次踏勘办结的任务 / 规划与用途审查", "随本次踏勘办结的任务 / 建房方案与安全审查")
    record.sees("现场踏勘记录 栖政勘〔2026〕1号", "梁建房", "时测绘", "丰禾苗")
    t.on("2026-11-27 10:00").seat("qh1001").follows("资格条件审查")
    t.does("qh1001", "办结本站所任务", {"本站所意见": "同意", "审查意见": "一户一宅，符合资格"})
    t.does("qh1101", "办结本站所任务", {"本站所意见": "同意", "审查意见": "零星林木，不需采伐许可"})
    t.on("2026-12-11 10:00").walks("qh0901").is_led_to("qh0901", "作出决定")
    t.seat("qh0901").opens(f"/desk/{t.number}/decide/").sees("同意：一户一宅，符合资格")
    t.does("qh0901", "作出决定", {"办理结果": "准予"})
    t.does("qh0901", "出决定书").sees("决定书 栖政决〔2026〕1号")
    paper = t.prints("qh0901", "决定书 栖政决〔2026〕1号")
    assert paper.startswith("栖禾镇人民政府") and "农村宅基地批准书及乡村建设规划许可证" in paper
    t.hands_over("clerk")
    t.is_led_to("qh0901", "列入公示")  # 批准后公示: behind the decision, and due all the same
    t.does("qh0901", "列入公示", {"村组": "3组", "用地位置与面积": "3组东侧120平方米", "建筑层数": "两层"}).sees("公示编号")
    t.tracks().sees("已经办结，结果已送达")


def test_zj_002_grant_for_a_dangerous_house(turn):
    """The village's notice before, the township's after; a structural survey stops the clock; the county grants it."""
    t: Turn = turn("ZJ-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL)
    t.is_led_to("clerk", "登记村级公示")
    t.does("clerk", "登记村级公示", HUNG | MET | {"张贴日期": "2026-11-12", "公示到": "2026-11-19"})
    t.does("clerk", "受理").sees("承诺办结日 2026年12月21日(周一)")
    t.does("qh0901", "开始办理")
    survey = {"哪个程序": "房屋安全鉴定", "所需时间": "10", "单位": "工作日", "启动理由": "初判为D级，须鉴定"}
    t.on("2026-11-25 10:00").does("qh0901", "启动特别程序", survey)
    t.on("2026-12-03 10:00").does("qh0901", "结束特别程序", {"结果": "鉴定为D级"}).sees("原到期日为2026年12月21日(周一)")
    t.is_noticed("qh0901", {"村组": "3组", "结果": "拟补助"}, posted="2026-12-03", last="2026-12-10", ended="2026-12-11")
    t.carries("qh0901", "2026-12-11", "2026-12-14", "2026-12-24", outcome="批准发放")
    t.hands_over("clerk")


def test_zj_003_filing_land_for_farm_buildings(turn):
    """The plan was announced before; two people look at the field; the township files it in its own name."""
    t: Turn = turn("ZJ-003", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, kept("用地协议"), said={"身份证号码": None, "流转合同": "收到"})
    t.is_led_to("clerk", "登记村级公示")
    t.does("clerk", "登记村级公示", HUNG | {"张贴日期": "2026-11-13", "公示到": "2026-11-20"})
    t.does("clerk", "受理").sees("受理通知书 栖政受〔2026〕1号", "承诺办结日 2026年11月30日(周一)")
    t.does("qh0801", "开始办理")
    seen = {"时间": "2026-11-25T09:30", "位置": "3组大田", "到场的当事人": "王小明", "现场情况": "不占永久基本农田"}
    t.on("2026-11-25 11:00").does("qh0801", "登记踏勘记录", seen, "时用地", "时测绘")
    t.does("qh0801", "作出决定", {"办理结果": "予以备案"})
    t.does("qh0801", "出决定书").sees("决定书 栖政决〔2026〕1号")
    t.hands_over("qh0801", originals=("用地协议",))


def test_zj_004_planning_permit_for_public_buildings(turn):
    """Nobody answers in five working days: by law it counts as accepted as of the day it came in, and the supervisor sees the alarm."""
    t: Turn = turn("ZJ-004", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, said={"姓名": "稻香村村民委员会", "身份证号码": None})
    t.at_night("2026-12-01 09:00", "late_notices")
    t.case("qh0901").sees("受理 2026年11月23日(周一) 09:10", "视为受理", "承诺办结日 2026年12月14日(周一)")
    t.tracks()
    t.does("qh0901", "开始办理")
    seen = {"时间": "2026-12-01T14:00", "位置": "稻香村文化广场", "到场的当事人": "村委会主任", "现场情况": "与方案一致，不占基本农田"}
    t.on("2026-12-01 16:00").does("qh0901", "登记踏勘记录", seen, "梁建房", "梁会审").sees("现场踏勘记录 栖政勘〔2026〕1号")
    t.carries("qh0901", "2026-12-02", "2026-12-03", "2026-12-14", outcome="准予", number="乡字第990199202600001号")
    t.hands_over("clerk")
