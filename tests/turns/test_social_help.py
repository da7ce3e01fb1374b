"""民政救助、残疾人、老年人: households, public notice, rolls, urgent help, and children of whom nothing is posted."""

import pytest

from officials import outbox
from officials.models import Message
from requests import messages
from tests.turns.turn import ALL, SMS, Turn, kept

pytestmark = pytest.mark.once
CARDS, BOOK = "全部共同生活家庭成员身份证", "户口簿（全部成员页）"
WIFE = {"第1人 / 姓名": "李小溪", "第1人 / 与申请人的关系": "妻子", "第1人 / 身份证号码": "990199198802290023"}
CHILD = {"第2人 / 姓名": "王谷雨", "第2人 / 与申请人的关系": "儿子", "第2人 / 身份证号码": "99019920100601003X"}
ALONE = "没有其他成员：申请人独自一户"
HE = {"姓名": "何桂兰", "身份证号码": "99019919341105002X", "联系电话": "12345678915"}
SEEN_AT_HOME = {"位置": "稻香村3组", "到场的当事人": "王小明、李小溪", "现场情况": "土坯房两间，收入与申报一致"}


def test_mz_001_rural_minimum_living_allowance(turn):
    """A family of three. Who they are, what they signed, two people at their home, seven days in the village, the county; the roll."""
    t: Turn = turn("MZ-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS, kept(BOOK))
    t.cannot("clerk", "受理", "家庭成员还没有登记")
    t.is_led_to("clerk", "登记家庭成员")
    t.does("clerk", "登记家庭成员", WIFE | CHILD, "第1人 / 今天已签核对授权", "第2人 / 未成年人").sees("核对授权已签，2026年11月23日(周一)")
    t.is_led_to("clerk", "登记近亲属备案")
    t.does("clerk", "登记近亲属备案", {"共同生活的家庭成员中": "否"})
    t.is_led_to("clerk", "受理")
    t.does("clerk", "受理").sees("承诺办结日 2026年12月28日(周一)", "法定时限 2027年1月5日(周二)", "暂定")
    assert t.prints("clerk", "受理通知书 栖政受〔2026〕1号").startswith("栖禾镇人民政府受理通知书")
    t.does("official", "开始办理").sees("办理环节", "现在该办")
    # The steps of the item in their order; the result hangs only when they are done, and none of them is a special procedure.
    t.cannot("official", "列入公示", "先登记前面环节的结果：家庭经济状况信息核对、入户调查、邻里访问、提出初审意见")
    assert not t.case("official").page.has_link("启动特别程序")
    t.on("2026-11-30 16:00").is_led_to("official", "登记踏勘记录")
    t.does("official", "登记踏勘记录", {"时间": "2026-11-30T10:00"} | SEEN_AT_HOME, "甄关怀", "甄探访")
    t.is_led_to("official", "登记环节结果")
    t.does("official", "登记环节结果", {"环节结果": "收入、财产符合规定", "参加人": "县核对中心"}).sees("收入、财产符合规定 · 县核对中心")
    t.does("official", "登记环节结果", {"环节结果": "拟同意纳入低保"})
    t.is_noticed("official", {"村组": "3组", "结果": "拟纳入"}, posted="2026-12-01", last="2026-12-08", ended="2026-12-09")
    t.carries("official", "2026-12-09", "2026-12-10", "2026-12-22", outcome="确认", number="槐民救〔2026〕31号")
    t.hands_over("clerk", originals=(BOOK,))
    roll = t.seat("official").opens("/desk/").follows("在享名册").follows("在享 1").sees("王**", "2027年01月起", "2027年12月22日(周三)")
    roll.follows("王**").sees("每月420元，3人")
    t.is_led_to("clerk", "立卷")  # what is ended is filed
    says_nothing_of_it(t)


def says_nothing_of_it(t: Turn) -> None:
    """One phone may serve many people: what was sent names number and date, and nothing that betrays hardship."""
    sent = [outbox.open_message(one, messages.key_of(one.sealer)).text for one in Message.objects.all()]
    assert sent and all(t.number in text and "低保" not in text and "最低生活" not in text for text in sent)


def test_mz_002_recognition_as_a_person_in_extreme_hardship(turn):
    """The village committee asks for him. Two papers are missing: told once, signed for; accepted on the day the last one came."""
    t: Turn = turn("MZ-002", "2026-11-23 09:10")
    committee = {
        "代理人姓名": "田代办", "与申请人的关系": "村委会", "凭什么代办": "不需要：村（居）委会代为提出或报告",
        "家庭经济状况核对授权书": "缺", "户口簿（户主页、本人页）": "缺",
    }  # fmt: skip
    t.takes_in("clerk", ALL, said=committee)
    t.is_led_to("clerk", "登记家庭成员")
    t.does("clerk", "登记家庭成员", None, ALONE)
    t.is_led_to("clerk", "一次性告知补正")
    at = t.does("clerk", "一次性告知补正", {"家庭经济状况核对授权书": "本人签名", "户口簿": "本人页"})
    at.sees("补正材料一次性告知书 栖政补〔2026〕1号")
    t.does("clerk", "告知书已签收或寄送", {"方式": "已签收"})
    t.cannot("clerk", "受理", "还缺：户口簿（户主页、本人页）、家庭经济状况核对授权书")
    t.tracks().sees("家庭经济状况核对授权书", "户口簿（户主页、本人页）")
    t.on("2026-11-25 09:00").does("clerk", "收材料", {"户口簿": "已收件"})
    t.on("2026-11-26 15:00").does("clerk", "收材料", {"家庭经济状况核对授权书": "已收件"}).sees("补正材料收件凭证")
    t.on("2026-11-27 09:00").is_led_to("clerk", "受理")
    t.does("clerk", "受理").sees("受理 2026年11月26日(周四) 15:00", "承诺办结日 2026年12月28日(周一)")
    t.does("official", "开始办理")
    t.is_noticed("official", {"村组": "3组", "结果": "拟认定"}, posted="2026-12-01", last="2026-12-08", ended="2026-12-09")
    t.does("official", "登记本人到场", {"本人办理了哪一项": "核对授权书须成员本人签名", "日期": "2026-12-01"})
    t.carries("official", "2026-12-09", "2026-12-10", "2026-12-24", outcome="予以认定", number="槐民特〔2026〕4号")
    t.does("clerk", "送达结果", {"怎样送达的": "村委会转交，本人按手印"})


def test_mz_003_temporary_assistance(turn):
    """A second list needs a cause and the head: the visit found a debt nobody knew of. Then two weeks, the notice, the county."""
    t: Turn = turn("MZ-003", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, said={"支出或困难事由佐证": "缺"})
    t.does("clerk", "登记家庭成员", None, ALONE)
    t.does("clerk", "一次性告知补正", {"支出或困难事由佐证": "住院票据"})
    t.on("2026-11-24 10:00").does("clerk", "收材料", {"支出或困难事由佐证": "已收件"})
    found = {"第二次补正的原因": "核查新发现", "事实和依据": "入户时本人说明另有借款", "支出或困难事由佐证": "借款凭证"}
    t.does("official", "申请第二次补正", found)
    t.cannot("official", "受理", "第二次")
    t.is_led_to("head", "批准第二次补正")
    t.does("head", "批准第二次补正", {"您核定的原因": "核查新发现"}).sees("补正材料一次性告知书 栖政补〔2026〕2号")
    t.on("2026-11-25 10:00").does("clerk", "收材料", {"支出或困难事由佐证": "已收件"})
    t.does("clerk", "受理").sees("承诺办结日 2026年12月9日(周三)", "法定时限 2026年12月16日(周三)")
    t.does("official", "开始办理")
    # Five days from the 30th end on Saturday the 5th: the next working day is the last one.
    t.is_noticed("official", {"村组": "3组", "结果": "拟救助"}, posted="2026-11-30", last="2026-12-07", ended="2026-12-08")
    t.carries("official", "2026-12-08", "2026-12-09", "2026-12-11", outcome="批准发放")
    t.hands_over("clerk")


def test_mz_004_emergency_relief(turn):
    """A fire at night, told by the village over the phone: no card, no form. Money the same day, papers and notice afterwards."""
    t: Turn = turn("MZ-004", "2026-11-23 09:10")
    told = {"身份证号码": "", "证件情况": "证件遗失", "渠道": "电话", "代理人姓名": "田代办", "与申请人的关系": "村委会",
            "凭什么代办": "不需要：村（居）委会代为提出或报告", "急难情况记录单": "收到"}  # fmt: skip
    t.takes_in("official", said=told).sees("2026年11月24日(周二) 09:10")
    t.is_led_to("official", "受理")
    t.does("official", "受理").sees_not("受理通知书")  # nothing that asks for a form first
    t.case("official").sees("审批表及佐证", "2026年12月21日(周一)")  # not struck off: owed within twenty working days
    t.on("2026-11-23 11:00").does("official", "开始办理")
    t.on("2026-11-23 15:00").does("official", "作出决定", {"办理结果": "批准发放"}).sees("已决定 · 批准发放")
    # The money first: here the decision may be written afterwards, and who hands it over says that.
    t.case("official").sees("决定书还没有出具")
    t.does("official", "送达结果", {"怎样送达的": "现金送到安置点，本人签收"}, "本件结果不是纸质文书")
    t.tracks().sees("已经办结，结果已送达")
    found = {"审批表及佐证": "已收件", "救助对象居民身份证": "已收件", "证件上的号码": "990199195501010012"}
    t.on("2026-11-30 10:00").does("official", "补收后补材料", found, "已核验身份证")
    t.is_led_to("official", "列入公示")
    t.does("official", "列入公示", {"村组": "3组", "结果": "已救助"}).sees("公示编号")


def test_mz_005_living_support_for_a_child_without_care(turn):
    """Counted from the day it is handed in; nothing is posted, on the wall or on the web; the guardian gets the paper."""
    t: Turn = turn("MZ-005", "2026-11-23 09:10")
    guardian = {"姓名": "王谷雨", "身份证号码": "99019920100601003X", "代理人姓名": "王大山", "与申请人的关系": "祖父",
                "代理人身份证号码": "990199195501010012", "凭什么代办": "不需要：法定代理人（监护人）"}  # fmt: skip
    t.takes_in("clerk", ALL, said=guardian).sees("承诺时限 2026年12月14日(周一)", "法定时限 2027年1月5日(周二)")
    t.does("clerk", "受理")
    at = t.does("official", "开始办理")
    assert not at.page.has_link("列入公示")
    t.carries("official", "2026-12-04", "2026-12-07", "2026-12-11", outcome="批准发放", number="槐民童〔2026〕2号")
    t.does("clerk", "送达结果", {"怎样送达的": "祖父王大山签收"})
    t.tracks().sees("已经办结，结果已送达")


def test_mz_006_old_age_allowance(turn):
    """The son-in-law comes for her without a letter; he brings it, the village hangs the sheet, the county grants it, the roll begins."""
    t: Turn = turn("MZ-006", "2026-11-23 09:10")
    son = {"代理人姓名": "张大河", "与申请人的关系": "女婿", "代理人身份证号码": "990199195806120036", "凭什么代办": "缺授权委托书，后补"}
    t.takes_in("clerk", ALL, said=HE | son)
    t.cannot("clerk", "受理", "授权委托书")
    t.does("clerk", "打印授权委托书（已预填）")
    t.on("2026-11-24 09:00").does("clerk", "收材料", {"授权委托书及受托人身份证件": "已收件"})
    t.does("clerk", "受理").sees("承诺办结日 2026年12月22日(周二)", "法定时限 2027年1月6日(周三)")
    t.does("official", "开始办理")
    t.is_noticed("official", {"村组": "3组", "结果": "拟发放"}, posted="2026-11-30", last="2026-12-07", ended="2026-12-08")
    t.carries("official", "2026-12-08", "2026-12-09", "2026-12-18", outcome="批准发放", number="槐民老〔2026〕8号")
    t.does("clerk", "送达结果", {"怎样送达的": "女婿张大河代领，已签收"})
    t.seat("official").opens("/desk/").follows("在享名册").follows("在享 1").sees("何**", "2027年01月起")


def test_mz_007_allowances_for_disabled_people(turn):
    t: Turn = turn("MZ-007", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS)
    t.does("clerk", "受理").sees("承诺办结日 2026年12月17日(周四)")
    t.does("official", "开始办理")
    t.is_noticed("official", {"村组": "3组", "结果": "拟补贴"}, posted="2026-11-24", last="2026-12-01", ended="2026-12-02")
    t.carries("official", "2026-12-02", "2026-12-03", "2026-12-11", outcome="批准发放")
    t.hands_over("clerk")


def test_cl_001_first_disability_certificate(turn):
    """He was examined himself, at the place the county named; its days do not count. Then the notice, the county, the card in his hand."""
    t: Turn = turn("CL-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, SMS)
    t.does("clerk", "受理").sees("承诺办结日 2026年12月14日(周一)").sees_not("法定时限 2026")
    t.does("qh0501", "开始办理")
    t.does("qh0501", "启动特别程序", {"哪个程序": "指定机构残疾评定", "所需时间": "10", "单位": "工作日", "启动理由": "到县指定机构评定"})
    t.tracks().sees("指定机构残疾评定")
    t.on("2026-12-04 10:00").does("qh0501", "结束特别程序", {"结果": "评定表已出"}).sees("原到期日为2026年12月14日(周一)")
    t.is_noticed("qh0501", {"村组": "3组"}, posted="2026-12-04", last="2026-12-11", ended="2026-12-14")
    t.carries("qh0501", "2026-12-14", "2026-12-15", "2026-12-25", outcome="确认")
    t.hands_over("clerk")


def test_yl_001_senior_citizen_card(turn):
    """At the reception itself: one page, one press, the card in the hand."""
    t: Turn = turn("YL-001", "2026-11-23 09:10")
    t.takes_in("clerk", ALL, said=HE | {"办理结果": "予以办理"}, button="收件并办结").sees("当场办结，结果已经交付")
    t.does("clerk", "出即时办结单").sees("即时办结单 栖政即〔2026〕1号")
    assert "老年人优待证办理" in t.prints("clerk", "即时办结单 栖政即〔2026〕1号")
    t.tracks().sees("已经办结，结果已送达")
