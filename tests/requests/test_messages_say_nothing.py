"""One phone may serve many people: no text message tells what the case is about. Over all items of the catalogue (D6)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from officials.models import Township
from requests.messages import TEXTS, words_of
from requests.models import ServiceRequest
from services.importing import layout
from services.importing.reading import read
from tests.support import world as w

TELLING = ("低保", "特困", "救助", "残疾", "残", "病", "孤儿", "贫困", "困难", "医疗", "精神", "死亡", "计划生育", "优抚", "犯罪")


@pytest.fixture(scope="module")
def catalogue():
    return read(Path(settings.BASE_DIR, "portal", "demo", "catalogue.xlsx").read_bytes())


@pytest.mark.once
@pytest.mark.parametrize("letter", sorted(TEXTS))
def test_no_message_names_hardship_disability_illness_or_the_item(catalogue, letter):
    items = catalogue.of(layout.ITEMS)
    assert len(items) == 45
    words = {row["item"]: [] for row in items}
    for row in catalogue.of(layout.TERMS):
        words[row["item"]].append(row["text"])
    township = Township(name="栖禾镇", centre_name="栖禾镇便民服务中心", phone="0000-5550100")
    for item in items:
        case = ServiceRequest(township=township, number="990199101-2026-000001", due_on=w.MONDAY.date())
        text = words_of(case, letter, at="2026年11月24日 10:00", answer_by="2026年11月27日", until="2026年11月27日")
        told = re.sub(r"[0-9-]+", "", text.replace(township.centre_name, ""))
        named = [word for word in (item["name"], item["category"], *words[item["item"]], *TELLING) if word in told]
        assert named == [], (item["item"], text)
        assert "990199101-2026-000001" in text
