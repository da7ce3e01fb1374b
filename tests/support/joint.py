"""Four offices around one house: the lead office, farming, land and forestry, and the item of `S4` with its ten steps."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from officials import calendar, versions
from officials.audit import together, verb
from officials.models import Office, Post, User
from officials.permissions import give_role
from requests import verbs
from requests.models import ServiceRequest, Task
from requests.public_notice import village
from services.content import blank_content
from tests.support import world as w

LEAD, FARM, LAND, FOREST = "ST09", "ST10", "ST08", "ST11"


@dataclass
class Joint:
    """The world with the house-building item; `people.lead` and so on work the four offices, `people.lead_head` heads one."""

    world: w.World
    offices: dict[str, Office]
    people: SimpleNamespace
    house: object

    def case(self, *, started=w.MONDAY, **more) -> ServiceRequest:
        """Received, accepted and taken in hand at the same moment."""
        case = w.new_case(self.world, edition=self.house, now=started, **more)
        self.hung_in_the_village(case, started)
        verbs.accept(case, by=self.world.people.clerk, now=started)
        verbs.start(case, by=self.people.lead, now=started)
        return case


    def hung_in_the_village(self, case: ServiceRequest, now=w.MONDAY) -> None:
        said = {"hang_on": date(2026, 10, 12), "last_on": date(2026, 10, 19), "place": "村公示栏", "by_whom": "村委会", "outcome": "none"}
        village.note_village_notice(case, **said, by=self.world.people.clerk, now=now)


def build() -> Joint:
    world, setup = w.build(), User.objects.job("setup")
    offices, people = {}, SimpleNamespace(**vars(world.people))
    with together(), verb("set_up", by=setup, now=w.MONDAY):
        for number, (key, code, name) in enumerate(
            (("lead", LEAD, "村镇建设办"), ("farm", FARM, "农业农村办"), ("land", LAND, "自然资源所"), ("forest", FOREST, "林业站"))
        ):
            office = offices[key] = w._office(world.township, code, name, parent=world.centre, phone=f"0000-555020{number}")
            setattr(people, key, w._person(key, f"某{name[0]}", f"J{number}01", office, title="经办人"))
            setattr(people, f"{key}2", w._person(f"{key}2", f"副{name[0]}", f"J{number}02", office, title="副手"))
            setattr(people, f"{key}_head", w._person(f"{key}_head", f"长{name[0]}", f"J{number}03", office, title="负责人"))
            Post(office=office, code="P1", title="经办岗", holder=getattr(people, key), deputy=getattr(people, f"{key}2")).save()
    with together():
        for key, office in offices.items():
            for role, who in (("official", key), ("official", f"{key}2"), ("head", f"{key}_head")):
                give_role(getattr(people, who), office, role, by=setup, now=w.MONDAY)
    for person in vars(people).values():
        person.__dict__.pop("_rights", None)
    house = w._publish(world.township, world.people, "ZJ-001", house_text(world, offices))
    versions.forget()
    calendar.forget()
    return Joint(world, offices, people, house)


def house_text(world: w.World, offices) -> dict:
    lead = offices["lead"]
    days = {"unit": "working_day", "level": "township"}
    return blank_content() | {
        "name": "农村宅基地用地和建房审批", "category": world.low_income.category, "office": lead, "post": lead.posts.get(),
        "item_type": "01", "mode": "联办", "implementing_body": "栖禾镇人民政府", "handling": "promised", "promised_value": 15,
        "promised_unit": "working_day", "promised_start": "accepted", "privacy": {"sensitive": ["家庭情况"]},
        "materials": [{"name": "宅基地和建房申请表", "form": "original", "original_count": 1, "custody": ["original_kept"]}],
        "steps": [
            {"title": "村级公示", "actor": "村民委员会", "level": "village", "value": 5, "unit": "working_day", "counts": "before"},
            {"title": "窗口收件与受理审查", "actor": "村镇建设窗口", "office": lead, "level": "township"},
            {"title": "部门联合踏勘", "actor": "三家一起", "office": lead, "value": 3, **days},
            {"title": "资格条件审查", "actor": "农业农村办", "office": offices["farm"], "value": 5, "group": "P1", **days},
            {"title": "规划与用途审查", "actor": "自然资源所", "office": offices["land"], "value": 5, "group": "P1", **days},
            {"title": "建房方案与安全审查", "actor": "村镇建设办", "office": lead, "value": 5, "group": "P1", **days},
            {"title": "林业、水利、交通等会签", "actor": "相关站所", "value": 5, "group": "P1", "condition": "涉及林业等时", **days},
            {"title": "联审会商", "actor": "联审小组", "value": 2, **days},
            {"title": "审批", "actor": "镇人民政府", "value": 3, **days},
            {"title": "发证与结果公开", "actor": "村镇建设窗口", "office": lead, "value": 2, **days},
        ],
        "documents_by": [{"issuer": "栖禾镇人民政府", "documents": ["收件凭证", "受理通知书"]}],
    }  # fmt: skip


def task(case: ServiceRequest, title: str) -> Task:
    return Task.objects.select_related("step", "office").get(service_request=case, step__title__startswith=title)


def publish(joint: Joint, code: str, text: dict):
    return w._publish(joint.world.township, joint.world.people, code, text)
