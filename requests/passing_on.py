"""交接: a case passes from somebody who is away to the deputy of the post, and back. `requests.covering` does it for all at once."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from officials import staffing
from officials.models import Office, Post, User
from requests import assigning
from requests.lifecycle import TRANSITIONS, AlreadyHandled, Refused, change
from requests.models import Assignment, ServiceRequest


def hand_over(absent: User, *, office: Office, by: User, now: datetime) -> list[ServiceRequest]:
    """The deputy takes the waiting cases of a holder who is away; each with its own line. Returns what moved.

    Anybody of the office may do it, the holder before leaving too: the deputy has equal powers anyway (AB岗), whereas
    naming a third person stays with the head (`assign`).
    """
    cases = coverable().filter(holder=absent, office=office).select_related("office", "edition__post__deputy")
    return pass_on_each(cases, deputy_for, to_deputy, by=by, now=now)


def take_back(holder: User, *, office: Office, by: User, now: datetime) -> list[ServiceRequest]:
    """The holder of a post is back and gets the cases the deputy holds in the holder's place. Returns what moved."""
    return pass_on_each(stood_in_for(holder, {office.pk}), lambda case: holder, give_back, by=by, now=now)


def coverable() -> QuerySet[ServiceRequest]:
    """What somebody can stand in for: open, or decided and not yet delivered or told. An unfinished matter and a mediation belong to
    the person who was named for them, and to nobody else.
    """
    unfinished = (*ServiceRequest.OPEN, *ServiceRequest.UNDELIVERED)
    kinds = [kind for kind, moves in TRANSITIONS.items() if "hand_over" in moves]
    return ServiceRequest.objects.filter(status__in=unfinished, kind__in=kinds)


def pass_on_each(
    cases: Iterable[ServiceRequest],
    to_whom: Callable[[ServiceRequest], User | None],
    give: Callable[..., None],
    *,
    by: User,
    now: datetime,
) -> list[ServiceRequest]:
    moved: list[ServiceRequest] = []
    refused: Refused | None = None
    for case in cases:
        person = to_whom(case)
        if person is None:
            continue
        try:
            give(case, person, by=by, now=now)
        except AlreadyHandled:
            continue  # it ended or was given to somebody this very moment; the others still go
        except Refused as refusal:
            refused = refusal  # it went to another office this very moment, or this person may not do it at all
            continue
        moved.append(case)
    if refused is not None and not moved:
        raise refused
    return moved


def deputy_for(case: ServiceRequest) -> User | None:
    """The deputy of the post behind a case, if there is one who is not its holder already and whom it is not about."""
    post = post_behind(case)
    deputy = post.deputy if post is not None else None
    may = deputy is not None and deputy.is_active and deputy.pk not in (case.holder_id, case.kept_from_id)
    return deputy if may else None


def post_behind(case: ServiceRequest) -> Post | None:
    """That of the item; of a demand or an order, which have no item, the post its holder has in the office."""
    if case.edition_id:
        return case.edition.post if case.edition.post_id else None
    found = Post.objects.filter(office=case.office_id, closed_on__isnull=True, holder=case.holder_id, holder__isnull=False)
    return found.select_related("holder", "deputy").order_by("code").first()


def stood_in_for(holder: User, offices: Collection[int] | None = None) -> list[ServiceRequest]:
    """The cases that the deputies of this person's posts hold in this person's place: not those the head gave them."""
    newest = Assignment.objects.filter(service_request=OuterRef("pk")).order_by("-id")
    of_office = Post.objects.filter(office=OuterRef("office"), holder=holder, deputy=OuterRef("holder"), closed_on__isnull=True)
    of_item = Q(edition__post__holder=holder, holder_id=F("edition__post__deputy_id"))
    cases = coverable().filter(of_item | Q(Exists(of_office), edition__isnull=True)).exclude(holder=holder)
    if offices is not None:
        cases = cases.filter(office_id__in=offices)
    cases = cases.annotate(why=Subquery(newest.values("why")[:1]), held_before=Subquery(newest.values("holder")[1:2]))
    found = list(cases.filter(why=Assignment.Why.DEPUTY).select_related("office", "holder", "edition__post__deputy").order_by("id"))
    return [case for case in found if case.edition_id or _is_of(holder, case)]


def _is_of(holder: User, case: ServiceRequest) -> bool:
    """One deputy may stand in for several people of an office: a demand goes back to whom it came from, a new one to the first post."""
    if case.held_before == holder.pk:
        return True
    others = Post.objects.filter(office=case.office_id, closed_on__isnull=True, deputy=case.holder_id, holder=case.held_before)
    first = assigning.first_post(case.office)
    return not others.exists() and first is not None and first.holder_id == holder.pk


def holder_for(case: ServiceRequest) -> User | None:
    """The holder of the post in whose place the deputy holds this case now."""
    for post in _deputised(case):
        holder = post.holder
        if holder is not None and holder.is_active and case.pk in {one.pk for one in stood_in_for(holder, {case.office_id})}:
            return holder
    return None


def _deputised(case: ServiceRequest) -> Iterable[Post]:
    """The posts at which whoever holds this case is the deputy: that of its item; without an item those of its office."""
    if case.holder_id is None:
        return ()
    if case.edition_id:
        post = case.edition.post if case.edition.post_id else None
        return (post,) if post is not None and post.deputy_id == case.holder_id else ()
    return Post.objects.filter(deputy=case.holder_id, office=case.office_id, closed_on__isnull=True).select_related("holder")


def to_deputy(case: ServiceRequest, deputy: User, *, by: User, now: datetime) -> None:
    """One case to the deputy of its post."""
    pass_on("hand_over", case, deputy, Assignment.Why.DEPUTY, by=by, now=now)


def give_back(case: ServiceRequest, holder: User, *, by: User, now: datetime) -> None:
    """One case from the deputy back to the holder of its post. Raises Refused while the holder is away."""
    if holder.pk in staffing.whereabouts([holder.pk], now):
        raise Refused(_("%(name)s is away. The case stays with the deputy until then.") % {"name": holder.name})
    pass_on("give_back", case, holder, Assignment.Why.POST, by=by, now=now)


def pass_on(name: str, case: ServiceRequest, person: User, why: Assignment.Why, *, by: User, now: datetime) -> None:
    with change(name, case, by=by, now=now) as work:
        if work.case.holder_id == person.pk:
            raise AlreadyHandled(_("%(name)s already has this case.") % {"name": person})
        if work.case.holder_id != case.holder_id:
            raise AlreadyHandled(_("Somebody else was given this case meanwhile."))
        work.facts.update(before=work.case.holder_id, holder=person.pk)
        if why == Assignment.Why.THIRD:
            work.facts["third"] = True
        work.case.holder, work.redate = person, False
        assigning.write_assignment(work.case, why, by=by, now=now)
