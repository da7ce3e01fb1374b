"""A tracking secret between the page that made it and the first receipt: sealed in the session, gone once it is printed.

The database knows only its digest, so this is the last place where it can be read. Whoever changes at a shared desk
takes it along: signing out or changing the person empties the session.
"""

from django.http import HttpRequest

from officials.privacy.keys import KeyUnknown, keyring

_SESSION = "secrets_once"
_SHOWN = "secrets_shown"
_KEPT_AT_MOST = 30  # a village day's worth; older ones are renewed on the case page


def put(request: HttpRequest, number: str, secret: str) -> None:
    """Keep the secret of a case (new or renewed) until its receipt is printed."""
    if not secret:
        return
    kept = dict(request.session.get(_SESSION, {}))
    kept.pop(number, None)
    if number in request.session.get(_SHOWN, []):
        request.session[_SHOWN] = [other for other in request.session[_SHOWN] if other != number]
    kept[number] = keyring().wrap(secret.encode())
    request.session[_SESSION] = dict(list(kept.items())[-_KEPT_AT_MOST:])


def put_at_once(request: HttpRequest, number: str, secret: str) -> None:
    """As `put`, written within the transaction that makes the case, and so committed or lost with it."""
    put(request, number, secret)
    session = request.session
    row = session.create_model_instance(dict(session.items()))
    if type(row).objects.filter(pk=row.pk).update(session_data=row.session_data, expire_date=row.expire_date):
        session.modified = False


def peek(request: HttpRequest, number: str) -> str:
    """The secret, to be shown or printed; "" when there is none any more."""
    wrapped = request.session.get(_SESSION, {}).get(number, "")
    if not wrapped:
        return ""
    try:
        return keyring().unwrap(wrapped).decode()
    except KeyUnknown:
        return ""


def show_once(request: HttpRequest, number: str) -> str:
    """The secret for a page that shows it a single time; until then and afterwards a receipt may still print it."""
    shown = request.session.get(_SHOWN, [])
    secret = "" if number in shown else peek(request, number)
    if secret and request.method == "GET":
        request.session[_SHOWN] = [*shown, number][-_KEPT_AT_MOST:]
    return secret


def take(request: HttpRequest, number: str) -> str:
    """The secret, for the last time."""
    secret = peek(request, number)
    kept = dict(request.session.get(_SESSION, {}))
    if kept.pop(number, None) is not None:
        request.session[_SESSION] = kept
    return secret
