"""The part of the clerk in the walk of one case, in a browser that runs no script."""

import pytest

from tests.stories.acting import CODE, NUMBER, find, follow, press, printed, read, sign_in
from tests.support import world as w

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_walk_in_and_its_receipt_without_script(open_page, village):
    clerk = sign_in(open_page(java_script_enabled=False), "clerk", w.PASSWORD)
    follow(clerk, "收件")
    find(clerk, "db")
    press(clerk, "收件并受理")
    assert "请照身份证填写姓名" in read(clerk)  # nothing was typed yet; the page says so and keeps its place
    clerk.get_by_label("必交材料全部收到").check()
    clerk.get_by_label("姓名", exact=True).fill("张三丰")
    clerk.get_by_label("身份证号码", exact=True).fill("990199195501010012")
    clerk.get_by_label("联系电话", exact=True).fill("12345678901")
    press(clerk, "收件并受理")
    number = NUMBER.search(clerk.locator("h1").inner_text())[0]
    code = CODE.search(read(clerk))[0]
    paper = printed(clerk, "打印凭证（A5）")
    assert number in paper and code in paper and "承诺办结2026年12月28日（星期一）" in paper
    clerk.reload()
    assert not CODE.search(read(clerk))
