"""Two years of cases, played through the verbs along one time line: the same steps a clerk and an official take.

A heap of moments: each step does one thing and says what comes next and when. What would lie in the future is not
played, so that open cases, late ones among them, are left over naturally. The dice are fixed: the same day gives the
same story.
"""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from officials.calendar import calendar_for
from officials.models import Office, Post, Township, User
from portal.demo import filing, people, rooms, steps
from portal.demo.scene import Scene, accept, card_awaited, materials, moment_of, own_dice, words_on_the_sheet
from requests import intake, verbs
from requests.county import deciding, stretch
from requests.county import verbs as county
from requests.demands.mediation import ITEM as MEDIATION
from requests.intake import Intake
from requests.item_needs import NOTICES
from requests.joint import tasks
from requests.models import DeathReport, Document, ServiceRequest, Task
from requests.procedures import Procedure, procedures_of
from requests.public_notice import standing as notices
from requests.public_notice import verbs as notice_verbs
from requests.refusing import Grounds, TheirPaper, outcomes_of, who_refuses
from requests.roll.verbs import report_death
from requests.supplement.notices import Telling
from services.models import Edition

Channel = ServiceRequest.Channel
YEARS_BACK = 2
REASONS = {
    "refuse": ("户籍不在本镇，应向户籍地提出", "年龄条件不符合", "同一事项已在办理"),
    "withdraw": ("家里商量后不办了", "改到县里一并办理", "材料一时开不出，以后再来"),
    "missing": ("请补齐清单所列材料后再来，一次补齐即可",),
    "correct": ("名字写错一个字",),
}
QUESTIONS = (
    ("低保要带哪些材料？", "告知材料清单，并发了办事指南。"), ("医保今年交多少？", "告知缴费标准和截止时间。"),
    ("建房手续要多久？", "告知承诺时限和流程。"), ("残疾证换证在哪办？", "告知窗口和电话。"), ("老年证多久能拿到？", "告知当场可办。"),
    ("孩子落户要什么材料？", "告知户籍窗口电话和材料。"), ("农机补贴什么时候申请？", "告知申请时段。"),
)  # fmt: skip


def play(township: Township, *, cases: int, with_rooms: bool, until: datetime) -> Iterator[int]:
    """Play `cases` cases up to `until`; yields how many steps were played, for the progress line."""
    scene = _scene(township, until)
    if with_rooms:
        rooms.plan(scene)
    for moment in _arrivals(scene, cases):
        scene.later(moment, lambda now: _arrive(scene, now))
    played = 0
    while scene.heap:
        now, _, step = heapq.heappop(scene.heap)
        step(now)
        played += 1
        yield played


def _scene(township: Township, until: datetime) -> Scene:
    related = ("item", "office", "office__township", "post", "post__holder", "post__deputy")
    editions = list(Edition.objects.published().select_related(*related).prefetch_related("materials").order_by("item__code"))
    # Mediation is no application: it has a road of its own (rooms/demands.py).
    editions = [edition for edition in editions if edition.item.code != MEDIATION]
    reception = Office.objects.get(township=township, takes_in_for_all=True)
    post = Post.objects.select_related("holder", "deputy").get(office=reception)
    return Scene(
        township=township,
        editions=editions,
        villages=list(Office.objects.filter(township=township, kind=Office.Kind.VILLAGE)),
        reception=reception,
        clerks=[post.holder, post.holder, post.deputy],
        online=User.objects.job("online"),
        calendar=calendar_for(township.pk),
        dice=random.Random(20240601),
        until=until,
    )


def _arrivals(scene: Scene, cases: int) -> list[datetime]:
    """Moments at which somebody comes: working hours, mornings more than afternoons, a little more of late."""
    today = timezone.localdate(scene.until)
    first = today - timedelta(days=365 * YEARS_BACK)
    span = (today - first).days
    moments = []
    while len(moments) < cases:
        day = first + timedelta(days=int(span * scene.dice.random() ** 0.85))
        if scene.calendar.is_workday(day):
            hour = scene.dice.choice((8, 9, 9, 10, 10, 11, 14, 15, 15, 16))
            moments.append(moment_of(day, time(hour, scene.dice.randrange(30, 60) if hour == 8 else scene.dice.randrange(60))))
    # Something for today, or the last working day: the desk is never empty when one looks.
    last = today if scene.calendar.is_workday(today) else scene.calendar.add(today, -1)
    moments += [m for m in (moment_of(last, time(8, 40 + 5 * n)) for n in range(4)) if m < scene.until]
    return moments


def _arrive(scene: Scene, now: datetime) -> None:
    if scene.dice.random() < 0.1:
        _ask(scene, now)
    else:
        _apply(scene, now)


def _apply(scene: Scene, now: datetime) -> None:
    dice = scene.dice
    # The first items are asked for most, every item at times.
    edition = dice.choice(scene.editions[:12]) if dice.random() < 0.35 else dice.choice(scene.editions)
    channel = dice.choices((Channel.WINDOW, Channel.PHONE, Channel.ONLINE), (78, 4, 18))[0]
    on_the_spot = edition.handling == Edition.Handling.ON_THE_SPOT
    if on_the_spot:
        channel = Channel.WINDOW
    # What is decided on the spot is done at the window of the office that decides; the reception only takes in.
    at_office = on_the_spot or dice.random() < 0.3
    holders = (edition.post.holder, edition.post.deputy)
    by = scene.online if channel == Channel.ONLINE else dice.choice(holders if at_office else scene.clerks)
    with_id = any("身份证" in m.name or "户口簿" in m.name for m in edition.materials.all())
    village = dice.choice(scene.villages)
    order = Intake(
        intake_office=edition.office if at_office and not by.is_job else scene.reception,
        channel=channel,
        person=people.person(dice, timezone.localdate(now), village.pk, with_id=with_id),
        edition=edition,
        materials=materials(edition, missing=0),
    )
    if on_the_spot and order.person.id_state != "forgotten":
        case = verbs.finish_on_the_spot(order, outcomes_of(edition)[0], by=by, now=now).case
        if edition.roll == Edition.Roll.DEATH:
            scene.later(now + timedelta(minutes=15), lambda at: _tell_the_roll(scene, case, at))
        return
    fate = dice.random()
    if fate < 0.075:
        order.materials = materials(edition, missing=1)
    case = intake.receive(order, by=by, now=now).case
    _after_receipt(scene, case, by, fate, now)


def _tell_the_roll(scene: Scene, case: ServiceRequest, now: datetime) -> None:
    """Who died is compared with the roll the same day; here it is nobody who draws anything."""
    number = people.id_number(own_dice(case), timezone.localdate(now))
    died_on = timezone.localdate(now) - timedelta(days=4)
    report_death(scene.township, number, source=DeathReport.Source.CASE, died_on=died_on, case=case, by=case.decided_by, now=now)


def _after_receipt(scene: Scene, case: ServiceRequest, by: User, fate: float, now: datetime) -> None:
    dice = scene.dice
    desk = case.holder if by.is_job else by
    soon = _next(scene, now, dice.choice((0, 0, 1, 2)))
    if fate < 0.075:
        scene.later(soon, lambda at: _sent_back(scene, case, desk, at))
    elif fate < 0.13:
        reason = dice.choice(REASONS["refuse"])
        scene.later(soon, lambda at: _refuse_intake(scene, case, reason, at))
    elif fate < 0.14:
        where = "县政务服务中心综合窗口 0000-5550800"
        scene.later(soon, lambda at: verbs.not_ours(case, reason="不属镇级职责", where=where, by=desk, now=at))
    elif fate < 0.16:
        scene.later(soon, lambda at: verbs.withdraw(case, reason=dice.choice(REASONS["withdraw"]), by=desk, now=at))
    else:
        at = now + timedelta(minutes=dice.randrange(2, 9)) if dice.random() < 0.6 and not by.is_job else soon
        scene.later(at, lambda moment: _accept(scene, case, desk, moment))


def _refuse_intake(scene: Scene, case: ServiceRequest, reason: str, now: datetime) -> None:
    paper = _their_paper(scene, case, Document.Kind.INTAKE_REFUSAL, now)
    verbs.refuse_intake(case, reason=reason, where="户籍地乡镇便民服务中心", paper=paper, by=case.holder, now=now)


def _their_paper(scene: Scene, case: ServiceRequest, kind: str, now: datetime) -> TheirPaper | None:
    """Where the county decides, the township enters the number and date of the county's paper."""
    if not who_refuses(case, kind):
        return None
    return TheirPaper(f"槐函〔{now.year}〕{scene.dice.randrange(10, 900)}号", timezone.localdate(now))


def _sent_back(scene: Scene, case: ServiceRequest, desk: User, now: datetime) -> None:
    # Where the rule lets the application count as withdrawn, the list says by when; with a number of days it says so itself.
    needs_day = case.edition.supplement_withdraws and not case.edition.supplement_value
    telling = Telling(answer_by=timezone.localdate(now) + timedelta(days=30) if needs_day else None)
    verbs.ask_materials(case, words=REASONS["missing"][0], telling=telling, by=desk, now=now)
    again = _next(scene, now, scene.dice.randrange(1, 9))
    scene.later(again, lambda at: _brought(scene, case, desk, at))


def _brought(scene: Scene, case: ServiceRequest, desk: User, now: datetime) -> None:
    verbs.take_materials(case, materials(case.edition, missing=0), id_shown=card_awaited(case), by=desk, now=now)
    scene.later(now + timedelta(minutes=5), lambda at: _accept(scene, case, desk, at))


def _accept(scene: Scene, case: ServiceRequest, desk: User, now: datetime) -> None:
    accept(scene, case, desk, now)
    begin = _next(scene, now, scene.dice.choice((0, 1, 1, 2)))
    scene.later(begin, lambda at: verbs.start(case, by=case.holder, now=at))
    if scene.dice.random() < 0.7 and case.edition.level and "镇" not in case.edition.level:
        upper = f"HX{now:%Y%m%d}{case.pk:06d}"
        scene.later(begin + timedelta(minutes=20), lambda at: verbs.note_upper_number(case, upper, by=case.holder, now=at))
    decided_at = _decision_day(scene, case, begin)
    stopping = [
        one for one in procedures_of(case.edition)
        if one.stops and one.value and not one.code.startswith("law") and not any(word in one.name for word in NOTICES)
    ]  # fmt: skip
    if stopping and scene.dice.random() < 0.3:
        decided_at = _with_a_procedure(scene, case, stopping[0], begin)
    if notices.needed_before(case.edition):
        scene.later(_next(scene, begin, 1), lambda at: _post_a_notice(scene, case, at))
    if stretch.goes_to_county(case.edition):
        own = max(scene.calendar.between(timezone.localdate(begin), case.due_on), 1) if case.due_on else 3
        day = scene.calendar.add(timezone.localdate(begin), own_dice(case).randrange(1, own + 1))
        scene.later(moment_of(day, time(10, 30)), lambda at: _forward(scene, case, at))
    scene.later(decided_at, lambda at: _decide(scene, case, at))


_LONGEST_PROCEDURE = 20  # longer ones need the head's yes


def _with_a_procedure(scene: Scene, case: ServiceRequest, what: Procedure, begin: datetime) -> datetime:
    """A special procedure the day after, for as long as the item says; the decision some days after its end."""
    length = min(what.value, _LONGEST_PROCEDURE)
    starts = _next(scene, begin, 1)
    over = _next(scene, starts + timedelta(days=length), 1)
    reason = "按办事指南组织实施"
    scene.later(
        starts, lambda at: verbs.begin_procedure(case, what.code, value=length, unit=what.unit, reason=reason, by=case.holder, now=at)
    )
    scene.later(over, lambda at: verbs.end_procedure(case, what.code, ended_on=timezone.localdate(at), by=case.holder, now=at))
    return _next(scene, over, scene.dice.randrange(1, 6))


def _post_a_notice(scene: Scene, case: ServiceRequest, now: datetime) -> None:
    """On the board the day it is made; the morning after its last day "no objection" is written down."""
    if case.status == ServiceRequest.Status.ACCEPTED:
        verbs.start(case, by=case.holder, now=now)
    if case.status != ServiceRequest.Status.IN_HAND or not _waits_for_a_notice(case):
        return
    steps.write_down(case, now)
    said = {"hang_on": timezone.localdate(now), "typed": words_on_the_sheet(case.edition), "of_age": True}
    notice = notice_verbs.begin_public_notice(case, **said, by=case.holder, now=now)
    notice_verbs.note_posted(case, by=case.holder, now=now + timedelta(minutes=20))
    over = scene.calendar.next_workday(notice.last_on + timedelta(days=1))
    scene.later(moment_of(over, time(8, 50)), lambda at: notice_verbs.end_public_notice(case, by=case.holder, now=at))
    scene.later(moment_of(over, time(8, 55)), lambda at: notice_verbs.take_down(notice, by=case.holder, now=at))


def _waits_for_a_notice(case: ServiceRequest) -> bool:
    return bool(notices.why_not(case, notices.needed_before(case.edition), is_favourable=True))


def _forward(scene: Scene, case: ServiceRequest, now: datetime) -> None:
    """The file goes to the county; what other offices of the township do is done before, and the notice is over."""
    if case.status not in (ServiceRequest.Status.ACCEPTED, ServiceRequest.Status.IN_HAND) or case.county_since is not None:
        return
    if _waits_for_a_notice(case):
        scene.later(_next(scene, now, 2), lambda at: _forward(scene, case, at))
        return
    _finish_tasks(case, now)
    steps.write_down(case, now)
    county.forward(case, how="exchange", along=[], by=case.holder, now=now)
    scene.later(moment_of(scene.calendar.add(timezone.localdate(now), 1), time(11)), lambda at: _received_there(case, at))


def _received_there(case: ServiceRequest, now: datetime) -> None:
    if case.status == ServiceRequest.Status.IN_HAND and case.county_since is not None:
        county.note_county_receipt(case, on=timezone.localdate(now), receiver="县局收件窗口", by=case.holder, now=now)


def _finish_tasks(case: ServiceRequest, now: datetime) -> None:
    """Other offices finish their part before anything is carried on or decided."""
    if case.status == ServiceRequest.Status.ACCEPTED:
        verbs.start(case, by=case.holder, now=now)
    for task in case.tasks.filter(status__in=Task.UNSETTLED).select_related("holder"):
        if task.status == Task.Status.OPEN:
            tasks.finish_task(case, task, "经审查，符合规定，同意。", by=task.holder, now=now)
        else:
            tasks.skip_task(case, task, "现场查看，不涉及。", by=case.holder, now=now)


def _decision_day(scene: Scene, case: ServiceRequest, begin: datetime) -> datetime:
    """Mostly within the promise; one in seven after it, of what is decided here one in three: the county's delay is nobody's here."""
    dice, due = scene.dice, case.told_on
    if due is None:
        return _next(scene, begin, dice.randrange(1, 10))
    if dice.random() < (0.15 if stretch.goes_to_county(case.edition) else 0.34):
        late = moment_of(scene.calendar.add(due, dice.choice((1, 1, 2, 3, 5, 8, 12))), time(15, dice.randrange(60)))
        return max(late, begin + timedelta(minutes=30))
    days = max(scene.calendar.between(timezone.localdate(begin), due), 0)
    day = scene.calendar.add(timezone.localdate(begin), int(days * (0.35 + 0.6 * dice.random())))
    return max(moment_of(day, time(16, dice.randrange(60))), begin + timedelta(minutes=30))


def _decide(scene: Scene, case: ServiceRequest, now: datetime) -> None:
    if _waits_for_a_notice(case):
        scene.later(_next(scene, now, 3), lambda at: _decide(scene, case, at))
        return
    _finish_tasks(case, now)
    steps.write_down(case, now)
    outcome, words = ("refused", "经核查，不符合受理条件所列的收入标准。") if scene.dice.random() < 0.04 else (_outcome(case), "")
    paper = _their_paper(scene, case, Document.Kind.REFUSAL_DECISION, now) if outcome == "refused" else None
    grounds = Grounds("经信息核对和入户调查,家庭情况与申报不一致。", words) if outcome == "refused" else None
    if deciding.is_decided_by_county(case.edition):
        _forward(scene, case, now)
        _county_decides(scene, case, outcome, words, now)
    else:
        verbs.decide(case, outcome, words="" if grounds else words, grounds=grounds, paper=paper, by=case.holder, now=now)
    how = scene.dice.choice(("窗口领取，本人签收", "邮寄送达", "短信告知，结果可下载", "村代办员送达"))
    scene.later(_next(scene, now, scene.dice.randrange(0, 4)), lambda at: _close(scene, case, how, at))


def _close(scene: Scene, case: ServiceRequest, how: str, now: datetime) -> None:
    verbs.close(case, how=how, by=case.holder, now=now)
    filing.file_later(case, now, scene.until, scene.calendar, scene.later)


def _county_decides(scene: Scene, case: ServiceRequest, outcome: str, words: str, now: datetime) -> None:
    number = f"槐函〔{now.year}〕{own_dice(case).randrange(10, 900)}号"
    said = {"paper": case.edition.result_name or "办理结果告知", "number": number}
    county.note_county_result(case, outcome=outcome, on=timezone.localdate(now), words=words, **said, by=case.holder, now=now)


def _outcome(case: ServiceRequest) -> str:
    return outcomes_of(case.edition)[0]


def _ask(scene: Scene, now: datetime) -> None:
    """A question at the window or on the phone: answered at once, or promised a call back."""
    dice = scene.dice
    question, reply = dice.choice(QUESTIONS)
    by = dice.choice(scene.clerks)
    order = Intake(
        intake_office=scene.reception,
        channel=dice.choice((Channel.PHONE, Channel.PHONE, Channel.WINDOW)),
        kind=ServiceRequest.Kind.CONSULTATION,
        person=people.person(dice, timezone.localdate(now), dice.choice(scene.villages).pk, with_id=False),
        words=question,
    )
    case = intake.receive(order, by=by, now=now).case
    if dice.random() < 0.85 or not order.person.phone:
        verbs.answer(case, words=reply, by=by, now=now)
        return
    verbs.promise_call(case, words="需向站所核实后回电", by=by, now=now)
    back = _next(scene, now, dice.choice((0, 1, 1, 1, 3)))
    scene.later(back, lambda at: verbs.answer(case, words=reply, by=by, now=at))


def _next(scene: Scene, after: datetime, workdays: int) -> datetime:
    """A moment in working hours, so many working days later, and never before `after`."""
    day = scene.calendar.add(timezone.localdate(after), workdays) if workdays else timezone.localdate(after)
    if not scene.calendar.is_workday(day):
        day = scene.calendar.next_workday(day)
    moment = moment_of(day, time(scene.dice.randrange(9, 17), scene.dice.randrange(60)))
    return max(moment, after + timedelta(minutes=scene.dice.randrange(3, 40)))
