"""Every kind of reader at once, and one of each thing an address may name: what the access matrix is played on.

People are keyed as in `tests.portal.access`. The cases carry words found nowhere else, so that a page which shows one of
them to the wrong person is caught by its text alone.
"""

from dataclasses import dataclass, field, replace
from datetime import date, time

from django.core.cache import cache
from django.test import Client

from officials import calendar, versions
from officials.audit import together, verb
from officials.models import Office, Post, User
from officials.permissions import TAKE_IN, give_role, grant, revoke
from requests import consulting, day_closing, persons, phone_questions, verbs
from requests.archive import boxes as archive_boxes
from requests.archive import verbs as archive
from requests.archive.verbs import Own
from requests.day import Day
from requests.demands import moves
from requests.demands.mediation import register_mediation
from requests.demands.registering import Told, register_demand
from requests.documents import Paper, Part, issue
from requests.intake import Intake, begin_visit, print_slips
from requests.models import Batch, Beneficiary, Document, NoticedCase, PublicNotice, ServiceRequest, VillageDayRule, Visit
from requests.outings import booking, days, home, hours
from requests.persons import Person
from requests.roll import people as people_of_the_roll
from requests.season import verbs as season
from requests.village import bundles
from services import publication
from tests.support import world as w

BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-02 11:00")
# Words of the cases that no page, no list and no log may show in the clear but to whom the table says.
NAME, ID_NUMBER, PHONE, ADDRESS, NOTE = "柳如烟", "990199195501010012", "12398761234", "槐荫巷九十九号", "暗号青梅煮酒"
PERSONAL = (NAME, ID_NUMBER, PHONE, ADDRESS)
SECRETIVE = Person(name=NAME, id_type="id_card", id_number=ID_NUMBER, id_state="given", phone=PHONE, address=ADDRESS)


@dataclass
class Stage:
    """The world, its readers and the words that fill the addresses of the table."""

    world: w.World
    people: dict[str, User | None]
    case: ServiceRequest
    first_asked_case: ServiceRequest
    village_case: ServiceRequest
    question: ServiceRequest
    visit: Visit
    words: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        """The browser of this reader, signed in once."""
        if actor not in self.clients:
            self.clients[actor] = signed_in(self.people[actor])
        return self.clients[actor]

    def address(self, example: str, actor: str) -> str:
        """The example with its words filled in; who was only the first asked looks at the case of that time, an agent at
        the one logged in the village."""
        own = {"first_asked": self.first_asked_case, "agent": self.village_case}
        words = self.words | ({"number": own[actor].number} if actor in own else {})
        return example.format(**words)


def signed_in(person: User | None, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    return client


def build() -> Stage:
    """About half a second. Call it while the clock stands at NOW."""
    cache.clear()
    world = w.build()
    setup = User.objects.job("setup")
    people = _people(world, setup)
    visit = begin_visit(world.reception, by=people["clerk"], now=w.MONDAY)
    case = w.new_case(world, by=people["clerk"], person=SECRETIVE, words=NOTE, visit=visit)
    first = w.new_case(world, by=people["first_asked"], person=SECRETIVE, words=NOTE)
    with together():
        revoke(people["first_asked"], world.reception, TAKE_IN, by=setup, now=w.MONDAY)
    resident = replace(SECRETIVE, village_id=world.village.pk)
    own = w.village_case(world, by=people["agent"], person=resident, words=NOTE)
    on_the_way = w.village_case(world, by=people["agent"], person=resident)
    bundle = bundles.make_bundle(world.village, [on_the_way], by=people["agent"], now=w.MONDAY)
    question = _question(world, people["clerk"])
    demand = _demand(world, people["clerk"])
    mediated = _mediation(world, people["clerk"])
    verbs.add_note(case, words=NOTE, by=people["clerk"], now=w.MONDAY)
    paper = _paper(case, people["clerk"])
    _drafts(world)
    words = _words(world, people, case, question, visit)
    words |= {"paper": str(paper.pk), "demand": demand.number, "mediation": mediated.number, "bundle": bundle.number}
    with verb("set_up", by=setup, now=NOW):
        people["disabled"].is_active = False
        people["disabled"].save()
    versions.forget()
    calendar.forget()
    return Stage(world, people, case, first, own, question, visit, words)


def _people(world: w.World, setup: User) -> dict[str, User | None]:
    """The cast of the world and the readers it has not: of another office, of the past, with no rights at all."""
    cast = world.people
    people: dict[str, User | None] = {"anonymous": None}
    people |= {
        name: getattr(cast, name)
        for name in ("clerk", "official", "deputy", "agent", "head", "supervisor", "inspector", "editor", "reviewer")
    }
    with together():
        with verb("set_up", by=setup, now=w.MONDAY):
            land = Office(
                township=world.township, code="ST07", name="自然资源所", kind="station", parent=world.centre, phone="0000-5550107"
            )
            land.save()
            for number, (name, office) in enumerate(
                {
                    "first_asked": world.reception, "clerk_elsewhere": world.village, "official_elsewhere": land,
                    "supervisor_elsewhere": land, "administrator": world.centre, "disabled": world.reception,
                }.items()
            ):  # fmt: skip
                people[name] = User.objects.create_user(
                    name, w.PASSWORD, name=f"旁人{number}", staff_no=f"B{number:03d}", office=office, is_staff=name == "administrator"
                )
            Post(office=land, code="P7", title="国土岗", holder=people["official_elsewhere"]).save()
        give_role(people["first_asked"], world.reception, "clerk", by=setup, now=w.MONDAY)
        give_role(people["disabled"], world.reception, "clerk", by=setup, now=w.MONDAY)
        give_role(people["clerk_elsewhere"], world.village, "clerk", by=setup, now=w.MONDAY)
        give_role(people["official_elsewhere"], land, "official", by=setup, now=w.MONDAY)
        grant(people["supervisor_elsewhere"], land, "supervise", by=setup, now=w.MONDAY)
    # Rights were looked at before all offices were there.
    for person in vars(cast).values():
        person.__dict__.pop("_rights", None)
    return {name: User.objects.get(pk=person.pk) if person else None for name, person in people.items()}


def _question(world: w.World, clerk: User) -> ServiceRequest:
    """A call that was promised."""
    order = Intake(
        intake_office=world.reception, channel="phone", kind=ServiceRequest.Kind.CONSULTATION, person=SECRETIVE,
        edition=world.low_income, words=NOTE,
    )  # fmt: skip
    return consulting.promise_call(order, NOTE, by=clerk, now=w.MONDAY).case


def _paper(case: ServiceRequest, clerk: User) -> Document:
    """A letter of authority that names the person."""
    said = (("item", case.title), ("representative", NAME), ("scope", "递交材料"), ("term", "至办结"))
    paper = Paper(kind=Document.Kind.AUTHORISATION, parts=tuple(Part(key, key, text=words) for key, words in said))
    with verb("set_up", by=clerk, now=w.MONDAY, subject=f"case:{case.pk}"):
        return issue(case, paper, by=clerk, now=w.MONDAY)


def _demand(world: w.World, clerk: User) -> ServiceRequest:
    """Written down at the reception, dispatched to the civil affairs office."""
    told = Told(window=world.reception, channel="phone", sort="help", words=NOTE, person=SECRETIVE)
    case = register_demand(told, by=clerk, now=w.MONDAY).case
    moves.dispatch(case, rhythm="timed", lead=world.civil, by=clerk, now=w.MONDAY)
    return case


def _mediation(world: w.World, clerk: User) -> ServiceRequest:
    """Written down at the reception; from then on the business of the civil affairs office."""
    received = register_mediation(
        world.reception, world.civil, person=SECRETIVE, other={"name": NAME, "phone": PHONE}, words=NOTE, channel="window", by=clerk,
        now=w.MONDAY,
    )  # fmt: skip
    return received.case


def _drafts(world: w.World) -> None:
    """One text is being written, one waits for the second person."""
    cast = world.people
    publication.start_draft(world.low_income.item, by=cast.editor, now=w.MONDAY)
    waiting = publication.start_draft(world.certificate.item, by=cast.editor, now=w.MONDAY)
    publication.submit(waiting, by=cast.editor, now=w.MONDAY)


def _notice(world: w.World, case: ServiceRequest) -> PublicNotice:
    """A sheet that hangs, with the case on it under a name of which one character is hidden."""
    with verb("set_up", by=world.people.official, now=w.MONDAY):
        notice = PublicNotice(
            township=world.township, number="990199101-2026-GS000001", edition=case.edition, office=world.civil, place="村公示栏",
            phone="0000-5550104", allowed=["姓名(可隐去一字)"], value=7, unit="calendar_day", counts="pauses",
            hang_on=date(2026, 11, 1), first_on=date(2026, 11, 2), last_on=date(2026, 11, 8), begun_at=w.MONDAY,
            begun_by=world.people.official, posted_at=w.MONDAY, posted_by=world.people.official,
        )  # fmt: skip
        notice.save()
        sealed = persons.seal_for(case, {"姓名": "柳*烟"}, "notice")
        NoticedCase(notice=notice, service_request=case, sealed=sealed).save()
    return notice


def _row(world: w.World, case: ServiceRequest) -> Beneficiary:
    """The person of the case draws a benefit."""
    with verb("set_up", by=world.people.official, now=w.MONDAY):
        row = Beneficiary(
            township=world.township, item=case.item, edition=case.edition, office=world.civil, service_request=case,
            from_month=date(2026, 12, 1),
        )  # fmt: skip
        people_of_the_roll.register(row, SECRETIVE)
    return row


def _booking(world: w.World) -> tuple[str, str]:
    """The civil office gives hours, and one of them is taken. Returns the ids of the rule and of the booking."""
    rule = hours.add_rule(
        world.civil, weekdays=[1, 2, 3, 4, 5], opens_at=time(9), closes_at=time(11), minutes=30, people=2, by=world.people.head, now=NOW
    )
    order = booking.Order(world.civil, w.at("2026-11-03 09:00"), NAME, PHONE, "phone", "stage-booking-token-0001")
    return str(rule.pk), str(booking.book(order, by=world.people.clerk, now=NOW).appointment.pk)


def _batch(world: w.World, case: ServiceRequest) -> Batch:
    """The item of the case is reported by the village too."""
    days = {"year": 2026, "begins_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
    return season.open_batch(case.edition, **days, expected={world.village: 3}, by=world.people.official, now=w.MONDAY)


def _outing(world: w.World) -> dict[str, str]:
    """The village has its Thursdays, an official of its own, and the centre a reception day today."""
    keeper = world.people.supervisor
    kept = VillageDayRule(
        office=world.centre, village=world.village, weekday=4, first_on=date(2026, 11, 2), place="村委会", opens_at=time(9),
        closes_at=time(16),
    )  # fmt: skip
    days.add_rule(kept, by=keeper, now=NOW)
    linked = days.link(world.people.official, world.village, by=keeper, now=NOW)
    wanted = days.Plan("reception_day", world.centre, date(2026, 11, 2), time(9), time(16), [(world.village, "村委会")])
    outing = days.plan(wanted, by=keeper, now=NOW)
    days.send(outing, None, [world.people.clerk.staff_no], by=keeper, now=NOW)
    return {"village_rule": str(kept.pk), "link": str(linked.pk), "outing": str(outing.pk)}


def _wish(world: w.World) -> str:
    """Somebody asks to be visited."""
    asked = home.Wish(world.reception, NAME, PHONE, ADDRESS, "elderly", NOTE, "phone", "stage-home-visit-token-01")
    return str(home.ask(asked, by=world.people.clerk, now=NOW).pk)


def _volume(world: w.World, people) -> dict[str, str]:
    """A case that was withdrawn, its file closed and put into a box."""
    case, by = w.new_case(world, by=people["clerk"], person=SECRETIVE, materials={}), {"by": people["official"], "now": NOW}
    verbs.withdraw(case, reason="不办了", **by)
    archive.assemble_volume(case, **by)
    archive.list_volume(case, {}, own=[Own("撤回申请书", 1)], **by)
    archive.close_volume(case, missing="收件凭证存根未留", **by)
    box = archive_boxes.make_box(world.civil, year=2026, term="D30", room="档案室", shelf="2柜", **by)
    archive.box_volume(case, box, **by)
    return {"filed": case.number, "box": box.number}


def _words(world: w.World, people, case: ServiceRequest, question: ServiceRequest, visit: Visit) -> dict[str, str]:
    clerk = people["clerk"]
    slip = print_slips(world.reception, 2, by=clerk, now=w.MONDAY)[0]
    day = Day(world.reception, date(2026, 11, 2))
    closed = day_closing.close_day(day, taken_by=world.people.clerk2, seen=None, by=clerk, now=NOW)
    facts = phone_questions.Facts(number=case.number, tail=PHONE[-4:])
    asked = phone_questions.ask(facts, office=world.reception, by=clerk, now=NOW)[0]
    rule, booked = _booking(world)
    return {
        "notice": _notice(world, case).number, "row": str(_row(world, case).pk),
        "batch": str(_batch(world, case).pk),
        "rule": rule, "booking": booked, **_outing(world), **_volume(world, people), "wish": _wish(world),
        "number": case.number, "question": question.number, "visit": str(visit.pk), "slip": slip.number, "day_end": str(closed.pk),
        "asked": str(asked.pk), "item": world.low_income.item.code, "waiting_item": world.certificate.item.code,
        "office": world.civil.code, "official": "official", "staff_no": people["official"].staff_no,
        "user": str(people["official"].pk),
    }  # fmt: skip
