"""Home visits: asked for, two people at least, told, done with a signed sheet; why somebody cannot come stands nowhere in clear."""

import io
import re

import pytest
import time_machine
from pypdf import PdfReader

from officials.models import AccessRecord
from requests import verbs
from requests.models import Guest, HomeVisit, ServiceRequest
from requests.outings import guests, home
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-02 10:00")
WISH = {"name": "张三丰", "phone": "12345678901", "village": "", "address": "三组12号", "reason": "ill", "words": "办老年证"}
PLAN = {"date": "2026-11-03", "opens_at": "09:00", "closes_at": "11:00", "people": "A001 A003"}


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def desk(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def text(answer) -> str:
    return answer.content.decode()


def asked(world) -> HomeVisit:
    wish = home.Wish(world.reception, "张三丰", "12345678901", "三组12号", "ill", "办老年证", "phone", "a" * 24, world.village)
    return home.ask(wish, by=world.people.clerk, now=NOW)


def test_a_resident_asks_and_sending_twice_is_one_wish(world, client):
    state = re.search(r'name="state" value="([^"]*)"', text(client.get("/home-visit/")))[1]
    bad = client.post("/home-visit/", WISH | {"state": state, "phone": "12"})
    assert bad.status_code == 422 and "三组12号" in text(bad) and not HomeVisit.objects.exists()
    for _twice in range(2):
        sent = text(client.post("/home-visit/", WISH | {"state": state}))
        assert "990199101-2026-SM000001" in sent and "最迟2026年11月3日(周二)给您打电话" in sent and "要取消" in sent
    row = str(HomeVisit.objects.values().get()) + str(HomeVisit.objects.get().history.values().first())
    assert not any(word in row for word in ("张三丰", "三组", "'ill'", "老年证", "12345678901"))


def test_one_person_alone_is_refused_with_the_sentence_and_days_off_too(world, client):
    visit = asked(world)
    desk(client, world.people.clerk)
    for wrong, words in (({"people": "A001"}, "至少两人"), ({"people": "A001 A001"}, "至少两人"), ({"date": "2026-11-07"}, "休息日"),
                         ({"people": "A001 张无人"}, "查无此人：张无人")):  # fmt: skip
        answer = client.post(visit.get_absolute_url(), PLAN | wrong)
        assert answer.status_code == 422 and words in text(answer)
    # Those of the office and the village's agent are ticked by name, everybody else is typed: name or number, both are proposed.
    form = text(client.get(visit.get_absolute_url()))
    assert re.search(r'name="chosen" value="A011"[^>]*>\s*田代办 · 稻香村', form) and '<option value="甄关怀(A003)">民政窗口' in form
    by_name = PLAN | {"chosen": "A001", "people": "甄关怀(A003)，应接办"}
    assert client.post(visit.get_absolute_url(), by_name).status_code == 302
    visit.refresh_from_db()
    assert visit.state == "planned" and visit.outing.sent.count() == 2 and "还没告知" in text(client.get("/desk/home-visits/"))
    client.post(f"{visit.get_absolute_url()}told/")
    visit.refresh_from_db()
    assert visit.told_by == world.people.clerk
    client.post(visit.get_absolute_url(), PLAN | {"date": "2026-11-04"})
    visit.refresh_from_db()
    assert visit.told_at is None and str(visit.outing.date) == "2026-11-04"  # another day has to be told again
    # Who is sent finds it; a colleague who is not does not.
    assert visit.number in text(desk(client, world.people.official).get("/desk/home-visits/"))
    page = text(desk(client, world.people.official).get(visit.get_absolute_url()))
    assert "（留痕）" in page and not any(word in page for word in ("三组12号", "张三丰", "办老年证", "重病"))
    shown = text(client.post(f"{visit.get_absolute_url()}full/"))
    assert all(word in shown for word in ("三组12号", "张三丰", "tel:12345678901", "重病", "办老年证"))
    assert AccessRecord.objects.get(what="reveal", subject=f"home-visit:{visit.pk}").by == world.people.official
    assert desk(client, world.people.deputy).get(visit.get_absolute_url()).status_code == 404
    assert client.post(f"{visit.get_absolute_url()}full/").status_code == 404


def test_the_sheet_is_filled_in_without_the_reason_and_printing_is_written_down(world, client):
    visit = asked(world)
    desk(client, world.people.clerk).post(visit.get_absolute_url(), PLAN)
    answer = client.post(f"{visit.get_absolute_url()}sheet.pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    words = "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")
    assert len(reader.pages) == 1 and "张三丰" in words and "三组12号" in words and words.count("上门人员签名") == 2 and "病" not in words
    assert AccessRecord.objects.filter(what="print", subject=f"home-visit:{visit.pk}").count() == 1


def test_done_on_its_day_with_the_case_taken_in_at_home(world, client, morning):
    visit = asked(world)
    desk(client, world.people.clerk).post(visit.get_absolute_url(), PLAN)
    client.post(f"{visit.get_absolute_url()}done/")
    assert HomeVisit.objects.get().state == "planned"  # not before its day
    morning.move_to(w.at("2026-11-03 10:00"))
    desk(client, world.people.clerk)
    visit.refresh_from_db()
    url = f"/desk/new/MZ-001/?outing={visit.outing_id}"
    page = text(client.get(url))
    assert 'value="张三丰"' in page and re.search(r'<option value="home"[^>]* selected', page)
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', page)[1]
    said = {"form_token": token, "edition": world.low_income.pk, "then": "receive", "channel": "home", "everything": "on",
            "name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901"}  # fmt: skip
    client.post(url, said)
    case = ServiceRequest.objects.get()
    assert (case.channel, case.outing_case.outing) == ("home", visit.outing) and case.number in text(client.get(visit.get_absolute_url()))
    client.post(f"{visit.get_absolute_url()}done/")
    client.post(f"{visit.get_absolute_url()}not-met/")  # too late
    assert HomeVisit.objects.get().state == "done"
    # With the case goes what was said when the visit was asked for.
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.at("2026-11-03 11:00"))
    verbs.anonymise(case, by=world.people.head, now=w.at("2026-11-03 12:00"))
    assert home.said_by(HomeVisit.objects.select_related("guest").get()) == {} and Guest.objects.get().wrapped_key == ""


def test_ninety_days_after_its_end_nobody_can_read_who_was_visited(world):
    visit = asked(world)
    assert guests.forget_old(w.at("2027-06-01 03:00")) == 0  # still open: somebody waits
    home.end(visit, state="not_needed", by=world.people.clerk, now=NOW)
    assert guests.forget_old(w.at("2027-06-01 03:00")) == 1
