"""Papers issued for a case: number, frozen text, who may write it, printing, voiding, seals, delivery, the public check."""

import io
import time

import pytest
import time_machine
from pypdf import PdfReader

from officials.audit import verb
from officials.models import IssuingBody
from requests import documents, persons, verbs
from requests.archive import lacks
from requests.documents import MANDATORY, Paper, Part, printing
from requests.documents import verbs as papers
from requests.documents.issuing import PLACE
from requests.lifecycle import Refused
from requests.models import Document
from tests.support import world as w
from tests.support.intake_pages import ZHANG, sign_in, take_in, text

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


def test_what_the_county_decides_is_not_written_here(world):
    case = w.new_case(world, edition=w.another_item(world, "MZ-771", entrusting_body=""))
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
    before = case.documents.count()
    for lacking in sorted(MANDATORY[kind]):
        with pytest.raises(Refused, match=lacking):
            issued(case, kind, world.people.official, **{lacking: " "})
    assert case.documents.count() == before
    whole = issued(case, kind, world.people.official)
    assert {part["key"] for part in persons.open_for(case, whole.sealed, PLACE)["parts"]} == MANDATORY[kind]


def test_its_text_is_stored_as_ciphertext_and_dies_with_the_key(world, case):
    done = issued(case, K.CLOSING, world.people.official)
    assert "张三丰" not in done.sealed and "准予" not in done.sealed
    verbs.withdraw(case, reason="不办了", by=world.people.official, now=w.at("2026-11-25 09:00"))
    verbs.anonymise(case, by=world.people.head, now=w.at("2026-11-25 10:00"))
    with pytest.raises(Refused):
        printing.print_paper(done, check_url="https://x.example/", by=world.people.official, now=w.at("2026-11-26 09:00"))


def act(client, case, word, **typed):
    return client.post(f"/desk/{case.number}/{word}/", {"seen": case.status, **typed})


def test_a_paper_is_printed_from_the_case_page_and_every_print_is_counted(client, world, case, every_body_here):
    done = issued(case, K.CLOSING, world.people.official)
    page = text(client.get(f"/desk/{case.number}/"))
    address = f"/desk/{case.number}/documents/{done.pk}.pdf"
    assert done.number in page and address in page
    assert client.get(address).status_code == 302 and not done.prints.exists()
    first, second = client.post(address), client.post(address)
    assert "补打" not in words_of(first.content) and "第1次补打" in words_of(second.content)
    assert done.prints.count() == 2
    sign_in(client, world.people.outsider)
    assert client.post(address).status_code == 404


def test_whoever_holds_a_paper_may_ask_whether_it_stands_and_learns_nothing_else(client, world, case, every_body_here):
    done = issued(case, K.CLOSING, world.people.official)
    client.logout()
    typed = done.check_code.lower().replace("-", " ").replace("0", "o")
    page = text(client.get("/verify/", {"code": typed}))
    assert done.number in page and "栖禾镇人民政府" in page and "张三丰" not in page and case.number not in page and case.title not in page
    assert client.get("/verify/", {"code": "7K3M-9QTD-04XA"}).status_code == 422
    assert client.get("/verify/").status_code == 200
    papers.void_document(case, done, reason="结果写错", by=world.people.head, now=w.at("2026-11-25 09:00"))
    page = text(client.get("/verify/", {"code": done.check_code}))
    assert "作废" in page and "结果写错" not in page


def test_a_paper_is_voided_by_a_second_person_and_stays(client, world, case, every_body_here):
    mine = issued(case, K.CLOSING, world.people.head)
    with pytest.raises(Refused):
        papers.void_document(case, mine, reason="错", by=world.people.head, now=w.at("2026-11-25 09:00"))
    done = issued(case, K.CLOSING, world.people.official, outcome="给付")
    papers.use_seal(case, done, copies=2, approved_by=world.people.head, by=world.people.official, now=w.at("2026-11-24 11:00"))
    sign_in(client, world.people.head)
    assert act(client, case, "void-document", document=done.pk, reason="金额写错").status_code == 302
    assert act(client, case, "void-document", document=done.pk, reason="金额写错").status_code == 422
    assert "已于" in words_of(client.post(f"/desk/{case.number}/documents/{done.pk}.pdf").content)
    register = text(client.get("/desk/seals/"))
    assert register.count(done.number) == 2 and "注销" in register
    assert issued(case, K.CLOSING, world.people.official, outcome="确认").number == "栖政结〔2026〕3号"


def test_a_seal_is_used_with_the_yes_of_a_head_and_only_where_the_paper_bears_one(client, world, case, every_body_here):
    done = issued(case, K.CLOSING, world.people.official)
    bare = issued(case, K.AUTHORISATION, world.people.official)
    sign_in(client, world.people.official)
    page = text(client.get(f"/desk/{case.number}/use-seal/"))
    assert done.number in page and bare.check_code not in page and world.people.head.name in page
    typed = {"document": done.pk, "copies": 2, "approved_by": world.people.head.pk}
    assert act(client, case, "use-seal", **typed).status_code == 302
    assert act(client, case, "use-seal", **typed).status_code == 409  # the same form sent twice
    assert done.seal_uses.count() == 1
    with pytest.raises(Refused):
        papers.use_seal(
            case, done, copies=1, approved_by=world.people.clerk, by=world.people.official, now=w.at("2026-11-24 11:00")
        )


def test_left_at_the_place_needs_the_reason_of_the_refusal_and_a_witness(client, world, case, every_body_here):
    done = issued(case, K.CLOSING, world.people.official)
    typed = {"document": done.pk, "manner": "left", "delivered_at": "2026-11-24T15:00", "place": "家中"}
    with time_machine.travel(w.at("2026-11-24 16:00"), tick=False):
        sign_in(client, world.people.official)
        assert act(client, case, "note-delivery", **typed).status_code == 422
        typed |= {"refusal": "不肯签", "witness": "村干部"}
        assert act(client, case, "note-delivery", **typed | {"delivered_at": "2026-11-24T17:00"}).status_code == 422
        assert not done.deliveries.exists()
        assert act(client, case, "note-delivery", **typed).status_code == 302
        assert act(client, case, "note-delivery", **typed).status_code == 409
        assert "村干部" not in done.deliveries.get().sealed
        assert "留置送达" in text(client.get(f"/desk/{case.number}/"))


def test_close_is_one_act_with_the_delivery_of_the_decision_which_is_printed_and_sealed_before(client, world, case, every_body_here):
    official, clerk = world.people.official, world.people.clerk
    verbs.decide(case, "confirmed", by=official, now=w.at("2026-11-24 10:00"))
    with time_machine.travel(w.at("2026-11-24 16:00"), tick=False):
        sign_in(client, clerk)
        assert "决定书还没有出具" in text(client.get(f"/desk/{case.number}/"))
        done = papers.issue_decision(
            case, content="确认", basis="社会救助暂行办法", validity="一年", by=official, now=w.at("2026-11-24 10:10")
        )
        typed = {"manner": "direct", "taker": "other", "delivered_at": "2026-11-24T15:30"}
        refused = act(client, case, "close", **typed, receiver="女儿李小溪")
        assert refused.status_code == 422 and "还没有打印" in text(refused) and "还没有登记用印" in text(refused)
        client.post(f"/desk/{case.number}/documents/{done.pk}.pdf")
        page = client.get(f"/desk/{case.number}/").content.decode()
        assert f'class="button" href="/desk/{case.number}/use-seal/"' in page, "what is due before it is handed over comes first"
        papers.use_seal(case, done, copies=2, approved_by=world.people.head, by=clerk, now=w.at("2026-11-24 15:00"))
        assert act(client, case, "close", **typed).status_code == 422, "who signed?"
        assert act(client, case, "close", **typed, receiver="女儿李小溪").status_code == 302
        row = done.deliveries.get()
        assert (row.manner, "李小溪" in row.sealed) == ("direct", False)
        assert not any(done.number in one for one in lacks.of(case, [])), "the volume finds the record"
        page = client.get(f"/desk/{case.number}/").content.decode()
        assert f'class="button" href="/desk/{case.number}/assemble-volume/"' in page, "what is ended is filed"


@pytest.mark.once
def test_a_page_of_paper_is_set_in_a_third_of_a_second(world, case, every_body_here):
    done = issued(case, K.CLOSING, world.people.official)
    printed(done, world.people.official)
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        printed(done, world.people.official)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.3


def test_the_words_of_the_decision_stand_in_its_paper_before_anybody_types(client, world, case, every_body_here):
    verbs.start(case, by=world.people.official, now=w.at("2026-11-24 10:00"))
    verbs.decide(case, "confirmed", words="给予临时救助金2000元，一次发放。", by=world.people.official, now=w.at("2026-11-25 10:00"))
    client.force_login(world.people.official, backend="portal.staff_session.StaffBackend")
    page = client.get(f"/desk/{case.number}/issue-decision/").content.decode()
    assert "给予临时救助金2000元，一次发放。" in page and "确认您(单位)申请的" in page


def test_the_notice_of_the_result_is_written_once_and_anew_when_it_says_something_else(client, world, case, every_body_here):
    verbs.start(case, by=world.people.official, now=w.at("2026-11-23 09:00"))
    verbs.decide(case, "paid", by=world.people.official, now=w.at("2026-11-24 09:00"))
    form = {"collect": "到窗口领取", "collect_until": "2026年12月31日"}
    assert act(client, case, "issue-closing", **form | {"collect": " "}).status_code == 422
    assert act(client, case, "issue-closing", **form).status_code == 302
    assert act(client, case, "issue-closing", **form).status_code == 409
    assert act(client, case, "issue-closing", **form | {"collect": "邮寄"}).status_code == 302
    assert [one.number for one in case.documents.filter(kind=K.CLOSING)] == ["栖政结〔2026〕1号", "栖政结〔2026〕2号"]
    # The window decides nothing.
    assert act(client, case, "issue-decision", content="准予", basis="办法", validity="长期").status_code == 403
