"""The ways out of the house. A back end delivers one parcel or raises NotDelivered with a reason that names nobody.

Which one is used follows from the settings: SMS_URL (a gateway that takes JSON), EMAIL_HOST, DEMO. OUTBOX_BACKENDS, a
dictionary of channel → dotted path, overrides. A production without a gateway must not pretend to have sent: `NoWayOut`
hands the message to the clerks' call list at once.
"""

import smtplib
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

SMS_TIMEOUT = httpx.Timeout(10, connect=5)  # seconds
NOT_OUR_NUMBER = {400, 404, 410, 422}  # answers of a gateway after which trying again is of no use


@dataclass(frozen=True)
class Parcel:
    """A message in the clear, for the moment of sending only. Its repr shows no personal data."""

    id: str
    channel: str
    purpose: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class NotDelivered(Exception):
    """The reason goes into the database and the log: a kind of error, never an address, a name or a text."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Backend(Protocol):
    """What `deliver` needs of a way out."""

    def deliver(self, parcel: Parcel) -> None: ...

    def close(self) -> None: ...


class Console:
    """Says on standard output that something would have been sent; its text only while debugging."""

    def deliver(self, parcel: Parcel) -> None:
        line = f"[outbox] {parcel.channel} {parcel.purpose} {parcel.id}"
        if settings.DEBUG:
            line += f" → {parcel.to}: {parcel.subject} {parcel.text}"
        sys.stdout.write(line + "\n")

    def close(self) -> None:
        """Nothing is held open."""


class Recorder:
    """Keeps what would have been sent, for tests and the demonstration: in memory, the last thousand, of this process."""

    sent: ClassVar[deque[Parcel]] = deque(maxlen=1000)

    def deliver(self, parcel: Parcel) -> None:
        self.sent.append(parcel)

    def close(self) -> None:
        """Nothing is held open."""


class NoWayOut:
    """A channel that this installation does not have."""

    def deliver(self, parcel: Parcel) -> None:
        raise NotDelivered(f"no {parcel.channel} gateway is set up", permanent=True)

    def close(self) -> None:
        """Nothing is held open."""


class Smtp:
    """E-mail by Django's mail settings."""

    def deliver(self, parcel: Parcel) -> None:
        mail = EmailMessage(
            subject=" ".join(parcel.subject.split()),
            body=parcel.text,
            to=[parcel.to],
            # The same id at a second try, so that a mailbox may drop the double.
            headers={"Message-ID": f"<{parcel.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>') or 'localhost'}>"},
        )
        try:
            taken = mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _answer in error.recipients.values()]
            raise NotDelivered(f"recipient refused {codes[:1]}", permanent=all(code >= 500 for code in codes)) from None
        except (smtplib.SMTPException, OSError) as error:
            # `from None`: the text of these errors repeats the address.
            raise NotDelivered(type(error).__name__) from None
        if not taken:
            raise NotDelivered("not taken by the mail server")

    def close(self) -> None:
        """Each mail has its own connection."""


class SmsGateway:
    """A gateway over HTTPS: POST of {"id", "to", "text"} with a bearer key; any 2xx is "taken"."""

    def __init__(self, url: str = "", key: str = "", transport: httpx.BaseTransport | None = None) -> None:
        self.url = url or settings.SMS_URL
        self.client = httpx.Client(
            timeout=SMS_TIMEOUT,
            follow_redirects=False,
            transport=transport,
            headers={"Authorization": f"Bearer {key or settings.SMS_KEY}"},
        )

    def deliver(self, parcel: Parcel) -> None:
        try:
            answer = self.client.post(
                self.url,
                json={"id": parcel.id, "to": parcel.to, "text": parcel.text},
                headers={"Idempotency-Key": parcel.id},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotDelivered(type(error).__name__) from None
        if not answer.is_success:
            raise NotDelivered(f"HTTP {answer.status_code}", permanent=answer.status_code in NOT_OUR_NUMBER)

    def close(self) -> None:
        self.client.close()


def configured_backends() -> dict[str, Backend]:
    """One way out per channel, as the settings say."""
    override: dict[str, str] = getattr(settings, "OUTBOX_BACKENDS", {})
    demo = getattr(settings, "DEMO", False)
    chosen: dict[str, type] = {
        "sms": SmsGateway if getattr(settings, "SMS_URL", "") else (Recorder if demo else NoWayOut),
        "mail": Smtp if settings.EMAIL_HOST else (Console if demo else NoWayOut),
    }
    chosen.update({channel: import_string(path) for channel, path in override.items()})
    return {channel: backend() for channel, backend in chosen.items()}
