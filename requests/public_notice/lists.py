"""What is to be done about public notices, for an office; and what everybody may read on the web today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from officials.permissions import AGENT, HANDLE, HEAD, INSPECT, SUPERVISE, rights
from requests import persons
from requests.models import NoticedCase, PublicNotice, ServiceRequest
from requests.public_notice import rules
from requests.public_notice.verbs import GONE, Outcome
from requests.season import people

# Lines that are not to be read any more: an objection was upheld, the case ended some other way, or it was refused.
_OFF = Q(outcome=Outcome.UPHELD) | Q(service_request__status__in=GONE) | Q(service_request__outcome=ServiceRequest.Outcome.REFUSED)


@dataclass(frozen=True)
class Tasks:
    """The lists of an office; a sheet with an open objection stands on its own list besides."""

    to_post: list[PublicNotice]
    hanging: list[PublicNotice]
    to_take_down: list[PublicNotice]
    objected: list[NoticedCase]

    @property
    def count(self) -> int:
        return len(self.to_post) + len(self.to_take_down) + len(self.objected)


def mine(user: Any) -> QuerySet[PublicNotice]:
    """Sheets of the offices whose cases this person may see."""
    offices = rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return PublicNotice.objects.filter(office_id__in=offices).select_related("edition", "village", "office", "township")


def at_hand(user: Any) -> QuerySet[PublicNotice]:
    """Single sheets this person prints, hangs or takes down: of the own offices, and of the village whose agent it is."""
    in_village = PublicNotice.objects.filter(village_id__in=rights(user).where(AGENT))
    return mine(user) | in_village.select_related("edition", "village", "office", "township")


def of_village(user: Any, today: date) -> Tasks:
    """What the village agent hangs, leaves hanging and takes down. Objections are told to the office and not to the village."""
    return _sorted(PublicNotice.objects.filter(village_id__in=rights(user).where(AGENT)), [], today)


def objected(user: Any) -> QuerySet[NoticedCase]:
    """Lines with an objection that nobody has settled yet."""
    open_ones = {"objections__settled_at": None, "objections__isnull": False, "outcome": Outcome.RUNNING}
    found = NoticedCase.objects.filter(notice__in=mine(user), **open_ones)
    return found.distinct().select_related("notice", "service_request__edition", "service_request__key")


def tasks(user: Any, today: date) -> Tasks:
    return _sorted(mine(user), list(objected(user)), today)


def over(user: Any, today: date) -> QuerySet[PublicNotice]:
    """Sheets that have hung their days and whose end nobody has entered."""
    return mine(user).filter(posted_at__isnull=False, taken_down_at=None, last_on__lt=today)


def _sorted(notices: QuerySet[PublicNotice], objections: list[NoticedCase], today: date) -> Tasks:
    waiting = notices.filter(taken_down_at=None).select_related("edition", "village", "office", "township")
    found = list(waiting.annotate(cases=Count("lines")).order_by("hang_on", "pk"))
    posted = [notice for notice in found if notice.posted_at is not None]
    return Tasks(
        to_post=[notice for notice in found if notice.posted_at is None],
        hanging=[notice for notice in posted if notice.last_on >= today],
        to_take_down=[notice for notice in posted if notice.last_on < today],
        objected=objections,
    )


def up(today: date) -> QuerySet[PublicNotice]:
    """Sheets whose web copy shows today: posted, and from the first to the last day. The date decides, no job has to take one down."""
    hanging = PublicNotice.objects.filter(taken_down_at=None, posted_at__isnull=False, first_on__lte=today, last_on__gte=today)
    return hanging.select_related("edition", "village", "office", "township").order_by("last_on", "pk")


def rows(notice: PublicNotice) -> list[dict[str, str]]:
    """What the sheet shows, line by line: {label: words}. What was erased with its case or batch is not there any more."""
    if notice.batch_id:
        return _households(notice)
    lines = notice.lines.exclude(_OFF).select_related("service_request__key").order_by("pk")
    opened = [persons.open_for(line.service_request, line.sealed, "notice") for line in lines]
    return [{rules.label_of(label): words for label, words in values.items()} for values in opened if values]


def _households(notice: PublicNotice) -> list[dict[str, str]]:
    """The households of a village in a batch, in the fields the item allows; a minor at the head of one is never posted."""
    found = []
    for one in people.households(notice.batch, notice.village):
        if not one.values or people.is_minor(one.values, notice.hang_on):
            continue
        known = {
            "name": rules.hide_one(one.values.get("name", "")), "item": notice.edition.name,
            "village": f"{notice.village}{one.values.get('group', '')}",
        }  # fmt: skip
        found.append({place.label: known.get(place.source) or _of_household(one, place.label) for place in rules.places(notice.edition)})
    return found


def _of_household(one: people.Known, label: str) -> str:
    if "金额" in label or "补贴" in label:
        return one.values.get("amount", "")
    if "面积" in label:
        return one.values.get("area", "")
    return str(one.household.get_state_display()) if "结果" in label else ""


def table(notice: PublicNotice) -> tuple[list[str], list[list[str]]]:
    """Headings and rows. Columns that say the same of everybody, as the item does, stay: the sheet says what the edition lists."""
    found = rows(notice)
    labels = list(dict.fromkeys(label for values in found for label in values))
    return labels, [[values.get(label, "") for label in labels] for values in found]
