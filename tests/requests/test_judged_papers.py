"""The papers a person may want of an answer, a mediation and an agency: what stands in each, field by field, and who may have it."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from officials.audit import verb
from officials.models import IssuingBody
from requests import persons, verbs
from requests.demands import mediation, moves, writing
from requests.demands.registering import Told, register_demand
from requests.documents import MANDATORY
from requests.documents import verbs as documents
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Document, ServiceRequest
from requests.village import bundles, mandates
from requests.village.letters import Given
from tests.requests.test_documents import printed, words_of
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
K = Document.Kind
NOW = w.at("2026-11-24 10:00")
WANG = w.Person(name="王五福", phone="12345670002")
OTHER = {"name": "朱悟能", "phone": "12345670004"}
TUESDAY = w.at("2026-11-03 10:00")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def committee(world):
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        for name, code_word in (("栖禾镇人民政府", "栖政"), ("栖禾镇人民调解委员会", "栖调委")):
            IssuingBody(township=world.township, name=name, code_word=code_word, acts_here=True,
                        business_seal=f"{name}政务服务专用章", decision_seal=f"{name}印章").save()  # fmt: skip


def said(document: Document) -> dict[str, str]:
    """Text of every part, by its meaning; a table as its cells."""
    text = persons.open_for(document.service_request, document.sealed, "document")
    parts = {part["key"]: part["text"] or str(part.get("rows")) for part in text["parts"]}
    assert MANDATORY[document.kind] <= set(parts)
    return parts | {"title": text["title"], "addressee": text["addressee"], "signatures": "、".join(text["signatures"])}


# -- 答复意见书 -------------------------------------------------------------------------------------------------


def answered(world, *, outcome="solved", where="", words="巷口被砌墙，我的电话12345670002，邻居身份证990199195501010012", **more):
    told = Told(**{"window": world.reception, "channel": "window", "sort": "help", "words": words, "person": WANG} | more)
    case = register_demand(told, by=world.people.clerk, now=w.at("2026-11-23 09:00")).case
    moves.dispatch(case, rhythm="timed", lead=world.civil, holder=world.people.official, by=world.people.clerk, now=NOW)
    moves.sign_for(case, by=world.people.official, now=NOW)
    moves.answer_demand(case, outcome=outcome, words="墙已拆除", where=where, by=world.people.official, now=NOW)
    return case


def test_the_answer_says_what_was_asked_masked_and_everything_a_person_needs_to_go_on(world, committee):
    case = answered(world, outcome="elsewhere", where="县住建局，电话0000-5550300")
    client = stage.signed_in(world.people.official)
    address = f"/desk/{case.number}/issue-answer/"
    page = client.get(address).content.decode()
    assert "123****0002" in page and "12345670002" not in page and "墙已拆除" in page and "0000-5550300" in page
    form = {name: client.get(address).context["form"][name].value() for name in ("asked", "handling", "where")}
    form |= {"seen": "decided", "facts": "现场核实，当事人电话12345670004", "basis": ""}
    assert client.post(address, form).status_code == 422 and not case.documents.filter(kind=K.DEMAND_ANSWER).exists()
    form["basis"] = "城乡规划法第六十五条"
    assert client.post(address, form).status_code == 302 and client.post(address, form).status_code == 409
    done = case.documents.get(kind=K.DEMAND_ANSWER)
    assert (done.number, done.issuer, done.seal) == ("栖政答〔2026〕1号", "栖禾镇人民政府", "栖禾镇人民政府印章")
    parts = said(done)
    assert parts["addressee"] == "王五福" and "2026年11月23日" in parts["opening"]
    assert parts["asked"] == "巷口被砌墙，我的电话123****0002，邻居身份证990***********0012"
    assert parts["facts"] == "现场核实，当事人电话123****0004" and parts["handling"] == "墙已拆除"
    assert "去" in parts["result"]
    assert "县住建局" in parts["where"] and "0000-5550100" in parts["where"] and "行政复议" in parts["where"]
    assert parts["handler"] == "民政窗口(民政办) 甄关怀,电话0000-5550104" and parts["basis"] == "城乡规划法第六十五条"
    paper = words_of(printed(done, world.people.official))
    for words in ("答复意见书", "栖政答〔2026〕1号", "王五福", "0000-5550199", "甄关怀", done.check_code):
        assert words in paper.replace(" ", ""), words
    assert "巷口" not in done.sealed


@pytest.mark.parametrize(("outcome", "result"), [("solved", "解决"), ("partly", "部分解决"), ("explained", "解释")])
def test_the_result_stands_in_words(world, outcome, result):
    case = answered(world, outcome=outcome)
    by = {"by": world.people.official, "now": NOW}
    done = writing.issue_answer(case, asked="砌墙", facts="属实", handling="已办", basis="本中心规定", where="可再反映", **by)
    assert result in said(done)["result"]


def test_an_answer_is_delivered_sealed_and_voided_like_every_other_paper(world, committee):
    case, p = answered(world), world.people
    by = {"by": p.official, "now": NOW}
    done = writing.issue_answer(case, asked="砌墙", facts="属实", handling="已办", basis="本中心规定", where="可再反映", **by)
    documents.use_seal(case, done, copies=2, approved_by=p.head, **by)
    documents.note_delivery(case, done, manner="direct", delivered_at=NOW, receiver="王五福", **by)
    assert documents.issue_delivery(case, done, manner="post", **by).number == "栖政送〔2026〕1号"
    with pytest.raises(Refused):
        documents.void_document(case, done, reason="写错", **by)
    documents.void_document(case, done, reason="写错", by=p.head, now=NOW)
    assert done.deliveries.count() == 1 and "issue-answer" in stage.signed_in(p.official).get(f"/desk/{case.number}/").content.decode()


def test_without_a_name_there_is_nobody_to_address_it_to(world):
    case = answered(world, sort="complaint", person=w.Person(), is_anonymous=True)
    with pytest.raises(Refused, match="没有收件人"):
        writing.issue_answer(
            case, asked="砌墙", facts="属实", handling="已办", basis="规定", where="可再反映", by=world.people.official, now=NOW
        )
    assert "issue-answer" not in stage.signed_in(world.people.official).get(f"/desk/{case.number}/").content.decode()


# -- 调解 -------------------------------------------------------------------------------------------------------


def begun(world) -> ServiceRequest:
    case = mediation.register_mediation(
        world.reception, world.civil, person=WANG, other=OTHER, words="宅基地界址不清", channel="window", by=world.people.clerk, now=NOW
    ).case
    mediation.note_consent(case, by=world.people.official, now=NOW)
    mediation.name_mediator(case, world.people.deputy, chosen_by_parties=True, by=world.people.official, now=NOW)
    return case


AGREED = {"dispute": "两家界址相差一尺", "agreed": "各让半尺，共立界桩", "manner": "共同出资立桩"}


def test_the_agreement_is_written_signed_by_both_and_sealed_by_the_committee(world, committee):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    for lacking in AGREED:
        with pytest.raises(Refused, match="必备内容不全"):
            writing.issue_agreement(case, **AGREED | {lacking: " "}, **by)
    draft = writing.issue_agreement(case, **AGREED, perform_by=date(2026, 12, 10), **by)  # to be signed, before it is entered
    assert (draft.number, draft.issuer, draft.seal) == ("栖调委协〔2026〕1号", "栖禾镇人民调解委员会", "栖禾镇人民调解委员会印章")
    parts = said(draft)
    assert parts["title"] == "人民调解协议书" and parts["addressee"] == "王五福、朱悟能"
    for words in ("申请人", "王五福", "12345670002", "被申请人", "朱悟能", "12345670004"):
        assert words in parts["parties"], words
    assert (parts["dispute"], parts["agreed"]) == (AGREED["dispute"], AGREED["agreed"])
    assert "共同出资立桩" in parts["performance"] and "2026年12月10日" in parts["performance"]
    assert "加盖人民调解委员会印章之日起生效" in parts["binding"] and "三十日内" in parts["confirmation"]
    assert parts["signatures"] == "申请人签名(指印)、被申请人签名(指印)、人民调解员签名(甄探访)、日期"
    mediation.reach_agreement(case, form="written", binding_from=NOW.date(), perform_by=date(2026, 12, 10), words=AGREED["agreed"], **by)
    final = writing.issue_agreement(case, **AGREED, perform_by=date(2026, 12, 10), **by)
    assert "2026年12月24日" in said(final)["confirmation"] and "生效日期:2026年11月24日" in said(final)["binding"]
    with pytest.raises(AlreadyHandled):
        writing.issue_agreement(case, **AGREED, perform_by=date(2026, 12, 10), **by)
    for who in ("clerk", "supervisor"):
        page = stage.signed_in(getattr(world.people, who)).get(f"/desk/{case.number}/").content.decode()
        assert final.number not in page and "issue-agreement" not in page


def test_an_oral_agreement_is_noted_down_by_the_mediator_alone(world):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    mediation.reach_agreement(case, form="oral", binding_from=NOW.date(), words="各让半尺", **by)
    parts = said(writing.issue_agreement(case, **AGREED, **by))
    assert parts["title"] == "人民调解口头协议登记表" and parts["signatures"] == "人民调解员签名(甄探访)、日期"
    assert "自各方当事人达成协议之日起生效" in parts["binding"] and "随时可以要求履行" in parts["performance"]
    with pytest.raises(Refused):
        writing.issue_mediation_end(case, dispute="界址", reason="不成", ways="可起诉", **by)


def test_of_a_failed_mediation_both_get_the_other_roads_in_writing(world, committee):
    case = begun(world)
    mediation.refuse_mediation(case, party="other", ways="可向槐序县人民法院起诉", by=world.people.deputy, now=NOW)
    client = stage.signed_in(world.people.deputy)
    address = f"/desk/{case.number}/issue-mediation-end/"
    assert address in client.get(f"/desk/{case.number}/").content.decode()
    form = {name: client.get(address).context["form"][name].value() for name in ("dispute", "reason", "ways")} | {"seen": "closed"}
    assert client.post(address, form | {"ways": ""}).status_code == 422 and client.post(address, form).status_code == 302
    done = case.documents.get(kind=K.MEDIATION_END)
    parts = said(done)
    assert done.number == "栖调委调终〔2026〕1号" and parts["ways"] == "可向槐序县人民法院起诉" and "2026年11月24日" in parts["ended_on"]
    assert "拒绝调解" in parts["reason"] and "朱悟能" in parts["parties"] and parts["dispute"] == "宅基地界址不清"
    with pytest.raises(Refused):
        writing.issue_agreement(case, **AGREED, by=world.people.deputy, now=NOW)


# -- 代办 -------------------------------------------------------------------------------------------------------


def numbers(case) -> list[str]:
    kinds = (K.MANDATE_STOP, K.MANDATE_RESUME, K.MANDATE_DONE)
    return [one.number for one in case.documents.filter(kind__in=kinds)]


def test_suspended_resumed_and_ended_each_have_their_paper(world, committee):
    case, by = w.village_case(world), {"by": world.people.clerk, "now": TUESDAY}
    with pytest.raises(Refused):
        mandates.suspend_mandate(case, reason=" ", **by)
    assert not numbers(case) and not mandates.mandate_of(case).is_suspended
    mandates.suspend_mandate(case, reason="本人外出一月", **by)
    mandates.resume_mandate(case, **by)
    mandates.end_mandate(case, "revoked", **by)
    assert numbers(case) == ["栖政代停〔2026〕1号", "栖政代续〔2026〕1号", "栖政代停〔2026〕2号"]
    stop, resume, end = (said(one) for one in case.documents.filter(kind__in=(K.MANDATE_STOP, K.MANDATE_RESUME)))
    assert (stop["title"], resume["title"], end["title"]) == ("代办中止单", "代办续办单", "代办终止单")
    for one in (stop, resume, end):
        assert (one["client"], one["agent"], one["effective_on"]) == ("张三丰", "稻香村 田代办", "2026年11月3日")
        assert one["item"] == case.title and "2026年11月2日" in one["entrusted_on"] and "委托人签名(指印)、代办员签名" in one["signatures"]
    assert stop["reason"] == "本人外出一月" and end["reason"] == "委托人收回委托" and "不再办理" in stop["effect"]
    assert "继续办理" in resume["effect"]


def test_the_agency_is_done_with_a_paper_that_says_it_costs_nothing(world, committee):
    people = world.people

    def decided(case):
        verbs.accept(case, by=people.clerk, now=TUESDAY)
        verbs.start(case, by=people.official, now=TUESDAY)
        verbs.decide(case, "confirmed", by=people.official, now=TUESDAY)
        return case

    brought = w.village_case(world)
    bundles.arrive(brought, by=people.clerk, now=TUESDAY)
    mandates.bring_result(decided(brought), how="送到家里，本人签收", by=people.agent, now=TUESDAY)
    parts = said(brought.documents.get(kind=K.MANDATE_DONE))
    assert "送到家里" in parts["handed"] and "代办不收费" in parts["fee"] and parts["outcome"] and parts["done_on"] == "2026年11月3日"
    # Where the person collects it, the window writes it on asking.
    collected = w.new_case(world, person=replace(w.ZHANG, village_id=world.village.pk), now=w.MONDAY)
    given = Given(scope="hand_in", letter="sent", valid_from=w.MONDAY.date())
    mandates.entrust(collected, people.agent, given, by=people.clerk, now=TUESDAY)
    client, address = stage.signed_in(people.clerk), f"/desk/{collected.number}/issue-mandate-done/"
    assert client.get(address).status_code == 409
    decided(collected)
    assert address in client.get(f"/desk/{collected.number}/").content.decode()
    assert client.post(address, {"seen": "decided", "handed": "本人到窗口领取"}).status_code == 302
    assert said(collected.documents.get(kind=K.MANDATE_DONE))["handed"] == "本人到窗口领取"
    with pytest.raises(Refused):
        mandates.issue_mandate_done(decided(w.new_case(world)), handed="领取", by=people.clerk, now=TUESDAY)
