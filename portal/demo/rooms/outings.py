"""走出去: village service days on Thursdays, appointments, home visits, a reception day last month and one planned."""

from datetime import time, timedelta

from django.utils import timezone

from portal.demo import people
from portal.demo.rooms.stage import CENTRE_HEAD, CLERK, HEAD, OFFICIAL, Life, Stage
from requests.demands import moves
from requests.demands.registering import Told
from requests.models import Contact, Demand, HomeVisit, Outing, ServiceRequest, VillageDayRule
from requests.outings import booking, days, home, hours, slots
from requests.outings.registering import Settled, register_there

Channel, Outcome, Sort = ServiceRequest.Channel, ServiceRequest.Outcome, Demand.Sort
THURSDAYS = {"稻香村": ("村委会一楼", 1), "石桥村": ("村委会一楼", 2), "茶岭村": ("茶岭小学旧址", 2)}
ITEMS = ("MZ-006", "YB-001", "SB-004")
# Where, what was said, and how it stood when the person left: an answer at once, the way elsewhere, or to be dispatched.
SAID = (
    ("柳溪村", "高龄津贴从什么时候算起？", "当场算清，次月起发。", ""), ("柳溪村", "医保断缴能不能补？", "说明补缴办法，查了记录。", ""),
    ("柳溪村", "水渠渗漏，下游三户缺水。", "", "ST10"), ("柳溪村", "残疾证到期怎么换？", "发了清单，约了评定日。", ""),
    ("枫林村", "养老金认证手机不会弄。", "当场帮其完成认证。", ""), ("枫林村", "宅基地界址和邻居有争议。", "", "ST08"),
    ("枫林村", "孩子上户口缺材料。", "电话联系派出所，当场答复。", ""), ("枫林村", "低保复核没有通知。", "", "ST04"),
    ("白鹭村", "渡口护栏断了一截。", "", "ST09"), ("白鹭村", "外出务工怎么办异地就医？", "当场办好备案。", ""),
    ("白鹭村", "想反映法院执行款没到。", "way", ""), ("白鹭村", "公益林面积登记少了两亩。", "", "ST11"),
)  # fmt: skip
SOLVED_SINCE = {2: "渠段已修复，三户已通水。", 8: "护栏已更换。"}  # place in SAID → what was answered later


def plan(stage: Stage) -> None:
    stage.begin(
        _village_days(stage), _office_hours(stage), _reception_day(stage), _next_reception_day(stage),
        _visit(stage, "橘井村", HomeVisit.Reason.ELDERLY, asked=-1, planned=None, done=False),
        _visit(stage, "竹园村", HomeVisit.Reason.DISABLED, asked=-4, planned=1, done=False),
        _visit(stage, "桃源村", HomeVisit.Reason.ILL, asked=-12, planned=-7, done=True),
    )  # fmt: skip


def _village_days(stage: Stage) -> Life:
    """The rule is a quarter old; every week the job makes the days ahead. The agent's village takes bookings for the next one."""
    keeper = stage.who(CENTRE_HEAD)
    now = yield stage.at(-45, 9, 0)
    for name, (place, weeks) in THURSDAYS.items():
        rule = VillageDayRule(
            office=stage.office("ZX"), village=stage.village(name), weekday=4, weeks=weeks, first_on=timezone.localdate(now),
            place=place, opens_at=time(9), closes_at=time(15, 30), items=list(ITEMS), minutes=20, people=2,
        )  # fmt: skip
        days.link(stage.who("QH0502" if name == "稻香村" else "QH0602"), stage.village(name), by=keeper, now=now)
        days.add_rule(rule, by=keeper, now=now)
    for back in (-30, -15, -1):
        now = yield stage.at(back, 1, 0)
        days.make_village_days(by=stage.tick, now=now)
    now = yield stage.at(-1, 16, 30)
    held = Outing.objects.filter(kind=Outing.Kind.VILLAGE_DAY, date__lte=timezone.localdate(now))
    for outing in held:
        days.count_visit(outing, outing.places.first(), 3 + outing.pk % 9, f"demo-day-{outing.pk}", by=keeper, now=now)
    village = stage.village("稻香村")
    _book(stage, village, slots.open_slots(village, now)[:3:2], "想办高龄津贴", now)


def _book(stage: Stage, office, chosen, words: str, now, *, channel: str = Channel.PHONE) -> list:
    found = []
    for slot in chosen:
        token = f"demo-{office.code}-{slot.starts_at:%m%d%H%M}-{len(found)}"
        name, phone = people.name(stage.dice), people.phone(stage.dice)
        order = booking.Order(office, slot.starts_at, name, phone, channel, token, words)
        found.append(booking.book(order, by=stage.who(CLERK), now=now).appointment)
    return found


def _office_hours(stage: Stage) -> Life:
    """Two offices give hours; some came yesterday, one did not, some come today and tomorrow."""
    now = yield stage.at(-20, 9, 0)
    for code in ("ST02", "ST04"):
        said = {"opens_at": time(9), "closes_at": time(11, 30), "minutes": 30, "people": 1}
        hours.add_rule(stage.office(code), weekdays=[1, 2, 3, 4, 5], by=stage.who(HEAD), now=now, **said)
    now = yield stage.at(-2, 10, 0)
    offered = {code: slots.open_slots(stage.office(code), now) for code in ("ST02", "ST04")}
    on = {
        (code, day): [slot for slot in found if slot.day == stage.day(day)] for code, found in offered.items() for day in (-1, 0, 1)
    }
    came = _book(stage, stage.office("ST04"), on["ST04", -1][:3], "临时救助咨询", now)
    for code in ("ST02", "ST04"):
        _book(stage, stage.office(code), on[code, 0][1:5:2], "社保卡换领" if code == "ST02" else "低保复核", now, channel=Channel.ONLINE)
        _book(stage, stage.office(code), on[code, 1][:1], "养老待遇申领" if code == "ST02" else "特困供养", now)
    now = yield stage.at(-1, 11, 40)
    for number, one in enumerate(came):
        booking.note_came(one, number != 2, by=stage.who(OFFICIAL), now=now)


def _visit(stage: Stage, village: str, reason: str, *, asked: int, planned: int | None, done: bool) -> Life:
    """上门: somebody cannot come."""
    now = yield stage.at(asked, 9, 55)
    wish = home.Wish(
        stage.scene.reception, people.name(stage.dice), people.phone(stage.dice), f"{village}第二组", reason, "行动不便，想办高龄津贴",
        Channel.PHONE, f"demo-home-{asked}", village=stage.village(village),
    )  # fmt: skip
    visit = home.ask(wish, by=stage.who(CLERK), now=now)
    if planned is None:
        return
    now = yield stage.at(asked + 1, 8, 50)
    when = {"date": stage.day(planned), "opens_at": time(14, 30), "closes_at": time(16)}
    home.plan(visit, **when, people=[stage.who("QH0102"), stage.who("QH0402")], by=stage.who(CLERK), now=now)
    now = yield stage.at(asked + 1, 9, 30)
    home.note_told(visit, by=stage.who(CLERK), now=now)
    if done:
        now = yield stage.at(planned, 16, 30)
        home.end(visit, state=HomeVisit.State.DONE, by=stage.who(CLERK), now=now)


def _reception_day(stage: Stage) -> Life:
    """Three villages on one day last month: registered = solved + open."""
    keeper, clerk = stage.who(CENTRE_HEAD), stage.who(CLERK)
    now = yield stage.at(-30, 10, 0)
    places = [(stage.village(name), "村委会") for name in ("柳溪村", "枫林村", "白鹭村")]
    wanted = days.Plan(
        Outing.Kind.RECEPTION_DAY, stage.office("ZX"), stage.day(-22), time(9), time(16), places, "镇领导和各站所现场接访", list(ITEMS)
    )
    outing = days.plan(wanted, by=keeper, now=now)
    at = {place.village.name: place for place in outing.places.all()}
    days.send(outing, None, (clerk.staff_no,), by=keeper, now=now)
    for name, staff in (("柳溪村", ("QH0101", "QH0402")), ("枫林村", ("QH0801", "QH0202")), ("白鹭村", ("QH0902", "QH1102"))):
        days.send(outing, at[name], staff, by=keeper, now=now)
    cases = []
    for number, (name, words, answer, _lead) in enumerate(SAID):
        now = yield stage.at(-22, 9 + number // 3, 10 + 15 * (number % 3))
        told = Told(window=stage.scene.reception, channel=Channel.RECEPTION_DAY, sort=Sort.HELP, words=words, person=stage.person(name))
        settled = Settled(way="court", answer="县人民法院 12368") if answer == "way" else Settled()
        if answer and answer != "way":
            settled = Settled(outcome=Outcome.EXPLAINED if number % 2 else Outcome.SOLVED, answer=answer)
        cases.append(register_there(told, outing, at[name], settled, by=clerk, now=now).case)
        days.count_visit(outing, at[name], 1 + number % 4, f"demo-reception-{number}", by=clerk, now=now)
    now = yield stage.at(-21, 8, 45)
    for case, (_name, _words, _answer, lead) in zip(cases, SAID, strict=True):
        if lead:
            moves.dispatch(case, rhythm=Demand.Rhythm.TIMED, lead=stage.office(lead), by=clerk, now=now)
    stage.begin(*(_worked_off(stage, case, SOLVED_SINCE.get(place, "")) for place, case in enumerate(cases) if SAID[place][3]))


def _worked_off(stage: Stage, case: ServiceRequest, answer: str) -> Life:
    now = yield stage.at(-21, 9, 30)
    moves.sign_for(case, by=case.holder, now=now)
    now = yield stage.at(-21, 15, 0)
    moves.first_contact(case, how=Contact.How.PHONE, reached=True, by=case.holder, now=now)
    if answer:
        now = yield stage.at(-17, 10, 0)
        moves.answer_demand(case, outcome=Outcome.SOLVED, words=answer, by=case.holder, now=now)
        now = yield stage.at(-16, 9, 0)
        moves.close_demand(case, told=Contact.How.PHONE, by=stage.who(CLERK), now=now)
    else:
        now = yield stage.at(-18, 10, 0)
        later = {"progress": "已现场查看，需与县里衔接", "measures": "每周回告一次进展", "look_again_on": stage.day(3 + case.pk % 5)}
        moves.keep_following(case, by=case.holder, now=now, **later)


def _next_reception_day(stage: Stage) -> Life:
    now = yield stage.at(-3, 15, 0)
    places = [(stage.village(name), "村委会") for name in ("梨花村", "青泥村")] + [(None, "栖禾镇集市口")]
    wanted = days.Plan(
        Outing.Kind.RECEPTION_DAY, stage.office("ZX"), stage.today + timedelta(days=9), time(9), time(16), places,
        "带上身份证和有关材料", list(ITEMS),
    )  # fmt: skip
    outing = days.plan(wanted, by=stage.who(CENTRE_HEAD), now=now)
    days.send(outing, outing.places.first(), ("QH0401", "QH0901", "QH1001"), by=stage.who(CENTRE_HEAD), now=now)
