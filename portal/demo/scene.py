"""The township the story is played in: who is there, the one time line, and what happens to every case alike."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from officials.models import Office, Township, User
from officials.workdays import Calendar
from portal.demo import people
from requests import own_limits, parties, verbs
from requests.county import deciding
from requests.county import verbs as county
from requests.intake import Handed
from requests.item_needs import asks_meeting, asks_relatives, village_notice_step
from requests.models import MaterialReceipt, ServiceRequest
from requests.persons import PartyPerson
from requests.public_notice import days, rules
from requests.public_notice import village as village_notices
from services.models import Edition

State = MaterialReceipt.State
Step = Callable[[datetime], None]
# What a sheet says where the case does not know it.
POSTED = {
    "村组": "第二组", "结果": "初审通过", "金额": "按标准发放", "补贴额": "按标准发放", "面积": "4亩", "机具型号": "微耕机",
    "申请事项": "残疾人证新办", "字号": "禾香作坊", "地址": "禾兴街", "食品类别": "糕点",
}  # fmt: skip


@dataclass
class Scene:
    """Everything the story draws from."""

    township: Township
    editions: list[Edition]
    villages: list[Office]
    reception: Office
    clerks: list[User]
    online: User
    calendar: Calendar
    dice: random.Random
    until: datetime
    heap: list[tuple[datetime, int, Step]] = field(default_factory=list)
    count: int = 0

    def later(self, at: datetime, step: Step) -> None:
        """Play `step` at that moment, unless it lies in the future."""
        if at <= self.until:
            self.count += 1
            heapq.heappush(self.heap, (at, self.count, step))


def moment_of(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def own_dice(case: ServiceRequest) -> random.Random:
    """What is thrown for one case alone, whatever number it has and whoever else came."""
    return random.Random(int(case.received_at.timestamp()))


def materials(edition: Edition, *, missing: int) -> dict[int, Handed]:
    """Every line in, conditional ones not needed; the last `missing` unconditional ones still to be brought."""
    needed = [m for m in edition.materials.all() if not m.is_conditional and m.form != "shared"]
    absent = {m.pk for m in needed[len(needed) - missing :]}
    states = {}
    for material in edition.materials.all():
        if material.form == "shared":
            state = State.SHARED
        elif material.pk in absent:
            state = State.MISSING
        else:
            state = State.NOT_NEEDED if material.is_conditional else State.IN
        states[material.pk] = Handed(state)
    return states


def words_on_the_sheet(edition: Edition) -> dict[str, str]:
    """What is typed for a public notice, by the labels the item allows."""
    return {place.label: POSTED.get(place.label, "见申请材料") for place in rules.places(edition)}


def card_awaited(case: ServiceRequest) -> bool:
    return case.applicant.id_state == "forgotten" and not case.applicant.identity_checked


def accept(scene: Scene, case: ServiceRequest, desk: User, now: datetime, **more) -> None:
    """Accepted, with all that an item wants before and right after it."""
    if card_awaited(case):
        verbs.take_materials(case, {}, id_shown=True, by=desk, now=now)
    _take_down_the_household(case, desk, now)
    _what_hung_in_the_village(scene, case, desk, now)
    if deciding.is_at_a_stationed_office(case):
        if deciding.goes_to_another_window(case):
            county.hand_to_window(case, along=[], by=desk, now=now)
            county.take_over(case, by=case.holder, now=now)
        desk = case.holder
    verbs.accept(case, by=desk, now=now, **more)
    if own_limits.awaits_confirmation(case):
        verbs.confirm_start(case, confirmed_on=timezone.localdate(now), words="电话确认", by=desk, now=now)


def _what_hung_in_the_village(scene: Scene, case: ServiceRequest, desk: User, now: datetime) -> None:
    """Where the item says so, the village's own notice hung some weeks before the application came."""
    step = village_notice_step(case.edition)
    if step is not None:
        hang_on = timezone.localdate(now) - timedelta(days=24)
        last_on = days.span(hang_on, step.value, step.unit, scene.calendar)[1]
        said = {"place": "村公示栏", "by_whom": "村民委员会", "outcome": "none"}
        meeting = village_notices.Meeting(hang_on - timedelta(days=1), 15, 14, "同意申请,予以公示") if asks_meeting(step) else None
        village_notices.note_village_notice(case, hang_on=hang_on, last_on=last_on, **said, meeting=meeting, by=desk, now=now)


def _take_down_the_household(case: ServiceRequest, desk: User, now: datetime) -> None:
    """Who lives together, with the signatures of the adults; relatives on the staff: none. Dice of its own: the story goes on as it was."""
    if case.edition.is_household:
        dice, today = own_dice(case), timezone.localdate(now)
        members = [_member(dice, relation, today) for relation in dice.choice(((), ("妻",), ("妻", "子"), ("母",), ("夫", "女")))]
        parties.note_household(case, members, by=desk, now=now)
    if asks_relatives(case.edition):
        parties.note_relatives(case, False, by=desk, now=now)


def _member(dice: random.Random, relation: str, today: date) -> tuple[PartyPerson, date | None]:
    is_child = relation in ("子", "女")
    number = "" if is_child else people.id_number(dice, today)
    state = "unknown" if is_child else "given"
    id_type = "id_card" if number else ""
    person = PartyPerson("member", people.name(dice), relation, id_type, number, state, is_minor=is_child)
    return person, None if is_child else today
