"""Coming in and going out: what is recorded, where a person lands, who needs a second factor, which desk a browser stands at.

A browser in which somebody signed in with a password is a *desk* of that person's office for twelve hours: colleagues of
the office may take over by PIN. The desk is kept through a change of person and gone after signing out. With it goes nothing but
tracking codes not yet printed, sealed and each for the person who made it (`requests.secrets_once`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from officials.audit import verb
from officials.models import AccessRecord, OfficeUserObjectPermission, User
from officials.permissions import CALENDAR, EDIT, HANDLE, HEAD, INSPECT, PUBLISH, SUPERVISE, TAKE_IN, rights
from requests import secrets_once
from requests.throttle import address_of

PASSWORD_BACKEND = "portal.staff_session.StaffBackend"
SECOND_FACTOR_FOR = (HEAD, SUPERVISE, INSPECT, CALENDAR)
DESK_HOURS = 12
_DESK = "desk"
What = AccessRecord.What

# The first room a person has a right in is where they land after signing in.
LANDINGS = (
    ((TAKE_IN, HANDLE, HEAD), "/desk/"),
    ((SUPERVISE,), "/overdue/"),
    ((INSPECT,), "/audit/"),
    ((EDIT, PUBLISH), "/editing/"),
)


def record(what: AccessRecord.What, *, by: User, now: datetime, reason: str = "", subject: str = "") -> None:
    """One line of who came, went or changed; the person is the actor of their own coming and going."""
    subject = subject or f"user:{by.pk}"
    with verb(str(what.value).replace("-", "_"), by=by, now=now, subject=subject):
        AccessRecord.objects.create(at=now, by=by, what=what, subject=subject, reason=reason)


def safe_next(request) -> str:
    """Where the person wanted to go, when that is a page of this site; "" otherwise."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    # Only a path: anything without its slash `redirect` would take for the name of a view.
    if len(target) > 1000 or not target.isprintable() or not target.startswith("/"):
        return ""
    own = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if own and not target.startswith("/accounts/") else ""


def landing(user: User) -> str:
    held = rights(user)
    for names, address in LANDINGS:
        if held.where(*names):
            return address
    return "/admin/" if user.is_staff else "/desk/"


# -- the desk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What a password sign-in opened: the offices whose people may take over by PIN, and until when."""

    offices: tuple[int, ...]
    since: datetime


def enter(request, user: User, now: datetime) -> None:
    """A full sign-in: recorded, the session renewed, the browser a desk of this person's offices."""
    record(What.SIGN_IN, by=user, now=now)
    login(request, user)
    open_desk(request, user, now)


def open_desk(request, user: User, now: datetime) -> None:
    offices = {user.office_id} - {None} | rights(user).where(TAKE_IN)
    request.session[_DESK] = {"offices": sorted(offices), "since": int(now.timestamp())}


def desk_of(request, now: datetime) -> Desk | None:
    """The desk of this browser; None when no password was given here in the last twelve hours."""
    kept = request.session.get(_DESK)
    if not kept:
        return None
    since = datetime.fromtimestamp(kept["since"], UTC)
    return Desk(tuple(kept["offices"]), since) if now - since < timedelta(hours=DESK_HOURS) else None


def change_person(request, person: User, now: datetime) -> None:
    """Another person at the same desk: a new session id, nothing of the former person's session but the desk itself and unprinted codes."""
    kept, codes = request.session.get(_DESK), secrets_once.of_the_desk(request)
    before = request.user
    record(What.CHANGE_PERSON, by=person, now=now, reason=f"{before.staff_no} → {person.staff_no}")
    login(request, person, backend=PASSWORD_BACKEND)
    request.session[_DESK] = kept
    secrets_once.carry(request, codes)


def colleagues(desk: Desk, user: User) -> list[User]:
    """Who may take over here by PIN. Administrators never; with a second factor in force, nobody who needs one."""
    people = User.objects.filter(office_id__in=desk.offices, is_active=True, is_job=False, is_staff=False).exclude(pk=user.pk)
    people = list(people.select_related("office", "official").order_by("office__sort", "staff_no"))
    if not settings.TWO_FACTOR:
        return people
    needing = set(
        OfficeUserObjectPermission.objects.filter(user__in=people, permission__codename__in=SECOND_FACTOR_FOR).values_list(
            "user_id", flat=True
        )
    )
    return [person for person in people if person.pk not in needing]


# -- the second factor and the twelve hours ------------------------------------------------------------------------


def needs_second_factor(user: User) -> bool:
    """Who sees or decides much: heads, supervisors, inspectors, the calendar, the administration."""
    return settings.TWO_FACTOR and (user.is_staff or bool(rights(user).where(*SECOND_FACTOR_FOR)))


class SignInMiddleware:
    """Between password and code a person is nobody, on every address; twelve hours after the password everybody is out.

    The person half signed in is `request.half_signed_in`, read by the page that asks for the code and by nothing else.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.half_signed_in = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if _DESK in request.session and desk_of(request, timezone.now()) is None:
                logout(request)
            elif settings.TWO_FACTOR and not request.user.is_verified() and needs_second_factor(request.user):
                request.half_signed_in, request.user = request.user, AnonymousUser()
        return self.get_response(request)


# -- locked out ----------------------------------------------------------------------------------------------------


def client_address(request) -> str:
    """What django-axes counts by. A forged X-Forwarded-For changes nothing: see `requests.throttle.address_of`."""
    return address_of(request) or "0.0.0.0"


def locked_until(username: str, request) -> datetime:
    """When the next try is answered: a quarter of an hour after the last one that was counted."""
    last = AccessAttempt.objects.filter(username=username, ip_address=client_address(request)).order_by("-attempt_time").first()
    pause = timedelta(hours=settings.AXES_COOLOFF_TIME)
    return (last.attempt_time if last else timezone.now()) + pause
