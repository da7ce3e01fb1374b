"""Two stories of real townships: a recruit whose certificate does not come, and a house that four offices look at at once."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from officials.audit import verb
from officials.models import User
from tests.stories.acting import NUMBER, PASSWORD, find, follow, press, printed, read, sign_in
from tests.stories.conftest import MONDAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
WANG = ("王小明", "990199195501010012", "12345678901")


def give_passwords(*names: str) -> None:
    """The demo signs in a part of its people only; these have a part in the story."""
    with verb("demo_sign_ins", by=User.objects.job("demo"), now=MONDAY):
        for user in User.objects.filter(username__in=names):
            user.password = make_password(PASSWORD)
            user.save()


def take_in(clerk: Page, letters: str, *, own: dict[str, str], then: str = "收件") -> str:
    """`own`: what this item alone asks."""
    clerk.goto("/desk/")
    follow(clerk, "收件")
    find(clerk, letters)
    clerk.get_by_label("必交材料全部收到").check()
    clerk.get_by_label("姓名", exact=True).fill(WANG[0])
    clerk.get_by_label("身份证号码", exact=True).fill(WANG[1])
    clerk.get_by_label("联系电话", exact=True).fill(WANG[2])
    clerk.locator("select[name=village]").select_option("稻香村")
    write_down(clerk, own)
    press(clerk, then)
    number = NUMBER.search(clerk.locator("h1").inner_text())[0]
    follow(clerk, re.compile("^打开办件"))
    return number


def write_down(page: Page, own: dict[str, str]) -> None:
    """The lines that belong to this item alone."""
    for words, said in own.items():
        field = page.get_by_label(words).first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(said)
        else:
            field.fill(said)


def open_case(page: Page, number: str) -> None:
    page.goto("/desk/")
    page.get_by_label("找办件").fill(number)
    press(page, "查找")


def do(page: Page, step: str) -> None:
    """A step without anything to fill in."""
    follow(page, step)
    press(page, step)


def hand_at_once_to_the_head(leader: Page, head: Page, told: str) -> None:
    """Never to whom it is about; whoever leads the station signs for it and calls the man first."""
    follow(leader, "诉求")
    follow(leader, "办不成事反映")
    follow(leader, told)
    assert "回避何落户" in read(leader)
    follow(leader, "派单")
    leader.get_by_label("一般").check()
    expect(leader.get_by_label("主办站所和承办人").get_by_role("option", name="何落户")).to_have_count(0)
    leader.get_by_label("主办站所和承办人").select_option("和解忧")
    press(leader, "派单")
    head.reload()
    follow(head, told)
    press(head, "签收")
    follow(head, "记录与本人的联系")
    head.get_by_label("打电话").check()
    head.get_by_label("是", exact=True).check()
    head.get_by_label("联系情况").fill("已向本人说明：今天下午来取")
    press(head, "记录与本人的联系")


def the_certificate_is_written(deputy: Page, number: str) -> None:
    open_case(deputy, number)
    follow(deputy, "作出决定")
    deputy.get_by_label("出具", exact=True).check()
    press(deputy, "作出决定")
    do(deputy, "出决定书")
    assert "槐序县公安局" in printed(deputy, re.compile("^打印 决定书"))
    do(deputy, "登记用印")
    follow(deputy, "送达结果")
    deputy.get_by_label("怎样送达的").fill("本人当天下午领取")
    press(deputy, "送达结果")


def test_a_recruit_needs_a_certificate(page, open_page, township, clock):
    """He handed it in on Monday, four days pass, he calls: at once it is with the head of the station, who calls him first."""
    give_passwords("qh0007", "qh1201", "qh1202")
    clerk = sign_in(page, "clerk")
    number = take_in(clerk, "wfzjl", own={"开具用途": "参军政审"})
    do(clerk, "转交派驻窗口")
    police = sign_in(open_page(), "qh1201")
    open_case(police, number)
    do(police, "接收转交材料")
    do(police, "受理")
    press(police, "开始办理")
    assert "承诺办结日2026年11月24日（周二）" in read(police)

    clock.turn_to("2026-11-27 10:00")  # the hotline rings at the reception
    open_case(sign_in(clerk, "clerk"), number)
    assert "逾期" in read(clerk)
    follow(clerk, "登记“办不成事”反映")
    clerk.get_by_label("什么事没办成").fill("参军体检合格，急用无犯罪记录证明，交了四天没有消息")
    clerk.get_by_label("电话", exact=True).check()
    press(clerk, "登记")
    told = NUMBER.search(read(clerk))[0]
    assert "已交中心负责人" in read(clerk) and "请现在念给来人听" in read(clerk)

    leader, head = sign_in(open_page(), "supervisor"), sign_in(open_page(), "qh0007")
    hand_at_once_to_the_head(leader, head, told)
    the_certificate_is_written(sign_in(open_page(), "qh1202"), number)

    open_case(head, told)
    follow(head, "答复")
    head.get_by_label("解决", exact=True).check()
    head.get_by_label("办理和答复情况").fill("证明已出具并交本人，窗口已作提醒")
    press(head, "答复")
    open_case(leader, told)
    assert "解决" in read(leader) and number in read(leader)


def give_everybody_a_part(lead: Page, number: str) -> None:
    """Three tasks begin by themselves, the fourth since there are trees; one day for the visit."""
    open_case(lead, number)
    press(lead, "开始办理")
    assert all(part in read(lead) for part in ("资格条件审查", "规划与用途审查", "建房方案与安全审查", "林业、水利、交通等会签"))
    lead.get_by_text("更多操作").click()
    follow(lead, "涉及：启动该环节")
    lead.get_by_label("由哪个站所办理").select_option("林业窗口（林业站）")
    press(lead, "涉及：启动该环节")
    follow(lead, "安排踏勘")
    lead.get_by_label("时间").fill("2026-11-26T14:30")
    lead.get_by_label("位置").fill("稻香村3组")
    for name in ("梁建房", "丰禾苗", "时测绘"):
        lead.get_by_label(f"{name} ·").check()
    press(lead, "安排踏勘")


def test_a_house_in_fifteen_working_days(page, open_page, township, clock):
    """One window takes it in, four parties look at it at once and on one visit, one date holds for all of them."""
    give_passwords("qh0901", "qh1001", "qh0802", "qh1101")
    clerk = sign_in(page, "clerk")
    number = take_in(clerk, "ZJ-001", own={"申请类别": "原址翻建", "建房位置和四至": "稻香村3组，东至路", "申请宅基地面积": "120"})
    follow(clerk, "登记村级公示")
    for label, words in (("村里开会日期", "2026-11-11"), ("到会人数", "21"), ("同意人数", "19"), ("会议结果", "同意")):
        clerk.get_by_label(label).fill(words)
    clerk.get_by_label("张贴日期").fill("2026-11-13")
    clerk.get_by_label("公示到").fill("2026-11-20")
    clerk.get_by_label("张贴、看管人").fill("田代办")
    clerk.get_by_label("无异议").check()
    press(clerk, "登记村级公示")
    do(clerk, "受理")
    assert "承诺办结日2026年12月14日（周一）" in read(clerk)

    lead = sign_in(open_page(), "qh0901")
    give_everybody_a_part(lead, number)

    clock.turn_to("2026-11-26 17:00")
    open_case(sign_in(lead, "qh0901"), number)
    follow(lead, "登记踏勘记录")
    lead.get_by_label("时间").fill("2026-11-26T14:30")
    lead.get_by_label("到场的当事人").fill("王小明")
    lead.get_by_label("现场情况").fill("四至清楚，原址东移两米")
    lead.get_by_label("规划与用途审查").check()
    lead.get_by_label("建房方案与安全审查").check()
    press(lead, "登记踏勘记录")
    for name, task in (("qh1001", "资格条件审查"), ("qh1101", "林业、水利、交通等会签")):
        one = sign_in(open_page(), name)
        follow(one, re.compile(task))
        follow(one, "办结本站所任务")
        one.get_by_label("同意", exact=True).check()
        one.get_by_label("审查意见").fill("符合条件")
        press(one, "办结本站所任务")
        assert "已完成：办结本站所任务" in read(one)

    clock.turn_to("2026-12-11 10:00")
    open_case(sign_in(lead, "qh0901"), number)
    follow(lead, "登记环节结果：联审会商")
    lead.get_by_label("环节结果").fill("各部门同意")
    lead.get_by_label("参加人").fill("梁建房、时测绘、丰禾苗、林有序")
    press(lead, "登记环节结果")
    follow(lead, "作出决定")
    lead.get_by_label("准予").check()
    write_down(lead, {"批准宅基地面积": "120", "房基占地面积": "110", "层数和高度": "2层，7.2米"})
    press(lead, "作出决定")
    do(lead, "出决定书")
    paper = printed(lead, re.compile("^打印 决定书"))
    assert "栖禾镇人民政府" in paper and "农村宅基地批准书" in paper
    assert "批准宅基地面积：120平方米" in paper and "建房位置和四至：稻香村3组，东至路" in paper
    do(lead, "登记用印")
    follow(lead, "送达结果")
    lead.get_by_label("怎样送达的").fill("本人领取")
    press(lead, "送达结果")
    assert "已送达办结" in read(lead)
