"""Invented people of the demo. Identity numbers begin with 990199 (no such place), phones with 12 (no such network)."""

import random
from datetime import date, timedelta

from officials.privacy.identity import id_check_character
from requests.persons import Person

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "稻穗春禾秋实谷雨清和晓霜冬青小满芒种白露立夏寒梅广田长河远山新泉石桥青松翠竹红菱金桂银杏"
VILLAGES = (
    "稻香村", "荷塘村", "柳溪村", "石桥村", "枫林村", "梨花村", "麦浪村", "竹园村", "桃源村", "青泥村", "白鹭村", "水车村", "茶岭村",
    "橘井村", "禾兴社区", "河街社区",
)  # fmt: skip


def name(dice: random.Random) -> str:
    """Three characters, of which the last two come from words of the fields and the calendar."""
    at = dice.randrange(0, len(GIVEN) - 1, 2)
    given = GIVEN[at : at + 2] if dice.random() < 0.8 else GIVEN[at]
    return dice.choice(SURNAMES) + given


def id_number(dice: random.Random, today: date) -> str:
    """A well-formed number of nobody, aged 18 to 88, more old than young."""
    age = 18 + int(70 * dice.betavariate(3, 2))
    born = today - timedelta(days=age * 365 + dice.randrange(365))
    first = f"990199{born:%Y%m%d}{dice.randrange(1, 999):03d}"
    return first + id_check_character(first)


def phone(dice: random.Random) -> str:
    return f"12{dice.randrange(10**9):09d}"


def person(dice: random.Random, today: date, village_id: int, *, with_id: bool) -> Person:
    """One applicant; one in twelve has no phone, one in forty forgot the card."""
    forgot = with_id and dice.random() < 0.025
    return Person(
        name=name(dice),
        id_type="id_card" if with_id else "",
        id_number="" if forgot or not with_id else id_number(dice, today),
        id_state="forgotten" if forgot else "given" if with_id else "not_needed",
        phone="" if dice.random() < 0.08 else phone(dice),
        village_id=village_id,
        wants_sms=dice.random() < 0.4,
    )
