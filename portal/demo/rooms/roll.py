"""名册: benefits in force with their amounts and reviews, one death with rows to check, one stop asked for, one confirmed.

Rows open by themselves when a case of the story is granted. Each month the office writes down the amounts of the new rows and
goes through the reviews of the month; what falls due from now on is left to do.
"""

from collections.abc import Generator
from datetime import datetime, timedelta

from django.utils import timezone

from portal.demo import steps
from portal.demo.rooms.stage import HEAD, OFFICIAL, OFFICIAL_B, Life, Stage
from portal.demo.scene import materials, words_on_the_sheet
from requests import verbs
from requests.county import verbs as county
from requests.intake import Intake
from requests.models import Beneficiary, DeathReport, ServiceRequest
from requests.persons import Person
from requests.public_notice import standing
from requests.public_notice import verbs as notices
from requests.refusing import outcomes_of
from requests.roll import verbs as roll

RUNNING = Beneficiary.State.RUNNING
STANDARD = {"MZ-001": "每月420元", "MZ-002": "每月680元", "MZ-005": "每月1250元", "MZ-006": "每月50元", "MZ-007": "每月80元"}
USUAL = "每月120元"
MONTH = 21  # working days
LATE = ("枫林村", "茶岭村")  # their reviews of the last two months were not done


def plan(stage: Stage) -> None:
    stage.begin(
        *(_month(stage, -MONTH * back) for back in range(24, -1, -1)),
        _death(stage),
        _stop(stage, "荷塘村", -160, asked=-2, confirmed=None),
        _stop(stage, "竹园村", -200, asked=-30, confirmed=-28),
        *(_drawn_in(stage, village, -268 - 7 * place) for place, village in enumerate(LATE)),
        _adjusted(stage),
        _granted_lately(stage),
    )


def _month(stage: Stage, day: int) -> Life:
    """The office goes through its roll: amounts of new rows, then the reviews that are due within the month."""
    now = yield stage.at(day - 2, 16, 30)
    drawing = Beneficiary.objects.filter(state=RUNNING).select_related("item", "village", "service_request__holder")
    for row in drawing.filter(standard=""):
        standard = STANDARD.get(row.item.code, USUAL)
        roll.set_terms(row, from_month=row.from_month, standard=standard, by=row.service_request.holder, now=now)
    for row in drawing.filter(next_review_on__lte=timezone.localdate(now) + timedelta(days=8)):
        if day < -MONTH or row.village.name not in LATE:
            roll.review(row, roll.CONTINUE, by=row.service_request.holder, now=now)


def _granted(stage: Stage, code: str, village: str, day: int, person: Person) -> Generator[datetime, datetime, Beneficiary]:
    """Applied for, posted where the item says so, carried to the county, granted."""
    case = yield from stage.in_hand(code, village, day, person=person)
    if standing.needed_before(case.edition):
        now = yield stage.at(day + 2, 9, 30)
        steps.write_down(case, now)
        said = {"hang_on": timezone.localdate(now), "typed": words_on_the_sheet(case.edition), "of_age": True}
        notice = notices.begin_public_notice(case, **said, by=case.holder, now=now)
        now = yield stage.at(day + 2, 11, 0)
        notices.note_posted(case, by=case.holder, now=now)
        now = yield stage.at(day + 10, 8, 45)
        notices.end_public_notice(case, by=case.holder, now=now)
        notices.take_down(notice, by=case.holder, now=now)
    now = yield stage.at(day + 10, 9, 30)
    steps.write_down(case, now)
    county.forward(case, how="exchange", along=[], by=case.holder, now=now)
    now = yield stage.at(day + 14, 15, 30)
    said = {"paper": case.edition.result_name or "办理结果告知", "number": f"槐函〔{now.year}〕{stage.dice.randrange(10, 900)}号"}
    county.note_county_result(
        case, outcome=outcomes_of(case.edition)[0], on=timezone.localdate(now), by=case.holder, now=now, **said
    )
    now = yield stage.at(day + 15, 10, 30)
    verbs.close(case, how="村代办员送达", by=case.holder, now=now)
    return case.roll_rows.get()


def _death(stage: Stage) -> Life:
    """Somebody who drew two benefits died; the household register knows since yesterday, the two offices have to check."""
    person = stage.person("青泥村")
    stage.begin(_drawn_by(stage, "SB-002", person), _drawn_by(stage, "MZ-006", person))
    now = yield stage.at(-1, 9, 5)
    case = _registered(stage, "青泥村", now)
    now = yield stage.at(-1, 9, 30)
    died_on = timezone.localdate(now) - timedelta(days=3)
    source = DeathReport.Source.CASE
    roll.report_death(
        stage.scene.township, person.id_number, source=source, died_on=died_on, case=case, by=stage.who("QH1201"), now=now
    )
    now = yield stage.at(-1, 16, 20)
    _registered(stage, "桃源村", now)  # nobody has said yet who died


def _drawn_by(stage: Stage, code: str, person: Person) -> Life:
    yield from _granted(stage, code, "青泥村", -150, person)


def _registered(stage: Stage, village: str, now: datetime) -> ServiceRequest:
    """A member of the family has a death entered in the household register."""
    edition = stage.edition("HJ-002")
    order = Intake(
        intake_office=edition.office, channel=ServiceRequest.Channel.WINDOW, person=stage.person(village), edition=edition,
        materials=materials(edition, missing=0),
    )  # fmt: skip
    return verbs.finish_on_the_spot(order, outcomes_of(edition)[0], by=stage.who("QH1201"), now=now).case


def _stop(stage: Stage, village: str, day: int, *, asked: int, confirmed: int | None) -> Life:
    """停发 needs a second person."""
    row = yield from _granted(stage, "MZ-001", village, day, stage.person(village))
    now = yield stage.at(asked, 10, 10)
    month = timezone.localdate(now).replace(day=1)
    reason = "家庭人均收入已连续三个月超过标准。"
    roll.review(row, roll.STOP, reason=reason, from_month=month, by=stage.who(OFFICIAL_B), now=now)
    if confirmed is not None:
        now = yield stage.at(confirmed, 9, 0)
        roll.confirm_stop(row, told="入户送达停发告知书，本人签收", by=stage.who(HEAD), now=now)


def _drawn_in(stage: Stage, village: str, day: int) -> Life:
    """Granted a year ago; its review fell due last month and nobody came to it."""
    yield from _granted(stage, "MZ-006", village, day, stage.person(village))


def _granted_lately(stage: Stage) -> Life:
    """Granted yesterday: its amount is still to be written down."""
    yield from _granted(stage, "MZ-007", "柳溪村", -15, stage.person("柳溪村"))


def _adjusted(stage: Stage) -> Life:
    """What is paid was changed at a review."""
    row = yield from _granted(stage, "MZ-001", "橘井村", -120, stage.person("橘井村"))
    now = yield stage.at(-9, 15, 15)
    month = (timezone.localdate(now).replace(day=1) + timedelta(days=32)).replace(day=1)
    said = {"reason": "子女考上大学，支出增加。", "standard": "每月510元", "told": "电话告知本人", "from_month": month}
    roll.review(row, roll.ADJUST, by=stage.who(OFFICIAL), now=now, **said)
