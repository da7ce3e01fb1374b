"""一次性告知 and what follows: a list told, a second list before the head, one forgotten, 漏告, 容缺, somebody turned away."""

from datetime import datetime, timedelta

from portal.demo.rooms.stage import CLERK, CLERK_B, HEAD, OFFICIAL, Life, Stage
from portal.demo.scene import materials
from requests import verbs
from requests.models import ServiceRequest, SupplementNotice, TurnedAway
from requests.supplement import late, second
from requests.supplement.notices import Telling
from requests.supplement.promises import Promised
from requests.supplement.turned_away import log_turned_away

Cause, How = SupplementNotice.Cause, SupplementNotice.How
WHOLE = "请补齐清单所列材料后再来，一次补齐即可"


def plan(stage: Stage) -> None:
    stage.begin(
        _told_yesterday(stage),
        _second_list(stage, "MZ-003", "稻香村", Cause.FOUND, "信息核对发现另有一张银行卡，需补本人账户流水。", -6, approved=False),
        _second_list(stage, "MZ-001", "柳溪村", Cause.CIRCUMSTANCES, "家庭成员外出务工，收入情况有变化。", -9, approved=True),
        _second_list(stage, "MZ-007", "石桥村", Cause.OVERSIGHT, "首次告知时漏列账户信息，今天复核时发现。", -11, approved=True),
        _day_is_near(stage),
        _late_notice(stage, "MZ-006", "荷塘村", -9, answered=False),
        _late_notice(stage, "MZ-002", "枫林村", -12, answered=True),
        _tolerated(stage, "MZ-007", "麦浪村", -4, brought=None),
        _tolerated(stage, "TY-001", "竹园村", -12, brought=-7),
        _turned_away(stage),
    )


def _told_yesterday(stage: Stage) -> Life:
    now = yield stage.at(-1, 9, 12)
    case = stage.take_in("YB-003", "桃源村", missing=2, now=now)
    now = yield stage.at(-1, 9, 25)
    verbs.ask_materials(case, words=WHOLE, by=stage.who(CLERK), now=now)
    now = yield stage.at(-1, 9, 31)
    second.acknowledge_notice(case, SupplementNotice.Acknowledged.SIGNED, by=stage.who(CLERK), now=now)


def _second_list(stage: Stage, code: str, village: str, cause: str, facts: str, day: int, *, approved: bool) -> Life:
    """One list was told; then more is wanted, which needs its cause and the head."""
    now = yield stage.at(day, 9, 40)
    case = stage.take_in(code, village, missing=1, now=now)
    now = yield stage.at(day, 10, 5)
    verbs.ask_materials(case, words=WHOLE, by=stage.who(CLERK), now=now)
    now = yield stage.at(day + 3, 15, 10)
    lines = [one for one in stage.edition(code).materials.all() if not one.is_conditional and one.form != "shared"]
    telling = Telling(how=How.PHONE, also=(str(lines[0].pk),), wrong={str(lines[0].pk): "填写不全，缺户主签名"})
    second.ask_again(case, cause, facts, telling, by=stage.who(OFFICIAL), now=now)
    if approved:
        now = yield stage.at(day + 4, 8, 50)
        second.approve_second_notice(case, by=stage.who(HEAD), now=now)
        now = yield stage.at(day + 7, 10, 20)
        verbs.take_materials(case, materials(case.edition, missing=0), by=stage.who(CLERK), now=now)
        now = yield stage.at(day + 7, 10, 30)
        stage.accept(case, now)
        now = yield stage.at(day + 7, 15, 30)
        stage.start(case, now)


def _day_is_near(stage: Stage) -> Life:
    """Its rule lets the application count as withdrawn: the day is near, the reminder has gone out."""
    now = yield stage.at(-20, 14, 35)
    case = stage.take_in("SF-002", "白鹭村", missing=1, now=now)
    now = yield stage.at(-20, 14, 50)
    verbs.ask_materials(case, words=WHOLE, telling=Telling(answer_by=stage.day(1)), by=stage.who(CLERK), now=now)
    now = yield stage.at(-1, 8, 5)
    late.warn_of_withdrawal(case, by=stage.tick, now=now)


def _late_notice(stage: Stage, code: str, village: str, day: int, *, answered: bool) -> Life:
    """漏告: nobody said within the days whether it is accepted or what is missing."""
    now = yield stage.at(day, 11, 15)
    case = stage.take_in(code, village, now=now)
    now = yield _after_the_check(stage, case, day)
    late.note_late_notice(case, by=stage.tick, now=now)
    if answered:
        now = yield now + timedelta(minutes=80)
        stage.accept(case, now)
        now = yield now + timedelta(hours=2)
        stage.start(case, now)


def _after_the_check(stage: Stage, case: ServiceRequest, day: int) -> datetime:
    """The first morning on which the job finds the answer late."""
    for later in range(1, 15):
        morning = stage.at(day + later, 8, 0)
        if late.passed_check(case, morning):
            return morning
    raise ValueError(f"{case}: no acceptance check within three weeks")


def _tolerated(stage: Stage, code: str, village: str, day: int, *, brought: int | None) -> Life:
    """容缺受理: accepted on a written promise; what is owed follows, or is still owed."""
    now = yield stage.at(day, 10, 15)
    edition = stage.edition(code)
    handed = materials(edition, missing=0)
    owed = [one for one in edition.materials.all() if one.may_come_later]
    case = stage.take_in(code, village, lacking=[one.pk for one in owed], now=now)
    now = yield stage.at(day, 10, 40)
    stage.accept(case, now, promised=Promised(is_signed=True, later_by=stage.day(day + 8)))
    now = yield stage.at(day + 1, 9, 5)
    stage.start(case, now)
    if brought is not None:
        now = yield stage.at(brought, 9, 45)
        verbs.take_materials(case, {one.pk: handed[one.pk] for one in owed}, by=stage.who(CLERK), now=now)


def _turned_away(stage: Stage) -> Life:
    """Went away without a case: counted, nothing of the person kept."""
    rows = (
        (-6, "MZ-002", TurnedAway.Why.NOT_ENTITLED, CLERK), (-3, "YB-003", TurnedAway.Why.MATERIALS, CLERK_B),
        (-1, "HJ-004", TurnedAway.Why.ELSEWHERE, CLERK), (-1, "MZ-003", TurnedAway.Why.MATERIALS, CLERK),
        (0, "WJ-003", TurnedAway.Why.OUT_OF_TIME, CLERK),
    )  # fmt: skip
    for number, (day, code, why, by) in enumerate(rows):
        now = yield stage.at(day, 8, 40 + 2 * number)
        edition = stage.edition(code)
        missing = [edition.materials.all()[1].pk] if why == TurnedAway.Why.MATERIALS else []
        log_turned_away(
            stage.scene.reception, edition, why=why, missing=missing, form_token=f"demo-away-{number}", by=stage.who(by), now=now
        )
