"""The A5 receipt: one sheet with its counterfoil for every item of the demo catalogue, readable, with the address to type."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation
from pypdf import PdfReader

from officials.models import User
from requests import parties, receipts, verbs
from requests.county import deciding
from requests.intake import Handed, Intake, receive
from requests.item_needs import asks_relatives, village_notice_step
from requests.models import MaterialReceipt
from requests.printing import sheets
from requests.printing.contracts import MaterialLine
from requests.public_notice import village
from services.models import Edition
from tests.support import paper_examples as examples
from tests.support import world as w
from tests.support.demo import catalogue

pytestmark = pytest.mark.django_db  # without a marked test there would be no test database at all
NOW = w.at("2026-11-20 11:30")
SECRET, ADDRESS = "4071882935160264", "https://fw.qihe.example/track/?number=990199101-2026-000123"
State = MaterialReceipt.State


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The catalogue without cases, rolled back at the end of this module."""
    yield from catalogue(django_db_blocker, NOW)


def pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def smallest_type(pdf: bytes) -> float:
    sizes: set[float] = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=lambda words, user, matrix, font, size: sizes.add(size) if words.strip() else None)
    return min(sizes)


def taken_in(edition: Edition, states) -> receipts.ReceiptData:
    """The receipt of a walk-in; `states` says of each material what became of it."""
    clerk = User.objects.get(username="clerk")
    if deciding.is_taken_in_for_another(edition, clerk.office):
        clerk = edition.post.holder  # what a stationed office accepts itself is taken in at its own window
    handed = {material.pk: Handed(states(material)) for material in edition.materials.all()}
    intake = Intake(intake_office=clerk.office, channel="window", person=w.ZHANG, edition=edition, materials=handed)
    case = receive(intake, by=clerk, now=NOW).case
    if edition.is_household:
        parties.note_household(case, [], by=clerk, now=NOW)
    if asks_relatives(edition):
        parties.note_relatives(case, False, by=clerk, now=NOW)
    if village_notice_step(edition):
        meeting = village.Meeting((NOW - timedelta(days=30)).date(), 20, 18, "同意")
        said = {"place": "村公示栏", "by_whom": "村委会", "outcome": "none", "meeting": meeting}
        weeks = (NOW - timedelta(days=28)).date(), (NOW - timedelta(days=2)).date()
        village.note_village_notice(case, hang_on=weeks[0], last_on=weeks[1], **said, by=clerk, now=NOW)
    if State.MISSING not in {one.state for one in handed.values()}:
        verbs.accept(case, by=clerk, now=NOW)
    return replace(receipts.receipt_data(case), secret=SECRET, track_url=ADDRESS)


@pytest.mark.once
def test_every_demo_item_fits_on_one_sheet_and_is_readable(demo):
    too_long = []
    editions = list(Edition.objects.published().select_related("item"))
    assert len(editions) == 45
    for edition in editions:
        for states in (
            lambda material: State.IN,
            lambda material: State.MISSING,
        ):
            pdf = sheets.receipt(taken_in(edition, states))
            found = pages(pdf)
            if len(found) > 1 or SECRET not in found[0] or "存根" not in found[0] or smallest_type(pdf) < 8:
                too_long.append(edition.item.code)
    assert not too_long


def materials(count: int) -> tuple[MaterialLine, ...]:
    names = (examples.ID_CARD, examples.HOUSEHOLD, examples.FORM, examples.CONSENT, examples.BANK)
    return tuple(replace(names[place % 5], name=f"{names[place % 5].name}{place + 1}") for place in range(count))


def test_ten_materials_fit_and_thirty_are_split_between_the_pages():
    ten, thirty = (sheets.receipt(examples.accepted_receipt(materials=materials(count))) for count in (10, 30))
    assert len(pages(ten)) == 1 and smallest_type(ten) >= 8
    first, second = pages(thirty)
    assert "申请人居民身份证1" in first and "社会保障卡或本人银行账户30" in second and "收取方式" in first and "收取方式" in second


def test_a_short_receipt_is_set_in_large_type():
    short = examples.accepted_receipt(materials=materials(1), reasons=(), next_steps=("等候通知。",))
    sizes: dict[float, int] = {}
    for page in PdfReader(io.BytesIO(sheets.receipt(short))).pages:
        page.extract_text(visitor_text=lambda words, user, matrix, font, size: sizes.update({size: sizes.get(size, 0) + len(words)}))
    assert max(sizes, key=sizes.__getitem__) >= 12


@pytest.mark.parametrize("paper", [sheets.receipt, sheets.receipt_roll])
def test_the_address_stands_beside_the_code_without_the_number_of_the_case(paper):
    for data in (examples.accepted_receipt(), examples.received_receipt(), examples.accepted_receipt(reprint=1)):
        said = "".join(pages(paper(replace(data, track_url=ADDRESS))))
        assert "fw.qihe.example/track/" in said and "track/?" not in said


def test_the_steps_of_a_case_are_punctuated_in_chinese(demo):
    with translation.override("zh-hans"):
        case = taken_in(Edition.objects.published().get(item__code="MZ-001"), lambda material: State.IN)
    assert "(" not in "".join(pages(sheets.receipt(case)))
