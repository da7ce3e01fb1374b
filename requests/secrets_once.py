"""A tracking secret between the page that made it and the first receipt: sealed in the session, gone once it is printed.

The database knows only its digest, so this is the last place where it can be read. Each is kept for the person who made it,
by user id: a change of person by PIN carries it along unread, so that whoever took the case in finds it again when back at
this desk, and nobody else ever does. It ends with the desk: signing out, twelve hours, another sign-in by password.
"""

from typing import Any

from django.http import HttpRequest

from officials.models import User
from officials.privacy.keys import KeyUnknown, keyring
from officials.privacy.tracking import secret_matches
from requests.models import ServiceRequest

_SESSION = "codes_once"  # {user id: {number of the case: [sealed secret, was it shown by `show_once`?]}}
_KEPT_AT_MOST = 30  # of one person, a village day's worth; older ones are renewed on the case page


def put(request: HttpRequest, number: str, secret: str) -> None:
    """Keep the secret of a case (new or renewed) until its receipt is printed. An older one of this case has ended."""
    if not secret:
        return
    desk = {owner: {key: entry for key, entry in kept.items() if key != number} for owner, kept in of_the_desk(request).items()}
    own = desk.get(_owner(request), {}) | {number: [keyring().wrap(secret.encode()), False]}
    request.session[_SESSION] = desk | {_owner(request): dict(list(own.items())[-_KEPT_AT_MOST:])}


def put_at_once(request: HttpRequest, number: str, secret: str) -> None:
    """As `put`, written within the transaction that makes the case, and so committed or lost with it."""
    put(request, number, secret)
    session = request.session
    row = session.create_model_instance(dict(session.items()))
    if type(row).objects.filter(pk=row.pk).update(session_data=row.session_data, expire_date=row.expire_date):
        session.modified = False


def peek(request: HttpRequest, case: ServiceRequest) -> str:
    """The secret, to be shown or printed; "" when there is none any more, or none of this person."""
    return _read(of_the_desk(request).get(_owner(request), {}).get(case.number), case)


def show_once(request: HttpRequest, case: ServiceRequest) -> str:
    """The secret for a page that shows it a single time; until then and afterwards a receipt may still print it."""
    desk = of_the_desk(request)
    wrapped, was_shown = desk.get(_owner(request), {}).get(case.number, ["", True])
    secret = "" if was_shown else peek(request, case)
    if secret and request.method == "GET":
        desk[_owner(request)][case.number] = [wrapped, True]
        request.session[_SESSION] = desk
    return secret


def take(request: HttpRequest, case: ServiceRequest) -> str:
    """The secret, for the last time."""
    secret, desk = peek(request, case), of_the_desk(request)
    if desk.get(_owner(request), {}).pop(case.number, None) is not None:
        request.session[_SESSION] = desk
    return secret


def waits_for(request: HttpRequest, case: ServiceRequest) -> User | None:
    """The colleague of this desk for whom the secret of this case is kept, unprinted. The secret itself is not told."""
    for owner, kept in of_the_desk(request).items():
        if owner != _owner(request) and _read(kept.get(case.number), case):
            return User.objects.filter(pk=owner).first()
    return None


def of_the_desk(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """All that is kept in this browser, sealed and by its owner, as `carry` takes it into the session of the next person."""
    return {owner: dict(kept) for owner, kept in request.session.get(_SESSION, {}).items() if kept}


def carry(request: HttpRequest, kept: dict[str, dict[str, Any]]) -> None:
    """After a change of person at the same desk."""
    if kept:
        request.session[_SESSION] = kept


def _owner(request: HttpRequest) -> str:
    return str(request.user.pk)


def _read(entry: list | None, case: ServiceRequest) -> str:
    """What was sealed, as long as it is the code of the case: one that was renewed elsewhere has ended."""
    try:
        secret = keyring().unwrap(entry[0]).decode() if entry else ""
    except KeyUnknown:
        return ""
    return secret if secret and secret_matches(secret, case.key.secret_salt, case.key.secret_digest) else ""
