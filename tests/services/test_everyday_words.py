"""How old villagers say it: the sensible item of the demo catalogue is among the first three, and its phone can be tapped."""

import pytest
from django.core.cache import cache
from django.test import Client

from services.search import Kind, find
from tests.support import world as w
from tests.support.demo import catalogue

pytestmark = pytest.mark.django_db  # without a marked test there would be no test database at all
NOW = w.at("2026-11-20 11:30")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    cache.clear()
    yield from catalogue(django_db_blocker, NOW)
    cache.clear()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("没钱吃饭", "MZ-001"), ("吃不上饭", "MZ-001"), ("揭不开锅", "MZ-001"), ("看不起病", "YB-004"),
        ("没钱看病", "YB-004"), ("没房住", "ZJ-002"), ("房子漏雨", "ZJ-002"), ("房子快塌了", "ZJ-002"),
        ("墙裂了", "ZJ-002"), ("孩子上学没钱", "MZ-003"), ("走不动路", "CL-001"), ("腿脚不行了", "CL-001"),
        ("眼睛看不见", "CL-001"), ("耳朵听不见", "CL-001"), ("脑子有病", "CL-001"), ("老伴走了", "HJ-002"),
        ("老头子没了", "HJ-002"), ("家里老人没了", "HJ-002"), ("娃娃上户口", "HJ-001"), ("生了娃", "HJ-001"),
        ("怀上了", "WJ-001"), ("媳妇怀孕了", "WJ-001"), ("一个人没人管", "MZ-002"), ("没儿没女", "MZ-002"),
        ("儿子不养我", "SF-001"), ("儿子不孝顺", "SF-001"), ("和邻居打架", "SF-001"), ("老板不给工钱", "SF-002"),
        ("打工不给钱", "SF-002"), ("家里着火了", "MZ-004"), ("被车撞了", "MZ-004"), ("八十了", "MZ-006"),
        ("满八十", "MZ-006"), ("六十了能领钱吗", "SB-002"), ("养老钱没到账", "SB-004"), ("养老钱怎么领", "SB-002"),
        ("瘫在床上", "MZ-007"), ("照顾残疾人的钱", "MZ-007"), ("爹妈都没了", "MZ-005"), ("在外地看病", "YB-002"),
        ("住院的钱怎么报", "YB-003"), ("药费能报吗", "YB-003"), ("想盖个房", "ZJ-001"), ("砍几棵树", "LY-001"),
        ("买拖拉机", "NY-002"), ("种地的钱", "NY-001"), ("把地租给别人", "NY-003"), ("养猪", "ZJ-003"),
        ("摆个摊", "SJ-001"), ("开个店", "SJ-001"), ("卖豆腐", "SJ-002"), ("找不到活干", "JY-002"),
        ("没活干了", "JY-001"), ("坐车不要钱", "YL-001"), ("当过兵", "TY-001"), ("儿子当兵去了", "TY-002"),
        ("社保卡丢了", "SB-005"), ("医保卡不见了", "SB-005"), ("交医疗保险", "YB-001"), ("只生了一个", "WJ-002"),
        ("两个女儿", "WJ-003"), ("外地来打工", "HJ-003"), ("有没有犯过法", "HJ-005"), ("看看村里的账", "ZW-001"),
        ("地震了", "MZ-004"), ("发大水了", "MZ-004"), ("遭灾了", "MZ-004"), ("得了大病", "YB-004"),
        ("动手术没钱", "YB-004"), ("欠钱不还", "SF-001"), ("告状", "SF-002"), ("离婚", "SF-001"),
        ("家里困难", "MZ-001"), ("穷", "MZ-001"), ("穷得过不下去", "MZ-001"),
    ],
)  # fmt: skip
def test_what_people_say_finds_the_item(demo, said, meant):
    assert meant in [hit.target.code for hit in find(said, kinds={Kind.ITEM})[:3]]


@pytest.mark.parametrize("said", ["丢了身份证", "身份证丢了", "户口本丢了", "户口本坏了", "身份证到期", "换证"])
def test_a_lost_identity_card_leads_to_the_window_that_makes_a_new_one(demo, said):
    assert find(said)[0].target.url == "/offices/ST12/"


def test_a_broken_identity_card_leads_there_too(demo):
    assert "/offices/ST12/" in [hit.target.url for hit in find("身份证坏了")]


def test_each_item_found_shows_the_phone_of_its_office_to_tap_at_no_cost(demo, django_assert_num_queries):
    client = Client()
    client.get("/search/", {"q": "低保"})
    with django_assert_num_queries(0):
        page = client.get("/search/", {"q": "吃不上饭"}).content.decode()
    row = page[page.index('href="/services/MZ-001/"') :]
    row = row[: row.index("</li>")]
    assert 'href="tel:0000-5550104"' in row and "0000-555 0104" in row
