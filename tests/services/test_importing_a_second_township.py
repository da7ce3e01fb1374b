"""An installation may serve a county: a second township comes in beside the first and takes nobody of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from officials.models import Official, Post, Township, User
from services.importing import layout
from services.importing.applying import ImportStopped
from services.importing.founding import found
from services.importing.reading import Reading, read
from services.models import Category
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
OTHER_CODE = "990199102"


@pytest.fixture(scope="module")
def seed():
    return read(Path(settings.BASE_DIR, "portal", "demo", "catalogue.xlsx").read_bytes())


def of_another_township(seed: Reading, *, own_people: bool) -> Reading:
    """The same file for the neighbour: another code of the township, and where asked staff numbers of its own."""
    renamed = {layout.TOWNSHIP.key: ("code",), layout.PEOPLE.key: ("staff_no",), layout.POSTS.key: ("holder", "deputy")}
    rows = {}
    for key, lines in seed.rows.items():
        rows[key] = lines
        if key == layout.TOWNSHIP.key:
            rows[key] = [replace(line, values=line.values | {"code": OTHER_CODE, "name": "榆河镇"}) for line in lines]
        elif own_people and key in renamed:
            changed = [{name: f"Y{line[name]}" for name in renamed[key] if line[name]} for line in lines]
            rows[key] = [replace(line, values=line.values | new) for line, new in zip(lines, changed, strict=True)]
    return Reading(rows, list(seed.faults), list(seed.remarks))


def test_staff_numbers_of_the_neighbours_are_told_and_nothing_is_made(seed):
    setup = User.objects.job("setup")
    found(seed, by=setup, now=w.MONDAY)
    with pytest.raises(ImportStopped) as stopped:
        found(of_another_township(seed, own_people=False), by=setup, now=w.MONDAY)
    faults = [str(fault) for fault in stopped.value.report.faults]
    assert len(faults) == len(seed.of(layout.PEOPLE)) and "of somebody of another township" in faults[0]
    assert Township.objects.count() == 1


def test_a_second_township_has_its_own_people_and_shares_the_categories(seed):
    setup = User.objects.job("setup")
    first = found(seed, by=setup, now=w.MONDAY).township
    categories = Category.objects.count()
    second = found(of_another_township(seed, own_people=True), by=setup, now=w.MONDAY).township
    assert second.code == OTHER_CODE and Category.objects.count() == categories
    for township in (first, second):
        holders = Post.objects.filter(office__township=township).values_list("holder__office__township", flat=True)
        assert set(holders) == {township.pk}
    assert Official.objects.filter(user__office__township=second).count() == Official.objects.filter(user__office__township=first).count()
