"""Papers issued for a case: number, frozen text, who may write it, printing, voiding, seals, delivery, the public check."""

import io

import pytest
from pypdf import PdfReader

from officials.audit import verb
from officials.models import IssuingBody
from requests import documents, persons, verbs
from requests.documents import MANDATORY, Paper, Part, printing
from requests.documents.issuing import PLACE
from requests.lifecycle import Refused
from requests.models import Document
from tests.support import world as w
from tests.support.intake_pages import ZHANG, sign_in, take_in

pytestmark = pytest.mark.django_db
K = Document.Kind


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def case(client, world):
    sign_in(client, world.people.clerk)
    return take_in(client, then="accept", **ZHANG)


def paper(kind, **changed):
    """A paper with every mandatory part, each saying its own name."""
    parts = {key: f"这里写{key}" for key in sorted(MANDATORY[kind])} | changed
    return Paper(kind=kind, parts=tuple(Part(key, key, text=words) for key, words in parts.items()))


def issued(case, kind, by, now=None, **changed):
    now = now or w.at("2026-11-24 10:00")
    with verb("test_issue", by=by, now=now, subject=f"case:{case.pk}"):
        return documents.issue(case, paper(kind, **changed), by=by, now=now)


def printed(document, by):
    return printing.print_paper(document, check_url="https://portal.example/verify/", by=by, now=w.at("2026-11-24 10:05"))


def words_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def every_body_here(world):
    """Bodies whose papers are written at our windows."""
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        for name, code_word in (("栖禾镇人民政府", "栖政"), ("槐序县民政局", "槐民")):
            IssuingBody(township=world.township, name=name, code_word=code_word, acts_here=True,
                        business_seal=f"{name}政务服务专用章", decision_seal=f"{name}印章").save()  # fmt: skip


def test_what_the_county_decides_is_not_written_here(world, case):
    with pytest.raises(Refused, match="槐序县民政局"):
        issued(case, K.DECISION, world.people.official)


def test_a_paper_has_the_heading_number_and_seal_of_the_body_that_may_write_it(world, case, every_body_here):
    first = issued(case, K.CLOSING, world.people.official)
    second = issued(case, K.CLOSING, world.people.official, outcome="准予", now=w.at("2026-11-24 10:01"))
    assert (first.number, second.number) == ("栖政结〔2026〕1号", "栖政结〔2026〕2号")
    assert first.issuer == "栖禾镇人民政府" and first.seal == "栖禾镇人民政府政务服务专用章"
    said = words_of(printed(first, world.people.official))
    assert "栖禾镇人民政府(盖章处)" in said.replace("（", "(").replace("）", ")") and "栖政结〔2026〕1号" in said
    assert "张三丰" in said and first.check_code in said and "2026年11月24日" in said and "0000-5550199" in said.replace(" ", "")
    assert "便民服务中心(盖章处)" not in said


@pytest.mark.parametrize("kind", [kind for kind in K.values if MANDATORY[kind]])
def test_a_paper_without_a_mandatory_part_is_not_written(world, case, every_body_here, kind):
    for lacking in sorted(MANDATORY[kind]):
        with pytest.raises(Refused, match=lacking):
            issued(case, kind, world.people.official, **{lacking: " "})
    assert not case.documents.exclude(kind=K.RECEIPT).exists()
    whole = issued(case, kind, world.people.official)
    assert {part["key"] for part in persons.open_for(case, whole.sealed, PLACE)["parts"]} == MANDATORY[kind]


def test_its_text_is_stored_as_ciphertext_and_dies_with_the_key(world, case):
    done = issued(case, K.CLOSING, world.people.official)
    assert "张三丰" not in done.sealed and "准予" not in done.sealed
    verbs.withdraw(case, reason="不办了", by=world.people.official, now=w.at("2026-11-25 09:00"))
    verbs.anonymise(case, by=world.people.head, now=w.at("2026-11-25 10:00"))
    with pytest.raises(Refused):
        printing.print_paper(done, check_url="https://x.example/", by=world.people.official, now=w.at("2026-11-26 09:00"))
