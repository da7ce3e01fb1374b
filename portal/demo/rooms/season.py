"""集中申报: last year's season, frozen and carried to the county; one open now, of which some villages have reported."""

from datetime import datetime, timedelta

from portal.demo import people
from portal.demo.rooms.stage import Life, Stage
from requests.models import Batch
from requests.public_notice.verbs import take_down
from requests.season import checking, verbs
from requests.season.sheet import GUIDE, VILLAGE
from services.importing.writing import workbook_bytes

ITEM, FARM = "NY-001", "QH1001"
TAKE_PART = {"稻香村": 8, "柳溪村": 7, "梨花村": 6, "白鹭村": 5}
YEAR = 244  # working days
REPORTED = {"稻香村": -6, "柳溪村": -2}  # this year, so many working days ago


def plan(stage: Stage) -> None:
    households = {name: [_household(stage, number) for number in range(many)] for name, many in TAKE_PART.items()}
    stage.begin(_last_year(stage, households), _this_year(stage, households))


def _household(stage: Stage, number: int) -> dict[str, str]:
    dice = stage.dice
    area = dice.randrange(12, 60) / 10
    return {
        "name": people.name(dice), "id_number": people.id_number(dice, stage.today), "group": f"第{number % 4 + 1}组",
        "area": f"{area:.1f}", "amount": f"{area * 82:.2f}",
    }  # fmt: skip


def _open(stage: Stage, begins: int, ends: int, now: datetime) -> Batch:
    expected = {stage.village(name): many for name, many in TAKE_PART.items()}
    days = {"begins_on": stage.day(begins), "ends_on": stage.day(ends)}
    return verbs.open_batch(
        stage.edition(ITEM), year=days["begins_on"].year, expected=expected, by=stage.who(FARM), now=now, **days
    )


def _report(stage: Stage, batch: Batch, village: str, rows: list[dict[str, str]], now: datetime) -> None:
    checking.apply(
        workbook_bytes([(VILLAGE, rows)], reference=[("说明", GUIDE)]), batch=batch, village=stage.village(village),
        by=stage.who(FARM), now=now,
    )  # fmt: skip


def _last_year(stage: Stage, households: dict[str, list[dict[str, str]]]) -> Life:
    begins, ends = -YEAR - 15, -YEAR + 10
    now = yield stage.at(begins, 9, 0)
    batch = _open(stage, begins, ends, now)
    for number, (village, rows) in enumerate(households.items()):
        now = yield stage.at(begins + 3 + 4 * number, 10, 30)
        _report(stage, batch, village, [row | {"state": "new"} for row in rows], now)
    now = yield stage.at(ends + 1, 9, 10)
    sheets = verbs.begin_notice(batch, hang_on=stage.day(ends + 1), by=stage.who(FARM), now=now)
    for minutes, sheet in enumerate(sheets):
        now = yield now + timedelta(minutes=minutes + 1)
        verbs.post_sheet(sheet, by=stage.who(FARM), now=now)
    now = yield stage.at(ends + 9, 9, 0)
    for sheet in sheets:
        take_down(sheet, by=stage.who(FARM), now=now)
    verbs.freeze(batch, by=stage.who(FARM), now=now)
    now = yield stage.at(ends + 10, 10, 0)
    number = f"栖农〔{now.year}〕{stage.dice.randrange(20, 90)}号"
    verbs.transfer(batch, number=number, on=stage.day(ends + 10), by=stage.who(FARM), now=now)
    now = yield stage.at(ends + 25, 15, 0)
    verbs.record_result(batch, approved=sum(TAKE_PART.values()) - 1, returned=1, by=stage.who(FARM), now=now)


def _this_year(stage: Stage, households: dict[str, list[dict[str, str]]]) -> Life:
    now = yield stage.at(-10, 9, 0)
    batch = _open(stage, -10, 6, now)
    for village, day in REPORTED.items():
        now = yield stage.at(day, 15, 0)
        rows = [row | {"state": "unchanged"} for row in households[village]]
        rows[0] |= {"state": "changed", "area": "3.0", "amount": "246.00", "note": "流转给同组农户0.8亩"}
        if village == "柳溪村":
            rows[1] |= {"state": "objecting", "note": "面积与确权证不一致，申请复核"}
        newcomer = _household(stage, 9) | {"state": "new"}
        _report(stage, batch, village, [*rows[:-1], newcomer], now)
