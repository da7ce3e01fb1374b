"""Mediation: voluntary, by a mediator both accept, an agreement with its dates or none; seen by the mediation office alone."""

import re
from datetime import date

import pytest
import time_machine

from requests.demands import mediation
from requests.lifecycle import Refused
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
    mediation.note_consent(case, by=world.people.official, now=later)
    assert (case.due_on, case.due_kind) == (date(2026, 12, 25), "answer")


def test_an_agreement_says_until_when_the_court_may_confirm_it(world):
    case, by = begun(world), {"by": world.people.deputy, "now": NOW}
    with pytest.raises(Refused, match="以后"):
        mediation.reach_agreement(case, form="written", binding_from=date(2026, 11, 24), words="各让一尺", **by)
    mediation.reach_agreement(case, form="written", binding_from=NOW.date(), perform_by=date(2026, 12, 10), words="各让一尺", **by)
    row = Mediation.objects.get(pk=case.pk)
    # 23 November and thirty calendar days: Wednesday 23 December.
    assert (case.status, case.outcome, row.court_by) == ("decided", "agreed", date(2026, 12, 23))
    mediation.note_performance(case, words="界桩已立", **by)
    assert case.status == "closed"


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
        "office": world.civil.pk,
    }  # fmt: skip
    assert "双方当事人" in text_of(client.post("/desk/mediation/", form)) and not ServiceRequest.objects.exists()
    form["other_name"] = OTHER["name"]
    first, second = client.post("/desk/mediation/", form), client.post("/desk/mediation/", form)
    case = ServiceRequest.objects.get()
    assert first["Location"] == second["Location"] == f"/desk/{case.number}/new-code/" and case.office == world.civil
    assert re.search(r"\d{4}\s\d{4}", text_of(client.get(first["Location"])))


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
