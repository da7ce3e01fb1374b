""" "What about my case?" on the phone (domain 16.6): found by two facts that fit, told state and dates only, written down.

The search goes over the whole township, further than `visible()`: whoever calls the centre is told where the case stands,
whoever handles it. So nothing is told beyond what the resident would read by tracking, and a caller who fits nothing hears
the general way, the same whether there is a case or not.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import numbers
from officials.audit import verb
from officials.models import Office, Township, User
from officials.privacy.lookup import name_digest
from officials.privacy.tracking import secret_matches
from requests.county import standing
from requests.lifecycle import UNACCEPTED, Refused, refusal
from requests.materials import still_to_come, told_once
from requests.models import PhoneQuestion, ServiceRequest
from requests.permissions import is_sensitive, may_take_in, not_about, visible
from requests.persons import phone_tail_digest, tail_fits
from requests.reasons import say_date

Matched = PhoneQuestion.Matched
MOST = 5  # cases told in one call
SHORT_NUMBER = 7  # so many digits at most are the running number, as people read it out
TWO_FACTS = gettext_lazy(
    "Two facts have to fit: number and last four digits, or number and tracking code, "
    "or name, village (or that none was noted) and last four digits."
)
_RELATED = ("township", "edition", "office", "village", "key", "applicant")


@dataclass(frozen=True)
class Facts:
    """What the caller said. Two facts have to fit together; which ones decides `Matched`."""

    name: str = ""
    village: Office | None = None
    no_village: bool = False  # said to be noted without one: fits those cases only
    tail: str = ""
    number: str = ""
    secret: str = ""

    @property
    def way(self) -> str:
        """Which pair of facts was given; "" when they are not enough."""
        if self.number and self.secret:
            return Matched.SECRET
        if self.number and self.tail:
            return Matched.NUMBER_PHONE
        if self.name and bool(self.village) != self.no_village and self.tail:
            return Matched.NAME_VILLAGE_PHONE
        return ""


def ask(facts: Facts, *, office: Office, by: User, now: datetime) -> list[PhoneQuestion]:
    """Look the case up and write down what is told, one row for each case; one row too when nothing fits."""
    if not may_take_in(by, office.pk):
        raise Refused(_("Questions on the phone are answered at the windows."))
    if not facts.way:
        raise Refused(str(TWO_FACTS))
    found = _find(facts, office.township, by, now)
    rows = [PhoneQuestion(service_request=case, matched=facts.way, told=_in_short(case), at=now, by=by) for case in found]
    if not rows:
        rows = [PhoneQuestion(matched=Matched.NOTHING, told="general", at=now, by=by)]
    subject = f"case:{found[0].pk}" if found else ""
    with verb("phone_question", by=by, now=now, subject=subject):
        for row in rows:
            row.save()
    return rows


def _find(facts: Facts, township: Township, by: User, now: datetime) -> list[ServiceRequest]:
    # Whoever answers the phone may be whom it is about: then there is nothing to tell (domain 14, no. 9).
    told_here = ServiceRequest.objects.filter(not_about(by), township=township, anonymised_at__isnull=True)
    cases = told_here.exclude(status=ServiceRequest.Status.VOIDED)
    if facts.way == Matched.NAME_VILLAGE_PHONE:
        return _by_person(cases, facts)
    case = cases.filter(number__in=_numbers(facts.number, township, now)).select_related(*_RELATED).order_by("-number").first()
    if case is None:
        return []
    if facts.way == Matched.SECRET:
        fits = secret_matches(facts.secret, case.key.secret_salt, case.key.secret_digest)
    else:
        fits = tail_fits(case, facts.tail)
    return [case] if fits else []


def _by_person(cases: QuerySet[ServiceRequest], facts: Facts) -> list[ServiceRequest]:
    """Open cases first, then the newest."""
    name = name_digest(facts.name)
    if not name:
        return []
    by_tail = Q(key__phone_tail_hmac="") | Q(key__phone_tail_hmac=phone_tail_digest(facts.tail))
    found = cases.filter(by_tail, key__name_hmac=name, village=facts.village).select_related(*_RELATED)
    in_turn = found.order_by(F("ended_at").desc(nulls_first=True), "-received_at")
    return list(islice((case for case in in_turn if tail_fits(case, facts.tail)), MOST))


def _numbers(typed: str, township: Township, now: datetime) -> list[str]:
    """The whole number, or its running digits of this year and the last."""
    whole = numbers.parse(typed)
    if whole is not None:
        return [str(whole)]
    if typed.isascii() and typed.isdigit() and len(typed) <= SHORT_NUMBER and int(typed):
        year = timezone.localdate(now).year
        return [numbers.show(township.code, year, int(typed)), numbers.show(township.code, year - 1, int(typed))]
    return []


def _in_short(case: ServiceRequest) -> str:
    """What is written down: codes and a date, no words about a person."""
    return f"{case.status}; due {case.due_on or '-'}"[:60]


@dataclass
class Told:
    """What may be said of one case. `item` is empty where its name alone would betray something."""

    status: str
    item: str
    received: str
    due: str
    accepted: str
    missing: str
    office: str
    phone: str
    number: str = ""  # only where the clerk may see the case anyway
    url: str = ""
    renew_url: str = ""


def told(rows: list[PhoneQuestion], user: User) -> list[Told]:
    """The answers of one call, as they may be read out now."""
    cases = [row.service_request for row in rows if row.service_request is not None]
    known = set(visible(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    return [_told(case, user, case.pk in known) for case in cases]


def _told(case: ServiceRequest, user: User, may_open: bool) -> Told:
    running = case.is_open and case.status != ServiceRequest.Status.AWAITING_MATERIALS
    may_renew = may_open and not refusal("renew_secret", case, user)
    return Told(
        status=_status(case),
        item="" if is_sensitive(case) else case.title,
        received=say_date(timezone.localdate(case.received_at)),
        accepted=say_date(timezone.localdate(case.accepted_at)) if case.accepted_at else "",
        due=say_date(case.told_on) if running and case.told_on else "",
        missing=_missing(case),
        office=case.office.name,
        phone=case.office.phone or case.township.phone,
        number=case.number if may_open else "",
        url=case.get_absolute_url() if may_open else "",
        renew_url=f"{case.get_absolute_url()}renew-secret/" if may_renew else "",
    )


def _status(case: ServiceRequest) -> str:
    """The step, never the outcome: what was decided is told to the applicant in person or in writing.

    What lies with the county is told as it is: where, and since when (domain 16.9).
    """
    step = str(case.get_status_display())
    if not case.county_since:
        return step
    said = _("With %(body)s since %(since)s.") % {"body": standing.where(case), "since": say_date(case.county_since)}
    return f"{step} · {said}"


def _missing(case: ServiceRequest) -> str:
    """What is missing: the papers by name, or only how many where the names would betray something."""
    if case.status not in UNACCEPTED or case.edition_id is None:
        return ""
    lines = told_once(still_to_come(case))
    if not lines:
        return ""
    if is_sensitive(case):
        return _("Papers still missing: %(n)s. They are listed on the receipt.") % {"n": len(lines)}
    return _("Still missing: %(what)s.") % {"what": _(", ").join(line.name for line in lines)}
