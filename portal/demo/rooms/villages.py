"""代办: what the agents of the villages took in, a bundle on the way, one counted over, a result to bring home."""

from datetime import datetime

from django.utils import timezone

from portal.demo import steps
from portal.demo.rooms.stage import CLERK, Life, Stage
from portal.demo.scene import materials
from requests import intake, verbs
from requests.intake import Intake
from requests.models import BundleLine, Mandate, ServiceRequest
from requests.refusing import outcomes_of
from requests.supplement.notices import Telling
from requests.village import bundles, mandates
from requests.village.letters import Given

Found, Scope = BundleLine.Found, Mandate.Scope
AGENT, HOME = "QH9001", "稻香村"
NEIGHBOUR, NEIGHBOURS = "QH9002", "荷塘村"


def plan(stage: Stage) -> None:
    stage.begin(
        _waits(stage, "MZ-006", -2, Scope.WHOLE),
        _waits(stage, "YB-003", -1, Scope.HAND_IN, missing=1),
        _waits(stage, "NY-003", -4, Scope.WHOLE),
        _on_the_way(stage),
        _counted_over(stage, AGENT, HOME, -9, ("MZ-007", "SB-005")),
        _counted_over(stage, NEIGHBOUR, NEIGHBOURS, -7, ("MZ-006", "YB-003", "SB-001")),
        _brought_home(stage, -3, at_home=False),
        _brought_home(stage, -22, at_home=True),
        _entrusted_papers_missing(stage),
    )


def _log(stage: Stage, code: str, agent: str, village: str, now: datetime, *, scope: str = Scope.WHOLE, missing: int = 0) -> ServiceRequest:
    edition = stage.edition(code)
    letter = Given(scope=scope, letter=Mandate.Letter.SENT, valid_from=timezone.localdate(now))
    order = Intake(
        intake_office=stage.scene.reception, channel=ServiceRequest.Channel.VILLAGE, edition=edition, mandate=letter,
        person=stage.person(village), materials=materials(edition, missing=missing),
    )  # fmt: skip
    return intake.receive(order, by=stage.who(agent), now=now).case


def _waits(stage: Stage, code: str, day: int, scope: str, *, missing: int = 0) -> Life:
    now = yield stage.at(day, 10, 5)
    _log(stage, code, AGENT, HOME, now, scope=scope, missing=missing)


def _on_the_way(stage: Stage) -> Life:
    """Left the village yesterday afternoon; the reception has not counted it yet."""
    now = yield stage.at(-3, 9, 30)
    cases = [_log(stage, code, AGENT, HOME, now) for code in ("MZ-001", "SB-002")]
    now = yield stage.at(-1, 15, 0)
    village = stage.village(HOME)
    bundle = bundles.make_bundle(village, cases, by=stage.who(AGENT), now=now)
    now = yield stage.at(-1, 16, 0)
    bundles.send_bundle(bundle, by=stage.who(AGENT), now=now)


def _bundled(stage: Stage, agent: str, village: str, day: int, codes: tuple[str, ...]):
    now = yield stage.at(day, 9, 40)
    cases = [_log(stage, code, agent, village, now) for code in codes]
    now = yield stage.at(day + 1, 8, 30)
    bundle = bundles.make_bundle(stage.village(village), cases, by=stage.who(agent), now=now)
    bundles.send_bundle(bundle, by=stage.who(agent), now=now)
    now = yield stage.at(day + 1, 10, 20)
    counted = {case.pk: bundles.Counted(Found.COMPLETE) for case in cases}
    if len(cases) > 2:
        counted[cases[1].pk] = bundles.Counted(Found.INCOMPLETE, "费用清单少一页")
        counted[cases[2].pk] = bundles.Counted(Found.NOT_THERE, "袋中没有此件")
    bundles.count_over(bundle, counted, brought_by=stage.who(agent), by=stage.who(CLERK), now=now)
    for case in cases:
        case.refresh_from_db()
    return cases


def _counted_over(stage: Stage, agent: str, village: str, day: int, codes: tuple[str, ...]) -> Life:
    cases = yield from _bundled(stage, agent, village, day, codes)
    now = yield stage.at(day + 1, 11, 0)
    stage.accept(cases[0], now)
    now = yield stage.at(day + 2, 9, 0)
    stage.start(cases[0], now)


def _brought_home(stage: Stage, day: int, *, at_home: bool) -> Life:
    """Decided; the agent brings the result, or has brought it."""
    case, *_others = yield from _bundled(stage, AGENT, HOME, day - 6, ("NY-003",))
    now = yield stage.at(day - 5, 11, 20)
    stage.accept(case, now)
    now = yield stage.at(day - 4, 9, 10)
    stage.start(case, now)
    now = yield stage.at(day, 15, 0)
    steps.write_down(case, now)
    verbs.decide(case, outcomes_of(case.edition)[0], by=case.holder, now=now)
    if at_home:
        now = yield stage.at(day + 1, 17, 0)
        mandates.bring_result(case, how="送到家中，本人签收", by=stage.who(AGENT), now=now)


def _entrusted_papers_missing(stage: Stage) -> Life:
    """Taken in by the township, something is missing: the agent brings it."""
    case, *_others = yield from _bundled(stage, AGENT, HOME, -6, ("TY-001",))
    now = yield stage.at(-4, 9, 30)
    photo = next(one for one in case.edition.materials.all() if one.may_come_later)
    telling = Telling(also=(str(photo.pk),), wrong={str(photo.pk): "照片着制服，须着便装"})
    verbs.ask_materials(case, words="照片重拍后由代办员带来即可", telling=telling, by=stage.who(CLERK), now=now)
