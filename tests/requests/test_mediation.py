"""Mediation: voluntary, by a mediator both accept, an agreement with its dates or none; seen by the mediation office alone."""

import re
from datetime import date

import pytest
import time_machine

from requests import persons
from requests.demands import mediation, papers, writing
from requests.demands.registering import Told, register_demand
from requests.documents import verbs as documents
from requests.intake import told_in
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Mediation, ServiceRequest
from requests.permissions import sees_in_full, sees_whole
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-23 10:00")
SUN = w.Person(name="孙行者", phone="12345670003")
OTHER = {"name": "朱悟能", "phone": "12345670004"}
WORDS = "宅基地界址不清"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, world):
    def sign_in(who):
        client.force_login(getattr(world.people, who), backend=BACKEND)
        return client

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def applied(world) -> ServiceRequest:
    return mediation.register_mediation(
        world.reception, world.civil, person=SUN, other=OTHER, words=WORDS, channel="window", by=world.people.clerk, now=NOW
    ).case


def begun(world) -> ServiceRequest:
    case, by = applied(world), {"by": world.people.official, "now": NOW}
    mediation.note_consent(case, **by)
    mediation.name_mediator(case, world.people.deputy, chosen_by_parties=True, **by)
    return case


def test_only_the_mediation_office_sees_more_than_state_and_date(world, desk):
    case = applied(world)
    p = world.people
    for person in (p.clerk, p.supervisor, p.inspector):
        assert not sees_whole(person, case) and not sees_in_full(person, case)
    for who in ("clerk", "supervisor", "inspector"):
        client = desk(who)
        pages = [f"/desk/{case.number}/", "/desk/mine/?who=all", "/desk/demands/?kind=mediation"]
        pages += ["/overdue/", "/ledger/"] if who == "supervisor" else [f"/audit/case/{case.number}/"] if who == "inspector" else []
        for page in pages:
            said = text_of(client.get(page))
            assert not [word for word in ("孙", "朱", WORDS, "12345670003", "123****0003") if word in said], (who, page)
        assert client.get(f"/desk/{case.number}/reveal/").status_code == 403
    page = text_of(desk("official").get(f"/desk/{case.number}/"))
    assert WORDS in page and "朱**" in page.replace("朱*能", "朱**") and "12345670004" not in page
    shown = text_of(desk("official").post(f"/desk/{case.number}/reveal/", {"reason": "call"}))
    assert "12345670004" in shown and "12345670003" in shown


def test_the_month_begins_when_both_agree(world):
    case = applied(world)
    assert case.due_on is None
    later = w.at("2026-11-25 09:00")
    with pytest.raises(Refused, match="今天之间"):
        mediation.note_consent(case, on=date(2026, 11, 20), by=world.people.official, now=later)
    mediation.note_consent(case, on=date(2026, 11, 24), how="phone", by=world.people.official, now=later)
    assert (case.due_on, case.due_words) == (date(2026, 12, 24), "调解期满"), "from the day they agreed"


def test_what_nobody_has_begun_stands_on_the_desk_of_the_mediation_office(world, desk):
    case = applied(world)
    assert "先问对方是否同意" in text_of(desk("official").get("/desk/"))
    assert "先问对方是否同意" not in text_of(desk("supervisor").get("/desk/"))
    by = {"by": world.people.official, "now": NOW}
    mediation.note_consent(case, **by)
    mediation.name_mediator(case, world.people.official, chosen_by_parties=True, others="村支书田老", **by)
    writing.issue_agreement(case, dispute="界址", agreed="各让一尺", manner="自行立桩", perform_by=NOW.date(), **by)
    form = text_of(desk("official").get(f"/desk/{case.number}/reach-agreement/"))
    assert "各让一尺</textarea>" in form and 'value="2026-11-23"' in form, "what stands on the paper is not typed again"
    mediation.reach_agreement(case, form="written", binding_from=NOW.date(), perform_by=NOW.date(), words="各让一尺", **by)
    assert "履行期限已到" in text_of(desk("official").get("/desk/"))


def test_a_dispute_goes_on_as_a_mediation_without_being_typed_again(world, desk, client):
    p, code = world.people, "1234 5678 9012 3456"
    told = Told(window=world.reception, channel="phone", sort="dispute", words="隔壁砌墙堵了巷子", person=w.ZHANG, secret=code)
    demand = register_demand(told, by=p.clerk, now=NOW).case
    clerk, address = desk("clerk"), f"/desk/{demand.number}/to-mediation/"
    assert "转人民调解" in text_of(clerk.get(f"/desk/{demand.number}/")) and "隔壁砌墙堵了巷子" in text_of(clerk.get(address))
    typed = {
        "seen": "received", "words": "隔壁砌墙堵了巷子", "dispute": "neighbours", "other_name": "李四光", "office": str(world.civil.pk),
    }  # fmt: skip
    without = clerk.post(address, typed | {"other_name": ""})
    assert without.status_code == 422 and "双方当事人姓名" in text_of(without) and not Mediation.objects.exists()
    done = text_of(clerk.post(address, typed, follow=True))
    again = clerk.post(address, typed)
    case = ServiceRequest.objects.get(kind="mediation")
    assert again.status_code == 409 and Mediation.objects.get().dispute == "neighbours"
    assert persons.person_of(case) == persons.person_of(demand) and told_in(case) == "隔壁砌墙堵了巷子" and case.earlier_case == demand
    # The demand says where it went; what it was about is read by the mediation office alone.
    assert "已转其他途径" in done and case.number in done and "隔壁砌墙堵了巷子" not in done
    assert "隔壁砌墙堵了巷子" not in text_of(clerk.get(f"/desk/{case.number}/"))
    assert "隔壁砌墙堵了巷子" in text_of(desk("official").get(f"/desk/{case.number}/"))
    for who in ("supervisor", "inspector", "clerk2"):
        assert "隔壁砌墙" not in text_of(desk(who).get(f"/desk/{case.number}/")) + text_of(desk(who).get(f"/desk/{demand.number}/")), who
    client.logout()
    assert case.number in text_of(client.post("/track/", {"number": demand.number, "secret": code}))
    assert "人民调解" in text_of(client.post("/track/", {"number": case.number, "secret": code})), "the same code under the new number"


def test_a_complaint_and_what_has_no_name_do_not_go_to_mediation(world):
    p, to = world.people, {"other": {"name": "李四光"}, "words": "争执", "by": world.people.clerk, "now": NOW}
    told = Told(window=world.reception, channel="window", sort="complaint", words="不理人", about=world.civil, person=w.ZHANG)
    with pytest.raises(Refused, match="投诉站所的"):
        mediation.pass_on(register_demand(told, by=p.clerk, now=NOW).case, world.civil, **to)
    nameless = Told(window=world.reception, channel="window", sort="suggestion", words="吵闹", is_anonymous=True)
    demand = register_demand(nameless, by=p.clerk, now=NOW).case
    with pytest.raises(Refused, match="双方当事人姓名"):
        mediation.pass_on(demand, world.civil, **to)
    assert not ServiceRequest.objects.filter(kind="mediation").exists() and told_in(demand) == "吵闹"


def test_an_agreement_is_handed_to_both(world):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    paper = writing.issue_agreement(case, dispute="界址", agreed="各让一尺", manner="自行立桩", **by)
    for receiver in ("孙行者", "朱悟能"):
        documents.note_delivery(case, paper, manner="direct", delivered_at=NOW, receiver=receiver, **by)
    with pytest.raises(AlreadyHandled):
        documents.note_delivery(case, paper, manner="direct", delivered_at=NOW, receiver="朱悟能", **by)
    assert paper.deliveries.count() == 2


def test_an_agreement_says_until_when_the_court_may_confirm_it(world):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    with pytest.raises(Refused, match="以后"):
        mediation.reach_agreement(case, form="written", binding_from=date(2026, 11, 24), words="各让一尺", **by)
    mediation.reach_agreement(case, form="written", binding_from=NOW.date(), perform_by=date(2026, 12, 10), words="各让一尺", **by)
    row = Mediation.objects.get(pk=case.pk)
    # 23 November and thirty calendar days: Wednesday 23 December.
    assert (case.status, case.outcome, row.court_by) == ("decided", "agreed", date(2026, 12, 23))
    with pytest.raises(Refused, match="12月10日"):
        mediation.note_performance(case, performed="part", words="还差一半", **by)
    mediation.note_performance(case, performed="full", court="asked", words="界桩已立", **by)
    row.refresh_from_db()
    assert (case.status, row.performed, row.performed_on, row.court) == ("closed", "full", NOW.date(), "asked")


def test_where_a_party_refuses_it_ends_and_the_ways_are_told(world):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    with pytest.raises(Refused, match="途径"):
        mediation.refuse_mediation(case, party="other", ways="", **by)
    mediation.tell_police(case, words="对方扬言动手，已报派出所", **by)
    mediation.refuse_mediation(case, party="other", ways="可向法院起诉", **by)
    assert (case.status, case.outcome) == ("closed", "failed")
    assert case.events.last().facts["party"] == "other"
    with pytest.raises(Refused):
        mediation.fail_mediation(case, ways="可向法院起诉", **by)


def test_written_down_once_at_the_window_with_both_names(world, desk):
    client = desk("clerk")
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', text_of(client.get("/desk/mediation/")))[1]
    form = {
        "form_token": token, "name": SUN.name, "phone": SUN.phone, "other_name": "", "words": WORDS, "channel": "window",
        "office": world.civil.pk, "dispute": "house_site", "id_number": "990199195501010012", "other_address": "柳溪村8组",
    }  # fmt: skip
    assert "双方当事人" in text_of(client.post("/desk/mediation/", form)) and not ServiceRequest.objects.exists()
    form["other_name"] = OTHER["name"]
    assert "法院" in text_of(client.post("/desk/mediation/", form | {"is_elsewhere": "on"})) and not ServiceRequest.objects.exists()
    first, second = client.post("/desk/mediation/", form), client.post("/desk/mediation/", form)
    case = ServiceRequest.objects.get()
    assert first["Location"] == second["Location"] == f"/desk/{case.number}/new-code/" and case.office == world.civil
    code = text_of(client.get(first["Location"]))
    assert re.search(r"\d{4}\s\d{4}", code) and "来人" in code and "旧码" not in code
    known = [part for part in papers.agreement(case, dispute="", agreed="", manner="", perform_by=None).parts if part.key == "parties"]
    assert "990199195501010012" in known[0].rows[0][3] and "柳溪村8组" in known[0].rows[1][3]


def test_the_resident_reads_state_and_next_date_and_not_how_it_ended(world, client):
    received = mediation.register_mediation(
        world.reception, world.civil, person=SUN, other=OTHER, words=WORDS, channel="window", by=world.people.clerk, now=NOW
    )
    mediation.note_consent(received.case, by=world.people.official, now=NOW)
    shown = text_of(client.post("/track/", {"number": received.case.number, "secret": received.secret}))
    assert "2026年12月23日" in shown and WORDS not in shown and "人民调解" in shown
    mediation.fail_mediation(received.case, ways="可起诉", by=world.people.official, now=NOW)
    shown = text_of(client.post("/track/", {"number": received.case.number, "secret": received.secret}))
    assert "调解不成" not in shown
