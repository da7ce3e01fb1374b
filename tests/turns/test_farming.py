"""农业农村、林业."""

import pytest

from tests.turns.turn import ALL, SMS, Turn, kept

pytestmark = pytest.mark.once


def test_ny_001_arable_land_subsidy(turn):
    """In the months of the yearly batch: a new claim, looked at in the township, posted in the village, paid by the county."""
    t: Turn = turn("NY-001", "2026-04-07 09:10")
    t.takes_in("clerk", ALL, said={"分户、流转、继承等变更材料": "不需要", "社会保障卡或本人银行账户信息": "收到"})
    t.does("clerk", "受理").sees("承诺办结日 2026年5月21日(周四)")
    t.does("qh1001", "开始办理")
    t.is_noticed("qh1001", {"面积": "4.2亩", "金额": "420元", "村组": "3组"}, posted="2026-04-13", last="2026-04-20", ended="2026-04-21")
    t.carries("qh1001", "2026-04-21", "2026-04-22", "2026-05-12", outcome="批准发放").sees("已决定 · 批准发放")
    t.hands_over("qh1001")


def test_ny_002_subsidy_for_farm_machinery(turn):
    """Counted from the day it is handed in. Two people check the machine; five working days of notice hang at the county."""
    t: Turn = turn("NY-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, kept("购机发票"), said={"行驶证": "收到"})
    t.case("clerk").sees("承诺办结日 2026年12月10日(周四)", "法定时限 2026年12月14日(周一)")
    t.does("clerk", "受理")
    t.does("qh1001", "开始办理")
    t.on("2026-11-25 15:00")
    seen = {"时间": "2026-11-25T14:00", "位置": "稻香村3组", "到场的当事人": "王小明", "现场情况": "机具铭牌与发票一致"}
    t.does("qh1001", "登记踏勘记录", seen, "丰禾苗", "丰补贴").sees("现场踏勘记录 栖政勘〔2026〕1号")
    t.carries("qh1001", "2026-11-26", "2026-11-27", "2026-12-09", outcome="批准发放").sees("已决定 · 批准发放")
    t.hands_over("qh1001", originals=("购机发票",))


def test_ny_003_filing_a_farmland_transfer_contract(turn):
    """The township's own: three working days from acceptance; the contract goes back, the receipt of filing goes with it."""
    t: Turn = turn("NY-003", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS, kept("土地经营权流转合同"), said={"身份证号码": None})
    t.does("clerk", "受理").sees("受理通知书 栖政受〔2026〕1号", "承诺办结日 2026年11月26日(周四)").sees_not("法定时限 2026")
    t.does("qh1001", "开始办理")
    t.on("2026-11-25 10:00").does("qh1001", "作出决定", {"办理结果": "予以备案"})
    t.is_led_to("qh1001", "出决定书")
    t.does("qh1001", "出决定书").sees("决定书 栖政决〔2026〕1号")
    paper = t.prints("qh1001", "决定书 栖政决〔2026〕1号")
    assert paper.startswith("栖禾镇人民政府") and "流转合同备案回执" in paper and "便民服务中心决定" not in paper
    t.hands_over("qh1001", originals=("土地经营权流转合同",))
    t.tracks().sees("已经办结，结果已送达")


def test_ly_001_felling_permit_on_declaration(turn):
    """He chooses to promise in writing; the permit is the county forestry office's, written here. Later his word is checked."""
    t: Turn = turn("LY-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL)
    t.does("clerk", "受理", {"告知承诺": "选：书面承诺"}).sees("受理通知书 槐林受〔2026〕1号", "承诺办结日 2026年11月26日(周四)")
    t.does("qh1101", "开始办理")
    t.does("qh1101", "作出决定", {"办理结果": "准予"})
    t.does("qh1101", "出决定书").sees("决定书 槐林决〔2026〕1号")
    assert t.prints("qh1101", "决定书 槐林决〔2026〕1号").startswith("槐序县林业局")
    t.hands_over("qh1101")
    t.on("2026-12-10 10:00").does("qh1101", "核查书面承诺", {"承诺内容": "属实"})
