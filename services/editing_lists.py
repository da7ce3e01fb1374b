"""What waits in the editing room: five lists, each a query over the offices a person has rights on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from officials.models import User
from officials.permissions import EDIT, PUBLISH, rights
from services.models import Edition, SearchMiss, Step

MISSES_DAYS = 30
Status = Edition.Status


@dataclass(frozen=True)
class ForMe:
    """What waits for one person: own drafts (begun, or sent back) and texts of others to review."""

    drafts: int = 0
    review: int = 0


def for_me(by: User) -> ForMe:
    """Both numbers in one query; none for people without a right on the catalogue."""
    held = rights(by)
    if not held.where(EDIT, PUBLISH):
        return ForMe()
    to_write = Q(status=Status.DRAFT, office__in=held.where(EDIT), author=by)
    to_review = Q(status=Status.IN_REVIEW, office__in=held.where(PUBLISH)) & ~Q(author=by) & ~Q(submitted_by=by)
    return ForMe(**my_editions(by).aggregate(drafts=Count("pk", filter=to_write), review=Count("pk", filter=to_review)))


def my_editions(by: User) -> QuerySet[Edition]:
    """Texts of the offices on which this person may write or publish; neither superseded nor given up ones."""
    mine = rights(by).where(EDIT, PUBLISH)
    found = Edition.objects.filter(Q(office__in=mine) | Q(item__office__in=mine))
    return found.exclude(status__in=[Status.SUPERSEDED, Status.DISCARDED]).select_related(
        "item", "office", "author", "submitted_by", "checked_by"
    )


def drafts(by: User) -> QuerySet[Edition]:
    """Own drafts first, then those of colleagues, newest first."""
    writes_for = rights(by).where(EDIT)
    found = my_editions(by).filter(status=Status.DRAFT, office__in=writes_for)
    return found.annotate(is_mine=Q(author=by)).order_by("-is_mine", "-created_at", "item__code")


def in_review(by: User) -> QuerySet[Edition]:
    """Waiting for the second person, the longest wait first."""
    return my_editions(by).filter(status=Status.IN_REVIEW).order_by("submitted_at", "item__code")


def published(by: User) -> QuerySet[Edition]:
    """Published texts, the one checked longest ago first, those never checked before all."""
    found = my_editions(by).filter(status=Status.PUBLISHED, item__retired_on__isnull=True)
    return found.order_by(F("checked_on").asc(nulls_first=True), "published_at", "item__code")


def assumed(by: User) -> QuerySet[Edition]:
    """Texts that rest on something nobody has found the basis of yet."""
    steps = Step.objects.filter(edition=OuterRef("pk"), counts_is_assumed=True)
    found = my_editions(by).filter(item__retired_on__isnull=True).annotate(has_assumed_step=Exists(steps))
    return found.filter(Q(has_assumed_step=True) | Q(evidence__assumed__0__isnull=False)).order_by("item__code", "-number")


def misses(today: date) -> QuerySet:
    """Searches without a result of the last thirty days, the most frequent first."""
    since = today - timedelta(days=MISSES_DAYS - 1)
    return SearchMiss.objects.filter(date__gte=since).order_by().values("query").annotate(times=Sum("count")).order_by("-times", "query")
