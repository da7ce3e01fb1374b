"""The road of a batch: opened, reported by the villages, one notice, one freeze, one transfer, the county's answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import verb
from officials.calendar import calendar_for
from officials.models import Office, User
from officials.permissions import HANDLE, HEAD, rights
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Batch, BatchEvent, BatchHousehold, BatchVillage, PublicNotice
from requests.permissions import hangs_in
from requests.public_notice import days, rules
from requests.public_notice.verbs import SERIES
from requests.reasons import say_date
from requests.season import people
from services.models import Edition

Verb = BatchEvent.Verb


def open_batch(
    edition: Edition,
    *,
    year: int,
    begins_on: date,
    ends_on: date,
    expected: Mapping[Office, int],
    late_allowed: bool = False,
    by: User,
    now: datetime,
) -> Batch:
    """A batch of this item; `expected`: households of each village that takes part."""
    if ends_on < begins_on:
        raise Refused(_("The last day lies before the first."))
    if not expected:
        raise Refused(_("Say of at least one village how many households are expected."))
    if not rights(by).has(HANDLE, edition.office_id):
        raise Refused(_("This belongs to: %(who)s.") % {"who": edition.office.name})
    with verb("open_batch", by=by, now=now) as act:
        if Batch.objects.filter(item_id=edition.item_id, begins_on__lte=ends_on, ends_on__gte=begins_on).exists():
            raise AlreadyHandled(_("There is a batch of this item in these days already."))
        batch = Batch(
            township_id=edition.item.township_id, item=edition.item, edition=edition, office=edition.office, year=year, begins_on=begins_on,
            ends_on=ends_on, late_allowed=late_allowed, opened_at=now, opened_by=by,
        )  # fmt: skip
        batch.save()
        act.subject = f"batch:{batch.pk}"
        people.new_key(batch)
        for village, households in expected.items():
            BatchVillage(batch=batch, village=village, expected=households).save()
        BatchEvent.objects.create(batch=batch, verb=Verb.OPENED, at=now, by=by, facts={"expected": sum(expected.values())})
    return batch


@contextmanager
def _change(name: str, batch: Batch, right: str, *, by: User, now: datetime) -> Iterator[Batch]:
    with verb(name, by=by, now=now, subject=f"batch:{batch.pk}"):
        fresh = Batch.objects.select_for_update(of=("self",)).select_related("edition", "office", "township").get(pk=batch.pk)
        if not rights(by).has(right, fresh.office_id):
            who = _("the head of the responsible office") if right == HEAD else fresh.office.name
            raise Refused(_("This belongs to: %(who)s.") % {"who": who})
        yield fresh
        fresh.save()
    batch.refresh_from_db()


def has_notice(batch: Batch) -> bool:
    """Whether the item wants a public notice at all."""
    return not rules.why_none(batch.edition)


def _refuse_objecting(batch: Batch) -> None:
    if BatchHousehold.objects.filter(batch=batch, state=BatchHousehold.State.OBJECTING).exists():
        raise Refused(_("Households still object. Settle that first and report them anew."))


def begin_notice(batch: Batch, *, hang_on: date, by: User, now: datetime) -> list[PublicNotice]:
    """One notice for the batch: a sheet for each village, all on the same days. The days lie outside any limit of a case."""
    with _change("notice_batch", batch, HANDLE, by=by, now=now) as fresh:
        sentence = rules.why_none(fresh.edition)
        if sentence:
            raise Refused(sentence)
        if fresh.notices.exists():
            raise AlreadyHandled(_("The public notice of this batch was begun already."))
        today = timezone.localdate(now)
        if hang_on < today:
            raise Refused(_("This day is over. A notice hangs from today on or later."))
        villages = list(Office.objects.filter(pk__in=fresh.households.values("village_id")))
        if not villages:
            raise Refused(_("No village has reported yet."))
        _refuse_objecting(fresh)
        said = fresh.edition.public_notice
        first_on, last_on = days.span(hang_on, said["days"], said["unit"], calendar_for(fresh.township_id))
        basis = ((said.get("counted_basis") or {}).get("text") or "")[:200]
        found = []
        for village in villages:
            number = numbers.show(fresh.township.code, today.year, numbers.take(fresh.township, SERIES, today), SERIES)
            notice = PublicNotice(
                township=fresh.township, number=number, batch=fresh, edition=fresh.edition, office=fresh.office, village=village,
                place=said.get("place") or _("notice board of the village"),
                phone=(said.get("objection") or {}).get("phone") or fresh.office.phone or fresh.township.phone,
                allowed=list(said.get("allow_fields") or []), value=said["days"], unit=said["unit"], basis=basis,
                counts=PublicNotice.Counts.OUTSIDE, hang_on=hang_on, first_on=first_on, last_on=last_on, begun_at=now, begun_by=by,
            )  # fmt: skip
            notice.save()
            found.append(notice)
        BatchEvent.objects.create(batch=fresh, verb=Verb.NOTICED, at=now, by=by, facts={"last_on": str(last_on), "sheets": len(found)})
    return found


def freeze(batch: Batch, *, by: User, now: datetime) -> None:
    """定稿: reporting is over, the notice has hung, nobody objects any more. From now on the head allows each change."""
    with _change("freeze_batch", batch, HANDLE, by=by, now=now) as fresh:
        today = timezone.localdate(now)
        if fresh.frozen_at is not None:
            raise AlreadyHandled(_("The batch is frozen already."))
        if today <= fresh.ends_on:
            raise Refused(_("Reporting goes on until %(date)s.") % {"date": say_date(fresh.ends_on)})
        if not fresh.households.exists():
            raise Refused(_("No village has reported yet."))
        _refuse_objecting(fresh)
        if has_notice(fresh):
            notices = list(fresh.notices.all())
            if not notices:
                raise Refused(_("The public notice was not begun yet."))
            if any(one.posted_at is None or one.last_on >= today for one in notices):
                raise Refused(_("The public notice has to hang to its last day in every village first."))
        fresh.frozen_at, fresh.frozen_by = now, by
        BatchEvent.objects.create(batch=fresh, verb=Verb.FROZEN, at=now, by=by, facts={"households": fresh.households.count()})


def unlock(batch: Batch, village: Office, *, by: User, now: datetime) -> None:
    """The head lets one village's frozen list be taken in once more."""
    with _change("unlock_batch", batch, HEAD, by=by, now=now) as fresh:
        if fresh.frozen_at is None or fresh.transferred_at is not None:
            raise Refused(_("Only a frozen batch that was not transferred yet is unlocked."))
        line = BatchVillage.objects.get(batch=fresh, village=village)
        if line.unlocked_at is not None:
            raise AlreadyHandled(_("This village is unlocked already."))
        line.unlocked_at, line.unlocked_by = now, by
        line.save()
        BatchEvent.objects.create(batch=fresh, verb=Verb.UNLOCKED, village=village, at=now, by=by)


def transfer(batch: Batch, *, number: str, on: date, by: User, now: datetime) -> None:
    """The whole batch goes to the county once, with its number and day."""
    if not number.strip():
        raise Refused(_("Enter the number."))
    with _change("transfer_batch", batch, HANDLE, by=by, now=now) as fresh:
        if fresh.transferred_at is not None:
            raise AlreadyHandled(_("The batch was transferred already."))
        if fresh.frozen_at is None:
            raise Refused(_("Freeze the batch first."))
        if fresh.villages.exclude(unlocked_at=None).exists():
            raise Refused(_("A village is unlocked and its change has not come in yet."))
        _refuse_objecting(fresh)
        if not timezone.localdate(fresh.frozen_at) <= on <= timezone.localdate(now):
            raise Refused(_("It was transferred between the day of the freeze and today."))
        fresh.transfer_number, fresh.transferred_on, fresh.transferred_at, fresh.transferred_by = number, on, now, by
        facts = {"number": number, "on": str(on), "households": fresh.households.count()}
        BatchEvent.objects.create(batch=fresh, verb=Verb.TRANSFERRED, at=now, by=by, facts=facts)


def record_result(batch: Batch, *, approved: int, returned: int, by: User, now: datetime) -> None:
    """The county's answer, in households; the sum must be what was sent."""
    with _change("result_of_batch", batch, HANDLE, by=by, now=now) as fresh:
        if fresh.transferred_at is None:
            raise Refused(_("The batch was not transferred yet."))
        if fresh.result_at is not None:
            raise AlreadyHandled(_("The result was entered already."))
        sent = fresh.households.count()
        if approved + returned != sent:
            raise Refused(_("%(n)s households were sent; approved and returned must add up to that.") % {"n": sent})
        fresh.approved, fresh.returned, fresh.result_at, fresh.result_by = approved, returned, now, by
        BatchEvent.objects.create(batch=fresh, verb=Verb.RESULT, at=now, by=by, facts={"approved": approved, "returned": returned})


def post_sheet(notice: PublicNotice, *, by: User, now: datetime) -> None:
    """A village's sheet of a batch hangs since today."""
    with verb("post_batch_sheet", by=by, now=now, subject=f"notice:{notice.pk}"):
        fresh = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if not rights(by).has(HANDLE, fresh.office_id) and not hangs_in(by, fresh.village_id):
            raise Refused(_("This belongs to: %(who)s.") % {"who": fresh.office.name})
        if fresh.posted_at is not None:
            raise AlreadyHandled(_("The sheet was posted already."))
        today = timezone.localdate(now)
        fresh.hang_on = today
        fresh.first_on, fresh.last_on = days.span(today, fresh.value, fresh.unit, calendar_for(fresh.township_id))
        fresh.posted_at, fresh.posted_by = now, by
        fresh.save()


def forget(batch: Batch, *, by: User, now: datetime) -> None:
    """The time for keeping it is over: the households become unreadable, the figures stay. Next year's list begins empty."""
    with _change("forget_batch", batch, HEAD, by=by, now=now) as fresh:
        if fresh.result_at is None:
            raise Refused(_("The result of the county is not there yet."))
        people.forget(fresh)
        BatchEvent.objects.create(batch=fresh, verb=Verb.FORGOTTEN, at=now, by=by)
