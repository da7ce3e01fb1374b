"""A small standing world for tests: one township, three offices, a cast, one promised and one on-the-spot item.

Everything is made through the verbs of the product. Times are fixed: the world begins on Monday 2 November 2026.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.core.cache import cache

from officials import calendar, versions
from officials.announced_days import announced_days
from officials.audit import together, verb
from officials.models import CalendarDay, CalendarYear, Office, Official, Post, Township, User
from officials.permissions import give_role
from requests.intake import Handed, Intake, receive
from requests.models import MaterialReceipt, ServiceRequest
from requests.persons import Person
from requests.village.letters import Given
from services import publication
from services.content import blank_content, content_of
from services.models import Category
from tests.support import replay

LOCAL = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=LOCAL)
PASSWORD = "correct-horse-9"


def at(text: str) -> datetime:
    """"2026-11-23 09:00" in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@dataclass
class World:
    township: Township
    centre: Office
    reception: Office
    civil: Office
    village: Office
    people: SimpleNamespace
    low_income: object  # published edition, 25 / 30 working days from acceptance
    certificate: object  # published edition, on the spot


def build() -> World:
    """The world in one transaction; after the first time in a process its rows are simply put back."""
    cache.clear()  # what pages keep under a version of the catalogue; every world begins with the same one
    versions.forget()
    calendar.forget()
    world = replay.once(_through_the_verbs)
    versions.forget()
    calendar.forget()
    return world


def _through_the_verbs() -> World:
    with together():
        return _build(User.objects.job("setup"))


def _build(setup: User) -> World:
    with verb("set_up", by=setup, now=MONDAY):
        township = Township(
            code="990199101", name="栖禾镇", county="槐序县", centre_name="栖禾镇便民服务中心", phone="0000-5550100",
            complaint_phone="0000-5550199", hours="周一至周五 08:30-12:00 14:00-17:30", address="栖禾镇禾兴街1号", is_demo=True,
        )  # fmt: skip
        township.save()
        centre = _office(township, "CENTRE", "栖禾镇便民服务中心", kind="centre")
        reception = _office(township, "ST01", "综合受理窗口", parent=centre, takes_in_for_all=True)
        civil = _office(township, "ST04", "民政窗口(民政办)", parent=centre, phone="0000-5550104", complaint_phone="0000-5550199")
        village = _office(township, "V01", "稻香村", kind="village", parent=centre)
        people = SimpleNamespace(
            clerk=_person("clerk", "应接办", "A001", reception),
            clerk2=_person("clerk2", "应代办", "A002", reception),
            official=_person("official", "甄关怀", "A003", civil, title="民政办主任", phone="0000-5550104"),
            deputy=_person("deputy", "甄探访", "A004", civil, title="民政办副主任", phone="0000-5550104"),
            head=_person("head", "甄暖心", "A005", civil, title="副镇长"),
            supervisor=_person("supervisor", "郝帮忙", "A006", centre),
            inspector=_person("inspector", "薛监督", "A007", centre),
            editor=_person("editor", "明公开", "A008", centre),
            reviewer=_person("reviewer", "明答复", "A009", centre),
            outsider=_person("outsider", "林有序", "A010", None),
            agent=_person("agent", "田代办", "A011", village),
        )
        post = Post(office=civil, code="P1", title="低保经办岗", holder=people.official, deputy=people.deputy, duty_phone="0000-5550104")
        post.save()
        _calendar(setup)
        category = Category(code="minzheng", name="民政救助")
        category.save()
    _roles(people, centre, reception, civil, setup)
    give_role(people.agent, village, "agent", by=setup, now=MONDAY)
    low_income = _publish(township, people, "MZ-001", _low_income_text(civil, post, category))
    certificate = _publish(township, people, "MZ-009", _certificate_text(civil, post, category))
    return World(township, centre, reception, civil, village, people, low_income, certificate)


def _office(township, code, name, **more) -> Office:
    office = Office(township=township, code=code, name=name, **more)
    office.save()
    return office


def _person(username, name, staff_no, office, title="", phone="") -> User:
    user = User.objects.create_user(username, PASSWORD, name=name, staff_no=staff_no, office=office)
    if title:
        Official(user=user, code=username, title=title, duty_phone=phone).save()
    return user


def _calendar(setup: User) -> None:
    for day in announced_days([2024, 2025, 2026]):
        CalendarDay(date=day.date, kind="rest" if day.rest else "work", name=day.name, source=day.source).save()
    for year in (2024, 2025, 2026):
        CalendarYear(year=year, source="国务院办公厅通知", confirmed_at=MONDAY, confirmed_by=setup).save()


def _roles(people, centre, reception, civil, setup) -> None:
    for role, person, office in (
        ("clerk", people.clerk, reception), ("clerk", people.clerk2, reception), ("official", people.official, civil),
        ("official", people.deputy, civil), ("head", people.head, civil), ("supervisor", people.supervisor, centre),
        ("inspector", people.inspector, centre), ("editor", people.editor, centre), ("reviewer", people.reviewer, centre),
    ):  # fmt: skip
        give_role(person, office, role, by=setup, now=MONDAY)


def _publish(township, people, code, text):
    draft = publication.create_item(township, code, text, by=people.editor, now=MONDAY)
    publication.submit(draft, by=people.editor, now=MONDAY)
    return publication.publish(draft, by=people.reviewer, now=MONDAY)


def _low_income_text(office, post, category) -> dict:
    return blank_content() | {
        "name": "农村最低生活保障审核确认", "name_en": "Subsistence allowance", "category": category, "office": office, "post": post,
        "item_type": "05", "mode": "镇初审转报", "implementing_body": "槐序县民政局", "handling": "promised",
        "entrusting_body": "槐序县民政局",  # 县民政局委托镇政府审核确认: the township may decide it
        "legal_value": 30, "legal_unit": "working_day", "legal_start": "accepted", "legal_basis": "民发〔2021〕57号",
        "promised_value": 25, "promised_unit": "working_day", "promised_start": "accepted", "channels": ["窗口", "网上"],
        "privacy": {"sensitive": ["残疾信息"], "private": ["家庭经济状况"]},
        "materials": [
            {"name": "最低生活保障申请书", "form": "original", "original_count": 1, "custody": ["original_kept"]},
            {"name": "户口簿", "form": "original_and_copy", "original_count": 1, "copy_count": 1, "custody": ["returned", "copy_kept"]},
            {"name": "残疾人证", "form": "copy", "copy_count": 1, "is_conditional": True, "handle_case": "家庭有残疾成员时"},
        ],
        "steps": [
            {"title": "收件与受理审查", "actor": "镇民政窗口"},
            {"title": "信息核对", "actor": "县核对机构", "value": 10, "unit": "working_day", "group": "P1"},
            {"title": "入户调查", "actor": "镇民政办", "value": 10, "unit": "working_day", "group": "P1"},
            {"title": "审核确认", "actor": "县民政局", "value": 10, "unit": "working_day"},
        ],
        "conditions": [{"text": "共同生活家庭成员人均收入低于当地低保标准"}],
        "bases": [{"text": "社会救助暂行办法"}],
        "terms": [{"text": "低保"}, {"text": "吃低保"}],
    }  # fmt: skip


def _certificate_text(office, post, category) -> dict:
    return blank_content() | {
        "name": "老年人优待证发放", "category": category, "office": office, "post": post, "item_type": "20", "mode": "自办",
        "implementing_body": "栖禾镇人民政府", "handling": "on_the_spot",
        "materials": [
            {"name": "申请人居民身份证", "form": "original_and_copy", "original_count": 1, "copy_count": 1, "custody": ["returned"]},
        ],
        "steps": [{"title": "核验并发证", "actor": "镇民政窗口"}],
        "terms": [{"text": "老年证"}],
    }  # fmt: skip


def ruled(world: World, **rules):
    """低保 with another text from now on: as `supplement_value=5`, or `materials=[…]`."""
    people = world.people
    draft = publication.start_draft(world.low_income.item, by=people.editor, now=MONDAY)
    draft = publication.write_draft(draft, content_of(draft) | rules, by=people.editor, now=MONDAY)
    publication.submit(draft, by=people.editor, now=MONDAY)
    return publication.publish(draft, by=people.reviewer, now=MONDAY)


ZHANG = Person(name="张三丰", id_type="id_card", id_number="990199195501010012", id_state="given", phone="12345678901")


def everything_in(edition) -> dict[int, Handed]:
    """All unconditional materials handed in, nothing kept in the drawer."""
    return {
        m.pk: Handed(MaterialReceipt.State.NOT_NEEDED if m.is_conditional else MaterialReceipt.State.IN)
        for m in edition.materials.all()
    }


def new_case(world: World, *, edition=None, by=None, now=MONDAY, person=ZHANG, materials=None, channel="window", **more) -> ServiceRequest:
    """A case just received at the reception window."""
    edition = edition or world.low_income
    intake = Intake(
        intake_office=world.reception, channel=channel, person=person, edition=edition,
        materials=everything_in(edition) if materials is None else materials, **more,
    )  # fmt: skip
    return receive(intake, by=by or world.people.clerk, now=now).case


def another_item(world: World, code: str, **changes):
    """One more published item for what a test needs of an item; without changes the twin of the subsistence allowance."""
    like = world.low_income
    text = _low_income_text(world.civil, like.post, like.category) | changes
    with together():
        return _publish(world.township, world.people, code, text)


def village_case(world: World, *, edition=None, by=None, now=MONDAY, person=None, materials=None, **more) -> ServiceRequest:
    """A case an agent logged for a resident of the village; it has not come to the township yet."""
    edition = edition or world.low_income
    order = Intake(
        intake_office=world.reception, channel="village", edition=edition,
        mandate=Given(scope="whole", letter="kept", valid_from=now.date()), person=person or replace(ZHANG, village_id=world.village.pk),
        materials=everything_in(edition) if materials is None else materials, **more,
    )  # fmt: skip
    return receive(order, by=by or world.people.agent, now=now).case
