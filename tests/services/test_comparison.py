"""Two texts side by side: fields, rows that came, went, changed or moved, days saved."""

import pytest

from services.comparison import compare
from services.content import content_of
from tests.support import world as w


@pytest.fixture
def text(db):
    world = w.build()
    return lambda: content_of(world.low_income)


def part(comparison, key):
    return next((p for p in comparison.parts if p.sheet.key == key), None)


def test_the_same_text_differs_in_nothing(text):
    found = compare(text(), text())
    assert not found.is_different
    assert (found.days_saved, found.visits_saved, found.materials_saved) == (0, None, 0)


def test_changed_fields_are_named_with_both_values(text):
    after = text() | {"place": "二楼", "promised_value": 20}
    found = compare(text(), after)
    assert {(c.column.key, c.before, c.after) for c in found.fields} == {("place", "", "二楼"), ("promised_value", 25, 20)}
    assert found.days_saved == 5


def test_days_of_another_unit_are_not_subtracted(text):
    assert compare(text(), text() | {"promised_value": 20, "promised_unit": "calendar_day"}).days_saved is None


def test_a_step_that_moved_is_moved_and_nothing_else(text):
    after = text()
    after["steps"] = [after["steps"][3], *after["steps"][:3]]
    steps = part(compare(text(), after), "steps")
    assert [(r.name, r.place_before, r.place_after) for r in steps.rows if r.is_different] == [("审核确认", 4, 1)]
    assert all(r.is_moved and not r.changes for r in steps.rows if r.is_different)


def test_a_step_moved_down_and_changed_is_both(text):
    after = text()
    first = dict(after["steps"][0], actor="村委会")
    after["steps"] = [*after["steps"][1:], first]
    moved = [r for r in part(compare(text(), after), "steps").rows if r.is_different]
    assert [(r.is_moved, [c.column.key for c in r.changes]) for r in moved] == [(True, ["actor"])]


def test_a_row_with_a_similar_name_is_renamed_not_replaced(text):
    after = text()
    after["steps"][2] = dict(after["steps"][2], title="入户调查核实")
    rows = [r for r in part(compare(text(), after), "steps").rows if r.is_different]
    assert [(r.is_new, r.is_gone, [c.column.key for c in r.changes]) for r in rows] == [(False, False, ["title"])]


def test_new_and_removed_materials_are_told_apart(text):
    after = text()
    after["materials"] = [*after["materials"][:2], {**after["materials"][1], "name": "婚姻状况声明"}]
    found = compare(text(), after)
    rows = {r.name: (r.is_new, r.is_gone) for r in part(found, "materials").rows if r.is_different}
    assert rows == {"婚姻状况声明": (True, False), "残疾人证": (False, True)}
    assert found.materials_saved == 0


def test_one_material_less_is_one_saved(text):
    after = text()
    del after["materials"][2]
    assert compare(text(), after).materials_saved == 1


def test_equal_names_are_matched_one_to_one(text):
    before, after = text(), text()
    before["conditions"] = [{"text": "同一句"}, {"text": "同一句"}]
    after["conditions"] = [{"text": "同一句"}]
    rows = [r for r in part(compare(before, after), "conditions").rows if r.is_different]
    assert [(r.is_gone, r.place_before) for r in rows] == [(True, 2)]
