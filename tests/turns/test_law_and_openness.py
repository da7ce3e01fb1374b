"""司法所、政府信息公开."""

import pytest

from tests.turns.turn import ALL, Turn

pytestmark = pytest.mark.once


def test_sf_001_asking_for_mediation(turn):
    """Two neighbours and a lane. Who wrote it down sees no word of it any more; both agree, a mediator is named, a paper is signed."""
    t: Turn = turn("SF-001", "2026-11-23 09:10")
    at = t.seat("clerk").follows("收件").fills("查找", {"事项": t.code}).follows(t.edition.name).sees("一方明确拒绝的不调解")
    both = {
        "申请人姓名": "王小明", "申请人电话": "12345678901", "对方当事人姓名": "赵大山", "纠纷类型": "邻里",
        "纠纷内容": "砌墙堵了三米宽的进出路",
    }  # fmt: skip
    t.reads_off(at.fills("登记", both))
    t.case("clerk").sees_not("砌墙", "赵大山")
    t.is_led_to("qh1401", "双方同意调解")
    t.does("qh1401", "双方同意调解", {"对方同意的日期": "2026-11-23", "对方怎样同意的": "打电话"}).sees("2026年12月23日(周三)")
    t.is_led_to("qh1401", "确定调解员")
    t.does("qh1401", "确定调解员", {"调解员": "和调解"}, "由当事人选定")
    t.on("2026-12-10 15:00").is_led_to("qh1402", "达成调解协议")
    agreed = {"协议形式": "调解协议书", "生效日期": "2026-12-10", "履行期限": "2026-12-20", "协议内容": "十日内拆墙，恢复三米通道"}
    t.does("qh1402", "达成调解协议", agreed).sees("可共同申请司法确认至 2027年1月11日(周一)")  # thirty days, and the last is a Saturday
    t.on("2026-12-21 09:00").does("qh1402", "登记履行情况并办结", {"履行情况": "已全部履行", "履行了什么": "墙已拆除，通道恢复"})
    t.tracks()


def test_sf_002_legal_aid(turn):
    """Seven days from the day it is handed in, by law. A paper is missing and never brought: it counts as withdrawn, as the law says."""
    t: Turn = turn("SF-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, said={"案件材料": "缺", "经济困难状况说明或诚信承诺": "收到"})
    t.case("clerk").sees("法定时限 2026年11月30日(周一)", "承诺办结日 2026年11月30日(周一)")  # the 28th is a Saturday
    t.is_led_to("clerk", "一次性告知补正")
    t.does("clerk", "一次性告知补正", {"案件材料": "缺起诉状", "补正期限": "2026-11-30"}).sees("待补正")
    t.tracks().sees("案件材料", "2026年11月30日(周一)", "撤回")
    t.at_night("2026-11-27 09:00", "owed_materials").at_night("2026-12-01 09:00", "owed_materials")
    t.tracks().sees("视为撤回")
    t.case("clerk").sees("视为撤回").sees_not("原件暂存")


def test_zw_001_request_for_government_information(turn):
    """Sent over the internet: the limit begins when it is confirmed. A third party is heard; the rest needs more time; it is answered."""
    t: Turn = turn("ZW-001", "2026-11-23 20:10")
    t.applies_online().sees("查询码")
    t.on("2026-11-24 09:00").does("editor", "收材料", None, "缺的材料全部收到")
    t.does("editor", "登记与申请人的确认", {"与申请人确认的日期": "2026-11-24", "怎样确认的": "电话"})
    t.case("editor").sees("承诺办结日 2026年12月15日(周二)", "法定时限 2026年12月22日(周二)")
    t.does("editor", "受理").sees_not("受理通知书")  # 信息公开 knows none
    t.does("editor", "开始办理")
    heard = {"哪个程序": "征求第三方意见", "所需时间": "10", "单位": "工作日", "启动理由": "涉及第三方商业秘密"}
    t.on("2026-11-30 10:00").does("editor", "启动特别程序", heard).sees("特别程序告知书 栖政特〔2026〕1号")
    t.tracks().sees("征求第三方意见")
    t.on("2026-12-07 10:00").does("editor", "结束特别程序", {"结果": "第三方同意公开部分内容"})
    t.case("editor").sees("承诺办结日 2026年12月23日(周三)", "法定时限 2026年12月30日(周三)", "原到期日为2026年12月15日(周二)")
    t.on("2026-12-21 10:00").does("editor", "申请延期", {"延长多少": "10", "延长理由": "需检索历年档案"})
    t.is_led_to("supervisor", "批准延期")
    t.does("supervisor", "批准延期", {"哪一种延长": "延长答复"}, "承诺时限", "法定时限").sees("延期告知书 栖政延〔2026〕1号")
    t.tracks().sees("原到期日")
    t.on("2026-12-28 10:00").does("editor", "作出决定", {"办理结果": "予以公开"})
    t.does("editor", "出决定书", {"决定内容": "公开2025年度村级道路建设合同，第三方商业秘密部分不予公开"}).sees("决定书 栖政决〔2026〕1号")
    t.hands_over("editor")
