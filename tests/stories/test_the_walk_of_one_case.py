"""The eight steps of the README but the last (which is a story of its own), as the people of the township walk them."""

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, expect

from tests.stories.acting import CODE, NUMBER, find, follow, press, printed, read, ready_for_keys, sign_in, take_down_the_household

pytestmark = pytest.mark.django_db(transaction=True)
ZHANG = ("张三丰", "990199195501010012", "12345678901")
LI = ("李四光", "990199196203040015", "12345678902")


def look_it_up(phone: Page) -> None:
    """A resident: two letters, the first hit, and there is somebody to call."""
    phone.goto("/")
    phone.get_by_label("输入要办的事").fill("db")
    press(phone, "查找")
    follow(phone, "农村最低生活保障审核确认")
    told = read(phone)
    assert "承诺25个工作日" in told and "带什么" in told and "最低生活保障申请书" in told and "入户调查" in told
    whom = phone.get_by_role("complementary", name="找谁办")
    expect(whom.get_by_role("link", name="甄关怀")).to_be_visible()
    expect(whom.get_by_role("link", name="0000-555 0104").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def log_a_walk_in(page: Page, letters: str, name: str, id_number: str, phone_number: str, *, button: str = "收件并受理") -> str:
    """A clerk at the window: the letters, the tick, the person, one button. Returns the number of the case."""
    page.goto("/desk/")
    follow(page, "收件")
    find(page, letters)
    page.get_by_label("必交材料全部收到").check()
    page.get_by_label("姓名", exact=True).fill(name)
    page.get_by_label("身份证号码", exact=True).fill(id_number)
    page.get_by_label("联系电话", exact=True).fill(phone_number)
    page.locator("select[name=village]").select_option("稻香村")
    press(page, button)
    return NUMBER.search(page.locator("h1").inner_text())[0]


def hold_the_receipt(page: Page, number: str) -> str:
    """The code stands on the screen until it is on the paper, then nowhere. Returns the code."""
    shown = CODE.search(read(page))[0]
    assert "承诺时限2026年12月28日（周一）" in read(page) and "法定时限2027年1月5日（周二）暂定" in read(page)
    paper = printed(page, "打印凭证（A5）")
    assert number in paper and shown in paper
    assert "承诺办结2026年12月28日（星期一）" in paper and "2027年1月5日（星期二）【暂定】" in paper
    assert "期间普通周末10天，不计入" in paper
    page.reload()
    assert not CODE.search(read(page)) and "不再显示" in read(page)
    assert not CODE.search(printed(page, "打印凭证（A5）"))
    return shown


def work_it(official: Page, number: str, clock) -> None:
    """The official finds it in the list with its date and its reasons, begins, carries it to the county and brings the result back."""
    follow(official, "我的办件")
    row = official.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("绿灯")
    expect(row).to_contain_text("2026年12月14日(周一)")  # the township's own stretch; the county has the rest
    expect(row).to_contain_text("甄关怀")
    follow(official, number)
    official.get_by_text("为什么是这一天").click()
    assert "2026年11月23日（周一）受理，当日不计入（民法典第二百零一条）" in read(official)
    press(official, "开始办理")
    assert "办理中" in read(official)
    expect(official.get_by_role("link", name="作出决定")).to_have_count(0)
    official.get_by_text("现在不能做的，以及为什么").click()
    assert "由槐序县民政局决定，镇里不作决定" in read(official)
    walk_the_steps(official)
    follow(official, "列入公示")
    official.get_by_label("村组，接在所属村之后").or_(official.get_by_label("村组")).first.fill("稻香村第二组")
    official.get_by_label("结果").fill("初审通过")
    press(official, "列入公示")
    follow(official, "记录已张贴")
    press(official, "记录已张贴")
    clock.turn_to("2026-12-02 09:00")  # days later one signs in anew
    open_the_case(official, number)
    follow(official, "记录公示期满")
    official.get_by_label("没有人提出异议（电话、窗口、村里都没有）").check()
    press(official, "记录公示期满")
    follow(official, "转报县里")
    official.get_by_label("拟同意（公示已期满）").check()
    press(official, "转报县里")
    assert "槐序县民政局" in read(official)
    clock.turn_to("2026-12-09 15:00")
    open_the_case(official, number)
    follow(official, "登记县里签收")
    official.get_by_label("县里签收日期").fill("2026-12-02")
    official.get_by_label("签收人").fill("县局收件窗口")
    press(official, "登记县里签收")
    follow(official, "登记县里结果")
    official.get_by_label("确认", exact=True).check()
    official.get_by_label("县里作出决定的日期").fill("2026-12-08")
    official.get_by_label("县里文书的名称").fill("最低生活保障确认决定")
    official.get_by_label("文号", exact=True).or_(official.get_by_label("文号 （选填）")).first.fill("槐民〔2026〕8号")
    official.get_by_label("发放标准或金额").fill("每月420元")
    press(official, "登记县里结果")
    assert "已决定" in read(official)


def walk_the_steps(official: Page) -> None:
    """Two people go to the house; the county's answer and the own opinion are written down, each when it is due."""
    follow(official, "登记踏勘记录：入户调查、邻里访问")
    official.get_by_label("时间").fill("2026-11-23T10:00")
    official.get_by_label("位置").fill("稻香村3组")
    for name in ("甄关怀", "甄探访"):
        official.get_by_label(name).check()
    official.get_by_label("到场的当事人").fill("户主本人")
    official.get_by_label("现场情况").fill("与申报一致")
    press(official, "登记踏勘记录")
    for title in ("家庭经济状况信息核对", "提出初审意见"):
        follow(official, f"登记环节结果：{title}")
        official.get_by_label("环节结果").fill("情况属实")
        press(official, "登记环节结果")


def open_the_case(official: Page, number: str) -> None:
    """Signed in anew, from the list of one's own cases."""
    sign_in(official, "official")
    follow(official, "我的办件")
    follow(official, number)


def follow_it(phone: Page, number: str, code: str) -> None:
    """The resident types what is on the receipt and learns the state, the dates and the next step, and nothing personal."""
    phone.goto("/")
    follow(phone, "查办件")
    phone.get_by_label("办件编号").fill(number)
    phone.get_by_label("查询码").fill(code)
    press(phone, "查询")
    told = read(phone)
    assert "农村最低生活保障审核确认" in told and "请按约定的方式领取结果" in told
    assert "2026年12月28日" in told and "2026年12月8日" in told
    assert "张" not in told and ZHANG[2] not in phone.content()


def see_what_is_late(supervisor: Page, late: str, done: str) -> None:
    """The supervisor finds the case that nobody worked on, and not the one that is decided."""
    follow(supervisor, "逾期与临期")
    row = supervisor.get_by_role("row").filter(has_text=late)
    expect(row).to_contain_text("红灯")
    expect(row).to_contain_text("逾期12个工作日")  # one day for the township, the rest of the promise is the county's
    assert done not in read(supervisor)
    follow(supervisor, "按站所")
    expect(supervisor.get_by_role("row").filter(has_text="人社窗口")).to_contain_text("1")


def read_the_trail(inspector: Page, number: str) -> str:
    """The inspector reads who changed what, from what to what. Returns the page."""
    follow(inspector, "审计记录")
    ready_for_keys(inspector)
    inspector.keyboard.type(number)
    press(inspector, "查找")
    follow(inspector, number)
    told = read(inspector)
    assert "收件2026年11月23日（周一）08：40 ·应接办" in told and "交甄关怀（QH0401）承办" in told
    assert "登记县里结果2026年12月9日（周三）15：00 ·甄关怀" in told
    assert "状态原为办理中→现为已决定" in told and "办理结果原为— →现为确认" in told
    assert ZHANG[0] not in told
    return inspector.content()


def assert_stored_nowhere(code: str) -> None:
    """Neither the code as printed nor its digits stand in any row of any table."""
    wanted = (code, code.replace(" ", ""))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                assert not any(digits in str(value) for value in row for digits in wanted), table


def test_one_case_from_the_first_question_to_the_last_look(phone, page, open_page, township, clock):
    look_it_up(phone)

    clerk = sign_in(page, "clerk")
    number = log_a_walk_in(clerk, "db", *ZHANG, button="收件")
    take_down_the_household(clerk)
    code = hold_the_receipt(clerk, number)
    left_lying = log_a_walk_in(clerk, "SB-001", *LI)

    clock.turn_to("2026-11-24 09:00")
    official = sign_in(open_page(), "official")
    work_it(official, number, clock)
    follow_it(phone, number, code)

    clock.turn_to("2026-12-10 09:00")
    see_what_is_late(sign_in(open_page(), "supervisor"), left_lying, done=number)
    trail = read_the_trail(sign_in(open_page(), "inspector"), number)

    sign_in(official, "official").goto(f"/desk/{number}/")
    for shown in (trail, official.content()):
        assert code not in shown and code.replace(" ", "") not in shown
    assert_stored_nowhere(code)
    call_command("verify_audit")
