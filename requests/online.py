"""What comes in from the internet without an account: one form is one case, and a lost answer can be asked for again.

The tracking secret of such a case is derived from the token of its form, so that sending the same form again shows the same
secret though the database knows only its digest. The token never leaves the sealed field of the form.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from officials.models import Office, Township, User
from officials.privacy.keys import keyring
from officials.privacy.tracking import DIGITS, grouped_secret, secret_matches
from requests import consulting
from requests.intake import FormUsed, Intake, receive
from requests.models import ServiceRequest
from services.models import Edition, Item
from services.saying import group_phone

CHANNEL_WORD = "网上"  # how the catalogue names this channel
# On the computer in the hall the next person may press Back: the secret is repeated only for a lost answer.
REPEAT_SECRET_FOR = timedelta(minutes=30)


class AlreadySent(Exception):
    """A form that was already sent comes again with other content: it changes nothing."""

    def __init__(self, case: ServiceRequest) -> None:
        super().__init__(case.number)
        self.case = case


@dataclass(frozen=True)
class Sent:
    """The case of a form. `secret` is in four groups, or "" where it is not shown any more."""

    case: ServiceRequest
    secret: str
    is_new: bool


def new_token() -> str:
    """The token of one form; as hard to guess as the secret that follows from it, and more."""
    return secrets.token_urlsafe(24)


def token_of(words: str) -> str:
    """The token of a form that has none of its own: of the same words always the same, and as hard to guess."""
    return keyring().hmac("online-token", words)[:32]


def secret_of(token: str) -> str:
    """The tracking secret that belongs to a form: always the same sixteen digits."""
    return grouped_secret(f"{int(keyring().hmac('online-secret', token), 16) % 10**DIGITS:0{DIGITS}d}")


def send(order: Intake, *, call_back: bool = False, now: datetime) -> Sent:
    """Log what a form brought, once. Raises AlreadySent when its token came before with other content, and Refused.

    `call_back`: the page promises a call, so the same transaction writes the promise down as a window does.
    """
    secret = secret_of(order.form_token)
    order.secret = secret
    log = consulting.promise_call if call_back else receive
    try:
        received = log(order, by=User.objects.job("online"), now=now)
    except FormUsed as used:
        raise AlreadySent(used.case) from used
    if received.is_new:
        return Sent(received.case, secret, is_new=True)
    return _again(received.case, secret, now)


def sent_before(token: str) -> bool:
    """Was this form sent already? Then it costs no one's limit to send it again."""
    return ServiceRequest.objects.filter(form_token=token).exists()


def _again(case: ServiceRequest, secret: str, now: datetime) -> Sent:
    fresh = now - case.recorded_at <= REPEAT_SECRET_FOR
    # A secret that was renewed meanwhile has ended: the derived one would be wrong.
    shown = secret if fresh and secret_matches(secret, case.key.secret_salt, case.key.secret_digest) else ""
    return Sent(case, shown, is_new=False)


_AROUND = ("item__township", "office__township", "category", "post__holder", "post__deputy")


def published_edition(code: str) -> Edition | None:
    """The text in force of the item with this code, with what a new case needs around it."""
    return Edition.objects.published().filter(item__code=code).select_related(*_AROUND).order_by("item__township_id").first()


def edition_as_begun(pk: int) -> Edition | None:
    """The text a form was begun with, in force or not."""
    return Edition.objects.filter(pk=pk).select_related(*_AROUND).first()


def retired_item(code: str) -> Item | None:
    """An item that was published once and was taken out of the catalogue."""
    retired = Item.objects.filter(code=code, retired_on__isnull=False, editions__published_at__isnull=False)
    return retired.order_by("township_id").first()


def phone_of(edition: Edition) -> str:
    """Whom to call about the item: its office, its post, else the centre."""
    duty = edition.post.duty_phone if edition.post else ""
    return group_phone(edition.office.phone or duty or edition.item.township.phone)


def accepts_online(edition: Edition) -> bool:
    """Does the catalogue name the internet among the ways of this item?"""
    return CHANNEL_WORD in (edition.channels or [])


def township() -> Township | None:
    """The township of this installation."""
    return Township.objects.order_by("pk").first()


def reception_of(place: Township) -> Office | None:
    """The window that takes in for every office, else the centre itself."""
    offices = list(Office.objects.open().filter(township=place).select_related("township"))
    for_all = [office for office in offices if office.takes_in_for_all]
    centres = [office for office in offices if office.kind == Office.Kind.CENTRE]
    return next(iter([*for_all, *centres]), None)
