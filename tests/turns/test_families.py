"""卫健、退役军人: things of families, of which little is said aloud."""

import pytest

from tests.turns.turn import ALL, CARD, SMS, Turn, kept

pytestmark = pytest.mark.once
BOOK = "户口簿（户主页、本人页）"


def test_wj_001_birth_registration_with_the_health_office(turn):
    """Done while she waits, were it not that two registers disagree: she is told a day, and the inquiry stops the clock."""
    t: Turn = turn("WJ-001", "2026-11-23 09:10")
    t.takes_in("qh0601", ALL)
    at = t.does("qh0601", "不能当场办结，转承诺件", {"为什么不能当场办结": "需要核查", "承诺几个工作日内办结": "3"})
    at.sees("承诺办结日 2026年11月26日(周四)")
    t.does("qh0601", "受理")
    t.does("qh0601", "开始办理")
    asked = {"哪个程序": "婚育信息核实", "所需时间": "5", "单位": "工作日", "启动理由": "两地婚姻登记信息不一致"}
    t.on("2026-11-24 10:00").does("qh0601", "启动特别程序", asked).sees("特别程序告知书")
    t.on("2026-11-27 10:00").does("qh0601", "结束特别程序", {"结果": "信息已更正"}).sees("承诺办结日 2026年12月")
    t.does("qh0601", "作出决定", {"办理结果": "予以登记"})
    t.hands_over("qh0601")


def test_wj_002_replacing_a_lost_one_child_certificate(turn):
    """A photograph is no good and has to be taken again; the holder is ill, the deputy issues it and signs with the own name."""
    t: Turn = turn("WJ-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL)
    t.does("clerk", "收材料", {"近期照片": "不合格，要换"})
    t.does("clerk", "一次性告知补正", {"近期照片": "不是白底"}).sees("补正材料一次性告知书 栖政补〔2026〕1号")
    t.on("2026-11-24 10:00").does("clerk", "收材料", {"近期照片": "已收件"})
    t.does("clerk", "受理").sees("承诺办结日 2026年12月1日(周二)", "受理通知书 栖政受〔2026〕1号")
    t.does("qh0601", "开始办理").sees("承办人 郝生育")
    t.does("qh0601", "移交B角")
    t.on("2026-11-30 10:00").does("qh0602", "作出决定", {"办理结果": "确认"})
    t.does("qh0602", "出决定书").sees("决定书 栖政决〔2026〕1号", "郝登记")
    t.hands_over("qh0602")


def test_wj_003_reward_support_for_families(turn):
    """In the months of the yearly batch: the village's own notice before acceptance, the township's after it, then the county."""
    t: Turn = turn("WJ-003", "2026-01-13 09:10")
    t.takes_in("clerk", ALL, SMS)
    t.cannot("clerk", "受理", "村级审议并公示")
    t.is_led_to("clerk", "登记村级公示")
    met = {"村里开会日期": "2026-01-03", "到会人数": "9", "同意人数": "8", "会议结果": "同意"}
    hung = met | {"张贴日期": "2026-01-04", "公示到": "2026-01-12", "张贴、看管人": "田代办", "公示结果": "无异议"}
    t.does("clerk", "登记村级公示", hung)
    t.does("clerk", "受理").sees("承诺办结日 2026年3月16日(周一)")
    t.does("qh0601", "开始办理")
    t.is_noticed("qh0601", {"村组": "3组", "结果": "拟确认"}, posted="2026-01-20", last="2026-01-27", ended="2026-01-28")
    t.carries("qh0601", "2026-01-28", "2026-01-29", "2026-03-10", outcome="确认", number="槐卫奖〔2026〕3号")
    t.hands_over("clerk")
    t.seat("qh0601").opens("/desk/").follows("在享名册").follows("在享 1").sees("王**", "2026年04月起")


def test_wj_004_special_support_for_bereaved_parents(turn):
    """Two contact persons go to their home. Nothing is posted anywhere, and no list names what it is."""
    t: Turn = turn("WJ-004", "2026-01-12 09:10")
    t.takes_in("clerk", ALL, kept(BOOK))
    t.does("clerk", "受理").sees("承诺办结日 2026年3月13日(周五)")
    at = t.does("qh0601", "开始办理")
    assert not at.page.has_link("列入公示")
    t.carries("qh0601", "2026-01-26", "2026-01-27", "2026-02-24", outcome="确认")
    t.hands_over("clerk", originals=(BOOK,))


def test_ty_001_veterans_card(turn):
    """Four levels look at it. After a week he moves away and takes his application back; his papers go back with it."""
    t: Turn = turn("TY-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, kept("退役证件或遗属身份材料"))
    t.does("clerk", "受理").sees("承诺办结日 2026年12月21日(周一)")
    t.does("qh0701", "开始办理")
    t.on("2026-11-30 10:00").does("clerk", "申请人撤回", {"申请人怎么说": "迁往外省，到那边申请"}).sees("已撤回")
    t.is_led_to("clerk", "退还原件")
    t.does("clerk", "退还原件", CARD, "退役证件或遗属身份材料").sees("材料退还清单 栖政退〔2026〕1号")
    t.tracks().sees("撤回")


def test_ty_002_allowance_for_conscripts_families(turn):
    """In the months of the batch, by the father; the township checks with the armed forces department, the county pays."""
    t: Turn = turn("TY-002", "2026-06-08 09:10")
    t.takes_in("clerk", ALL, said={"姓名": "张大河", "身份证号码": "990199195806120036"})
    t.does("clerk", "受理").sees("承诺办结日 2026年7月7日(周二)")
    t.does("qh0701", "开始办理")
    t.carries("qh0701", "2026-06-12", "2026-06-15", "2026-06-30", outcome="批准发放")
    t.hands_over("clerk")
