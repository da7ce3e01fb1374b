"""社会保险、医疗保障、就业: mostly carried to the county, some done while the person waits."""

import pytest

from tests.turns.turn import ALL, SMS, Turn, kept

pytestmark = pytest.mark.once
ID_CARD = "申请人居民身份证"
HE = {"姓名": "何桂兰", "身份证号码": "99019919341105002X", "联系电话": "12345678915"}
LETTER = {"委托范围": "全程代办，含代领结果", "签好的委托书": "已看，原件随件送镇"}


def test_sb_001_joining_the_residents_basic_pension(turn):
    """The village agent takes two families' papers, brings them in one bundle on the next day, and carries the result home."""
    t: Turn = turn("SB-001", "2026-11-23 15:00")
    first = village_intake(t, HE)
    second = village_intake(t, {"姓名": "王小明", "身份证号码": "990199195501010012", "联系电话": "12345678901"})
    bundle = t.seat("agent").opens("/desk/").follows("批次").follows("编批次").presses("造册", first, second).sees("稻香村，共2件")
    bundle.presses("现在送出")
    t.tracks().sees("村代办员已收下您的申请，正要送到镇里", "村级收件 2026年11月23日(周一) 15:00").sees_not("承诺")
    t.on("2026-11-24 10:00")
    counted = t.seat("clerk").follows("村级批次").follows("990199101-2026-CP000001")
    counted.fills("收下已到的", {"送交人": "田代办"}, "全部到齐，材料与清单相符").sees("点交 2026年11月24日(周二) 10:00")
    t.case("clerk").sees("村级收件 2026年11月23日(周一) 15:00", "镇收件 2026年11月24日(周二) 10:00", "承诺办结日 2026年11月27日(周五)")
    t.does("clerk", "受理")
    t.does("clerk2", "开始办理")
    t.carries("clerk2", "2026-11-24", "2026-11-25", "2026-11-26", outcome="予以登记")
    t.on("2026-11-27 09:00")
    home = t.seat("agent").sees("受托在办：2件", "待送达的结果 1").follows(f"已送到本人 {second}")
    home.fills("代办员送达", {"怎么送达的": "送到家里，本人签收"})
    t.seat("agent").opens("/desk/").sees("受托在办：1件", "待送达的结果 0")
    t.tracks().sees("已经办结，结果已送达")


def village_intake(t: Turn, person: dict[str, str]) -> str:
    at = t.seat("agent").opens("/desk/").follows("替村民登记").fills("查找", {"事项": t.code}).follows(t.edition.name)
    t.reads_off(at.fills("收件", person | LETTER, ALL))
    return t.number


def test_sb_002_claiming_the_residents_basic_pension(turn):
    """Handed in at the township, decided by the county; from the next month on it is on the roll, with the day of its next review."""
    t: Turn = turn("SB-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL).sees("承诺时限 2026年12月7日(周一)", "法定时限 2026年12月21日(周一)")
    t.case("clerk").sees("到期日 2026年11月26日(周四) · 转报县里")
    t.tracks().sees("已收到您的申请")
    t.does("clerk", "受理").sees("已受理").sees_not("受理通知书")  # the county writes that one
    t.does("clerk2", "开始办理").sees("承办人 金承诺")
    t.cannot("clerk2", "作出决定", "由槐序县社会保险经办机构决定，镇里不作决定")
    t.carries("clerk2", "2026-11-25", "2026-11-26", "2026-12-03", outcome="核定待遇", number="槐社核〔2026〕7号").sees("已决定 · 核定待遇")
    assert "槐序县社会保险经办机构" in t.prints("clerk2", "转报单 栖政转〔2026〕1号")
    t.hands_over("clerk")
    t.tracks().sees("已经办结，结果已送达")
    t.seat("clerk2").opens("/desk/").follows("在享名册").follows("在享 1").sees(t.edition.name, "2027年01月起", "2027年12月3日(周五)")


def test_sb_003_changing_key_details_in_the_pension_record(turn):
    """The daughter comes with a letter of authority; the corrected household book is a paper only this change needs."""
    t: Turn = turn("SB-003", "2026-11-23 09:10")
    daughter = {
        "代理人姓名": "李小溪", "与申请人的关系": "女儿", "代理人电话": "12345678912", "代理人身份证号码": "990199198802290023",
        "凭什么代办": "授权委托书和受托人证件已收", "变更后的户口簿或公安机关更正证明": "收到", "社会保障卡或本人银行账户信息": "不需要",
    }  # fmt: skip
    t.takes_in("clerk", ALL, said=HE | daughter).sees("承诺时限 2026年11月26日(周四)", "法定时限 2026年12月7日(周一)")
    t.case("clerk").sees("授权委托书及受托人身份证件 · 已收件", "代理人 李** · 女儿", "变更后的户口簿或公安机关更正证明 · 已收件")
    t.does("clerk", "受理")
    t.does("clerk2", "开始办理")
    t.carries("clerk2", "2026-11-24", "2026-11-24", "2026-11-26", outcome="予以变更", number="")
    t.does("clerk", "送达结果", {"怎样送达的": "女儿李小溪代领，已签收"}).sees("已送达办结 · 予以变更")


def test_sb_004_yearly_proof_of_life(turn):
    """Nobody can do it for another; who comes is done while waiting, in the name of the county's institution."""
    t: Turn = turn("SB-004", "2026-11-23 09:10")
    son = {"代理人姓名": "何田", "与申请人的关系": "儿子", "凭什么代办": "授权委托书和受托人证件已收"}
    at = t.seat("clerk2").follows("收件").fills("查找", {"事项": "SB-004"}).follows(t.edition.name).sees("不能由他人代办")
    assert "资格认证须本人影像或上门核实" in at.is_refused("收件", HE | son, ALL)
    t.takes_in("clerk2", ALL, said=HE | {"办理结果": "认证通过"}, button="收件并办结").sees("当场办结，结果已经交付")
    t.does("clerk2", "出即时办结单").sees("即时办结单")
    t.tracks().sees("已经办结，结果已送达")


def test_sb_005_getting_a_social_security_card(turn):
    """He forgot the identity card: his case is taken in all the same, and accepted when he comes back with it."""
    t: Turn = turn("SB-005", "2026-11-23 16:40")
    t.takes_in("clerk", ALL, said={"身份证号码": "", "证件情况": "忘带证件"}).sees("忘带")
    t.cannot("clerk", "受理", "还缺：申请人居民身份证")
    t.tracks().sees("申请人居民身份证")
    t.on("2026-11-25 09:00")
    t.does("clerk", "收材料", {"证件上的号码": "990199195501010012"}, "缺的材料全部收到", "已核验身份证")
    t.does("clerk", "受理")
    t.does("clerk2", "开始办理")
    t.carries("clerk2", "2026-11-25", "2026-11-26", "2026-11-30", outcome="予以办理", number="")
    t.hands_over("clerk")


def test_yb_001_joining_the_residents_medical_insurance(turn):
    """Done while the person waits, were it not that the upper system is down: he is told a day instead, and why."""
    t: Turn = turn("YB-001", "2026-11-23 09:10")
    t.takes_in("qh0301", ALL)
    at = t.does("qh0301", "不能当场办结，转承诺件", {"为什么不能当场办结": "上级系统停机", "承诺几个工作日内办结": "2"})
    at.sees("承诺办结日 2026年11月25日(周三)", "上级系统停机")
    t.tracks().sees("2026年11月25日(周三)")
    t.does("qh0301", "受理")
    t.on("2026-11-24 09:00").does("qh0301", "开始办理")
    t.does("qh0301", "作出决定", {"办理结果": "予以登记"})
    t.hands_over("qh0301")


def test_yb_002_registering_treatment_in_another_region(turn):
    """One page, one press: received, accepted, decided and handed over at the window of the medical insurance."""
    t: Turn = turn("YB-002", "2026-11-23 09:10")
    at = t.takes_in("qh0301", ALL, said={"办理结果": "予以备案", "转诊意见": "收到"}, button="收件并办结")
    at.sees("当场办结，结果已经交付", "医保窗口（医疗保障服务站） · 易参保")
    t.case("qh0301").sees("已送达办结 · 予以备案", "转诊意见 · 已收件")
    t.tracks().sees("已经办结，结果已送达")


def test_yb_003_refund_against_receipts(turn):
    """The county sends it back for a better receipt, is urged when its time runs out, and pays in the end."""
    t: Turn = turn("YB-003", "2026-11-23 09:10")
    t.takes_in("clerk", ALL).sees("承诺时限 2026年12月21日(周一)", "法定时限 2027年1月5日(周二)")
    t.does("clerk", "受理")
    t.on("2026-11-24 10:00").does("qh0301", "开始办理")
    t.does("qh0301", "转报县里", {"方式": "专人送达"})
    t.on("2026-11-26 10:00").does("qh0301", "县里退回", {"县里要求补什么": "费用清单缺第2页"}).sees("办理中", "费用清单缺第2页")
    t.on("2026-11-27 10:00").does("qh0301", "收材料", {"费用清单": "已收件"})
    t.does("qh0301", "转报县里", {"方式": "专人送达"})
    t.does("qh0301", "登记县里签收", {"签收人": "县医保中心"}).sees("县里到期日：2026年12月22日(周二)")
    t.on("2026-12-22 10:00")
    t.does("qh0301", "催办县里", {"最迟答复": "2026-12-24"}).sees("催办函")
    t.tracks().sees("槐序县医疗保障经办机构").sees_not("逾期")
    t.on("2026-12-24 10:00").does("qh0301", "登记县里结果", {"办理结果": "批准报销"}, "县里的文书没有文号")
    t.hands_over("clerk")


def test_yb_004_medical_assistance(turn):
    """The township finds the family above the line and proposes to refuse: nothing hangs in the village; the county refuses."""
    t: Turn = turn("YB-004", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS, kept("医保结算单和费用票据"))
    t.is_led_to("clerk", "登记家庭成员")
    t.does("clerk", "登记家庭成员", None, "没有其他成员：申请人独自一户")
    t.does("clerk", "受理").sees("受理通知书 栖政受〔2026〕1号", "承诺办结日 2026年12月21日(周一)")
    t.does("qh0301", "开始办理")
    t.cannot("qh0301", "列入公示", "先登记前面环节的结果：提出初审意见")
    found = {"本站所意见": "只报核查情况，不表态", "审查意见": "入户核对，人均收入超过认定标准"}
    t.on("2026-12-01 10:00").does("official", "办结本站所任务", found)
    t.is_led_to("qh0301", "登记环节结果")
    t.does("qh0301", "登记环节结果", {"环节结果": "初审拟不予救助"})
    t.is_led_to("qh0301", "列入公示").sees("应先公示，期满无异议后再办下一步")
    bills = "原件一并转出的 / 医保结算单和费用票据"
    t.does("qh0301", "转报县里", {"方式": "公文交换", "镇初审意见": "拟不予批准"}, bills).sees_not("公示编号")
    assert "建议不予" in t.prints("qh0301", "转报单 栖政转〔2026〕1号")
    t.does("qh0301", "登记县里签收", {"签收人": "县医保局"})
    t.on("2026-12-10 10:00")
    at = t.case("qh0301").follows("登记县里结果")
    assert "文号" in at.is_refused("登记县里结果", {"办理结果": "不予批准", "理由和说明": "人均收入超过认定标准"})
    why = "事实：全家人均月收入3200元。理由：超过认定标准。依据：社会救助暂行办法。不服的，60日内可申请行政复议，6个月内可起诉。"
    t.does("qh0301", "登记县里结果", {"办理结果": "不予批准", "文号": "槐医救〔2026〕9号", "理由和说明": why}).sees("已决定 · 不予批准")
    t.is_led_to("clerk", "原件从县里取回")
    t.does("clerk", "原件从县里取回")
    t.hands_over("clerk", originals=("医保结算单和费用票据",))
    t.tracks()


def test_jy_001_registering_as_unemployed(turn):
    t: Turn = turn("JY-001", "2026-11-23 09:10")
    t.takes_in("clerk2", ALL, said={"办理结果": "予以登记"}, button="收件并办结")
    t.case("clerk2").sees("已送达办结 · 予以登记")


def test_jy_002_recognition_as_hard_to_employ(turn):
    """A neighbour objects during the public notice; somebody who does not handle the case looks into it, and it goes on."""
    t: Turn = turn("JY-002", "2026-11-23 09:10")
    t.takes_in("clerk", ALL)
    t.does("clerk", "受理").sees("承诺办结日 2026年12月7日(周一)")
    t.does("clerk2", "开始办理")
    t.on("2026-11-25 09:30").walks("clerk2")
    t.does("clerk2", "列入公示", {"村组": "3组", "结果": "拟认定"}).sees("起止日期 11月26日至12月2日")
    t.does("clerk2", "记录已张贴").sees("承诺办结日 2026年12月15日(周二)")  # six working days stand still: hung on the 25th, until the 2nd
    t.on("2026-11-26 15:00").does("clerk", "登记异议", {"异议内容": "他在城里有工作"})
    t.cannot("clerk2", "处理异议", "须由另一人处理：您是这件的承办人")
    t.on("2026-11-30 10:00").is_led_to("head", "处理异议")
    t.does("head", "处理异议", {"办理结果": "不成立：继续办", "调查结论": "去年已离职，社保记录一致"})
    t.on("2026-12-02 09:00").cannot("clerk2", "转报县里", "公示到2026年12月2日(周三)")
    t.on("2026-12-03 09:00").is_led_to("clerk2", "记录公示期满")
    t.does("clerk2", "记录公示期满").sees("异议1条，均不成立")
    t.carries("clerk2", "2026-12-03", "2026-12-04", "2026-12-09", outcome="予以认定")
    t.hands_over("clerk")


def test_jy_003_insurance_subsidy_for_flexible_workers(turn):
    """Sent in from home in the evening, papers brought next day. The county hangs its own notice: the township waits for none."""
    t: Turn = turn("JY-003", "2026-11-23 20:10")
    t.applies_online("我单独同意为办理本事项处理敏感个人信息").sees("查询码")
    t.on("2026-11-24 09:00").does("clerk2", "收材料", None, "缺的材料全部收到")
    t.does("clerk2", "受理").sees("承诺办结日 2026年12月22日(周二)")
    t.does("clerk2", "开始办理")
    t.carries("clerk2", "2026-11-26", "2026-11-27", "2026-12-11", outcome="批准发放")
    t.hands_over("clerk2")
