"""Which cases a person may know of has one answer, whichever door is asked: list, page, search, paper, trail, figures."""

import logging
import re

import pytest
import time_machine

from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, give_role, revoke, rights
from requests import verbs
from requests.demands import unsolved
from requests.intake import Intake, receive
from requests.models import ServiceRequest
from requests.permissions import visible
from requests.waiting import WHATS
from services.content import content_of
from tests.portal.access import ACTORS, OUTSIDE
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"/desk/([0-9]+-[0-9]{4}-[0-9]+)/")
READERS = [actor for actor in ACTORS if actor not in OUTSIDE]


@pytest.fixture
def stood():
    """The stage with an item of the other office, taken in at three windows."""
    logging.disable(logging.CRITICAL)
    with time_machine.travel(stage.NOW, tick=False):
        stood = stage.build()
        people, world = stood.people, stood.world
        land = people["official_elsewhere"].office
        text = content_of(world.low_income) | {"name": "宅基地审批", "office": land, "post": land.posts.get()}
        edition = w._publish(world.township, world.people, "ZR-001", text)
        w.new_case(world, edition=edition, person=stage.SECRETIVE)
        for office, by in ((land, "official_elsewhere"), (people["clerk_elsewhere"].office, "clerk_elsewhere")):
            for about in (edition, world.low_income):
                order = Intake(intake_office=office, channel="window", person=stage.SECRETIVE, edition=about)
                receive(order, by=people[by], now=w.MONDAY)
        yield stood
    logging.disable(logging.NOTSET)


def known_to(stood, actor: str) -> set[str]:
    return set(visible(stood.people[actor]).values_list("number", flat=True))


def numbers_on(client, address: str) -> set[str]:
    """Numbers of the cases a page links to; nothing where the reader is not let in."""
    answer = client.get(address)
    return set(NUMBER.findall(answer.content.decode())) if answer.status_code == 200 else set()


def test_the_readers_differ(stood):
    """Otherwise the rest would prove nothing: some know all, some a part, some nothing."""
    sizes = {actor: len(known_to(stood, actor)) for actor in READERS}
    assert sizes["inspector"] == ServiceRequest.objects.count() == 13
    assert sizes["first_asked"] == 1 and sizes["clerk"] == 9 and sizes["clerk_elsewhere"] == 2
    assert sizes["official"] > sizes["official_elsewhere"] > 0
    assert sizes["editor"] == sizes["reviewer"] == sizes["administrator"] == 0


def of_page(client, number: str) -> bool:
    return client.get(f"/desk/{number}/").status_code == 200


def of_search(client, number: str) -> bool:
    """A search that names one case opens it."""
    return number in client.get(f"/desk/mine/?q={number}").headers.get("Location", "")


def of_paper(client, number: str) -> bool:
    """Who may not have the paper but knows of the case is told so; the others find nothing."""
    return client.get(f"/desk/{number}/receipt.pdf").status_code != 404


def of_reveal(client, number: str) -> bool:
    return client.get(f"/desk/{number}/reveal/").status_code != 404


def test_each_door_knows_the_same_cases(stood):
    everything, faults = list(ServiceRequest.objects.values_list("number", flat=True)), []
    for actor in READERS:
        client, known = stood.client(actor), known_to(stood, actor)
        found = {"list": numbers_on(client, "/desk/mine/?who=all&status=all")}
        found |= {door.__name__: {n for n in everything if door(client, n)} for door in (of_page, of_search, of_paper, of_reveal)}
        if rights(stood.people[actor]).has(INSPECT):
            found["trail"] = {n for n in everything if client.get(f"/audit/case/{n}/").status_code == 200}
        faults += [f"{actor}, {door}: {sorted(cases ^ known)}" for door, cases in found.items() if cases != known]
    assert not faults, "\n".join(faults)


NARROWER = (
    "/desk/", "/desk/mine/", "/desk/mine/?who=office", "/desk/mine/?who=intake", "/desk/mine/?q=1", "/desk/without-upper-number/",
    "/desk/calls/", "/desk/consult/", "/desk/day-end/list/?which=logged", "/overdue/?what=soon", "/overdue/?what=unassigned",
    "/ledger/?office=", "/audit/?q=000001", "/desk/archive/", "/desk/archive/?which=closed", "/desk/archive/?q=D30", "/desk/archive/boxes/",
)  # fmt: skip


def test_no_other_list_names_a_case_beyond_them(stood):
    faults, named = [], set()
    for actor in READERS:
        known = known_to(stood, actor)
        for address in NARROWER:
            found = numbers_on(stood.client(actor), address)
            named |= found
            faults += [f"{actor}, {address}: {sorted(found - known)}"] if found - known else []
    assert not faults, "\n".join(faults)
    assert named == set(ServiceRequest.objects.values_list("number", flat=True)), "lists that name nothing prove nothing"


def test_the_figures_count_the_cases_they_open(stood):
    """The ledger of all my offices: the sum is the number of cases of those offices the reader knows of."""
    for actor in READERS:
        held = rights(stood.people[actor])
        offices = held.where(HANDLE, HEAD, SUPERVISE, INSPECT)
        answer = stood.client(actor).get("/ledger/?office=&since=2026-11-01&until=2026-11-02")
        if answer.status_code != 200:
            assert not offices, actor
            continue
        expected = visible(stood.people[actor]).filter(office_id__in=offices).count()
        assert answer.context["number"] == expected, actor
        assert len(NUMBER.findall(answer.content.decode())) == expected, actor


def test_what_is_taken_away_is_gone_with_the_next_page(stood):
    """A right that ends closes every door at once."""
    client, number = stood.client("clerk"), stood.case.number
    assert client.get(f"/desk/{number}/").status_code == 200
    revoke(stood.people["clerk"], stood.world.reception, TAKE_IN, by=User.objects.job("setup"), now=stage.NOW)
    # First asked it still was: state and date, but no longer the person.
    assert stage.NOTE not in client.get(f"/desk/{number}/").content.decode()
    assert client.get(f"/desk/{number}/reveal/").status_code == 403


def test_what_is_about_the_head_of_the_centre_is_on_no_list_and_in_no_figure_of_that_head(stood):
    """办不成事: whoever supervises all offices is the very person it is about; the one beside, who inspects, reads it everywhere."""
    supervisor, setup = stood.people["supervisor"], User.objects.job("setup")
    give_role(supervisor, stood.world.civil, "official", by=setup, now=w.MONDAY)
    case = stood.case
    verbs.accept(case, by=stood.people["clerk"], now=w.MONDAY)
    verbs.assign(case, User.objects.get(pk=supervisor.pk), reason="顶岗", by=stood.people["head"], now=w.MONDAY)
    about = unsolved.register_unsolved(
        case, words="一直没办成", channel="window", window=stood.world.reception, by=stood.people["clerk"], now=w.MONDAY
    ).case
    assert about.kept_from_id == supervisor.pk
    later, seen = w.at("2026-11-30 10:00"), {}
    with time_machine.travel(later, tick=False):
        for actor in ("supervisor", "inspector"):
            client = stage.signed_in(User.objects.get(pk=stood.people[actor].pk))
            found, counts = {}, []
            for what in WHATS:
                for narrowed in ("", f"&office={about.office.code}"):
                    answer = client.get(f"/overdue/?what={what}{narrowed}")
                    counts.append(sum(answer.context["counts"].values()))
                    found[f"overdue {what}{narrowed}"] = about.number in answer.content.decode()
            rows = client.get("/overdue/?by=office").context["groups"]["rows"]
            found["table"] = about.office.name in {row["name"] for row in rows}
            ledger = client.get("/ledger/?office=&since=2026-11-01&until=2026-11-30")
            counts.append(ledger.context["number"])
            found["ledger"] = about.number in ledger.content.decode()
            found["mine"] = about.number in client.get("/desk/mine/?who=all&status=all").content.decode()
            found["demands"] = actor == "supervisor" and about.number in client.get("/desk/demands/").content.decode()
            seen[actor] = ({name for name, is_there in found.items() if is_there}, counts)
    assert not seen["supervisor"][0]
    assert {"overdue unassigned", "table", "ledger", "mine"} <= seen["inspector"][0], "else this proves nothing"
    assert all(mine <= theirs for mine, theirs in zip(seen["supervisor"][1], seen["inspector"][1], strict=True))
    assert seen["supervisor"][1] != seen["inspector"][1], "it is counted for who may know of it"
