"""Where the lives of the rooms are played: days counted from today's desk, the people, the offices and the items by their codes.

A life is a generator. It yields the moment of its next step and is woken when the time line has come there; what lies in
the future is never reached, so that today's work is left to do.
"""

import random
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from officials.models import Office, User
from portal.demo import people
from portal.demo.scene import Scene, State, accept, materials, moment_of
from requests import intake, verbs
from requests.intake import Handed, Intake
from requests.item_needs import may_hold_original
from requests.models import ServiceRequest
from requests.persons import Person
from services.models import Edition

Life = Generator[datetime, datetime, None]
CLERK, CLERK_B = "QH0101", "QH0102"
OFFICIAL, OFFICIAL_B = "QH0401", "QH0402"
HEAD = "QH0006"
CENTRE_HEAD = "QH0003"


@dataclass
class Stage:
    """`today` is the day the desk is open: this one, or the next working day where the demo is loaded on a day off."""

    scene: Scene
    dice: random.Random = field(default_factory=lambda: random.Random(20260801))

    def __post_init__(self) -> None:
        self.today: date = self.scene.calendar.roll_forward(timezone.localdate(self.scene.until))
        self._people: dict[str, User] = {}

    # -- time -------------------------------------------------------------------------------------------------------

    def day(self, workdays: int) -> date:
        """The working day so many before (negative) or after today."""
        return self.scene.calendar.add(self.today, workdays)

    def at(self, workdays: int, hour: int, minute: int = 0) -> datetime:
        return moment_of(self.day(workdays), time(hour, minute))

    def begin(self, *lives: Life) -> None:
        for life in lives:
            self._wake(life, lambda life=life: next(life))

    def _wake(self, life: Life, step: Callable[[], datetime]) -> None:
        try:
            moment = step()
        except StopIteration:
            return
        self.scene.later(moment, lambda now: self._wake(life, lambda: life.send(now)))

    # -- who and what -----------------------------------------------------------------------------------------------

    def who(self, staff_no: str) -> User:
        if staff_no not in self._people:
            self._people[staff_no] = User.objects.get(staff_no=staff_no)
        return self._people[staff_no]

    @cached_property
    def tick(self) -> User:
        """The account of the jobs."""
        return User.objects.job("tick")

    @cached_property
    def _offices(self) -> dict[str, Office]:
        return {office.code: office for office in Office.objects.filter(township=self.scene.township)}

    def office(self, code: str) -> Office:
        return self._offices[code]

    def village(self, name: str) -> Office:
        return next(office for office in self.scene.villages if office.name == name)

    def edition(self, code: str) -> Edition:
        return next(edition for edition in self.scene.editions if edition.item.code == code)

    def person(self, village: str, **said) -> Person:
        """Somebody of this village who has card and phone along."""
        today = self.today
        known = {"name": people.name(self.dice), "id_number": people.id_number(self.dice, today), "phone": people.phone(self.dice)}
        return Person(id_type="id_card", id_state="given", village_id=self.village(village).pk, **(known | said))

    # -- what happens to most cases ---------------------------------------------------------------------------------

    def take_in(
        self, code: str, village: str, *, missing: int = 0, lacking: Collection[int] = (), keeps: bool = False,
        person: Person | None = None, now: datetime,
    ) -> ServiceRequest:  # fmt: skip
        """Received at the reception. `missing`: so many lines are still to be brought, `lacking`: just these; `keeps`: originals
        stay in the drawer."""
        edition = self.edition(code)
        handed = materials(edition, missing=missing) | {pk: Handed(State.MISSING) for pk in lacking}
        if keeps:
            returned = {one.pk for one in edition.materials.all() if "returned" in (one.custody or []) and may_hold_original(one)}
            handed = {pk: Handed(one.state, original_held=pk in returned and one.state == State.IN) for pk, one in handed.items()}
        order = Intake(
            intake_office=self.scene.reception, channel=ServiceRequest.Channel.WINDOW, person=person or self.person(village),
            edition=edition, materials=handed,
        )  # fmt: skip
        return intake.receive(order, by=self.who(CLERK), now=now).case

    def accept(self, case: ServiceRequest, now: datetime, **more) -> None:
        accept(self.scene, case, self.who(CLERK), now, **more)

    def in_hand(self, code: str, village: str, day: int, **said) -> Generator[datetime, datetime, ServiceRequest]:
        """Received and accepted on that day, taken in hand on the next; the case goes back to the life that asked."""
        now = yield self.at(day, 9, 20 + self.dice.randrange(30))
        case = self.take_in(code, village, now=now, **said)
        now = yield now + timedelta(minutes=10)
        self.accept(case, now)
        now = yield self.at(day + 1, 8, 35 + self.dice.randrange(20))
        self.start(case, now)
        return case

    def start(self, case: ServiceRequest, now: datetime) -> None:
        verbs.start(case, by=case.holder, now=now)
