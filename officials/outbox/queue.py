"""Putting messages into the outbox and taking them out of it without sending."""

import datetime
import json
from typing import Any

from django.db import IntegrityError, connection, transaction

from officials.models.outbox import AbstractMessage, Message
from officials.outbox.backends import Parcel
from officials.privacy.keys import keyring
from officials.privacy.sealing import open_sealed, seal

SECRET = "secret"  # the purpose of a message that carries a tracking secret: emptied as soon as it is sent


def send(
    *,
    channel: str,
    purpose: str,
    to: str,
    text: str,
    about: str,
    now: datetime.datetime,
    subject: str = "",
    sealer: str = "",
    key: bytes | None = None,
    not_before: datetime.datetime | None = None,
    working_time_only: bool = True,
    dedupe_key: str | None = None,
    model: type[AbstractMessage] = Message,
) -> AbstractMessage:
    """Write one message, inside the transaction of the change it tells of.

    With `sealer` and its data `key` both text and receiver are stored as ciphertext under that key; without, the text
    must name nobody and only the receiver is sealed. A `dedupe_key` already used gives back the message written then.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is written in the transaction of the change it tells of")
    if bool(sealer) != (key is not None):
        raise ValueError("a sealer needs its data key, and a data key its sealer")
    content = {"subject": subject, "text": text}
    message = model(
        channel=channel,
        purpose=purpose,
        subject_ref=about,
        sealer=sealer,
        body=json.dumps(content, ensure_ascii=False) if key is None else seal(key, content, _place(about, "body")),
        to=keyring().wrap(to.encode()) if key is None else seal(key, to, _place(about, "to")),
        created_at=now,
        next_try_at=max(now, not_before or now),
        working_time_only=working_time_only,
        dedupe_key=dedupe_key or None,
    )
    return _insert_once(message) if dedupe_key else _insert(message)


def open_message(message: AbstractMessage, key: bytes | None) -> Parcel:
    """The message in the clear, for the worker that sends it or the clerk who calls."""
    if message.sealer:
        if key is None:
            raise ValueError("this message is sealed under the data key of " + message.sealer)
        content: Any = open_sealed(key, message.body, _place(message.subject_ref, "body"))
        receiver = open_sealed(key, message.to, _place(message.subject_ref, "to"))
    else:
        content = json.loads(message.body)
        receiver = keyring().unwrap(message.to).decode()
    return Parcel(
        id=f"{message._meta.model_name}-{message.pk}",
        channel=message.channel,
        purpose=message.purpose,
        to=receiver,
        subject=content["subject"],
        text=content["text"],
    )


def forget(sealer: str, *, now: datetime.datetime, model: type[AbstractMessage] = Message) -> int:
    """Empty every message sealed for a case; those still waiting are given up. For a void and for anonymising."""
    messages = model.objects.filter(sealer=sealer)
    messages.waiting().update(failed_at=now, last_error="withdrawn")
    return messages.update(body="", to="")


def tick_off(message: AbstractMessage, *, by: Any, now: datetime.datetime) -> bool:
    """The clerk has called: off the list, and emptied. False when a colleague was quicker."""
    open_ones = type(message).objects.to_call().order_by().filter(pk=message.pk)
    return bool(open_ones.update(handled_at=now, handled_by=by, body="", to=""))


def settle(*, before: datetime.datetime, now: datetime.datetime, model: type[AbstractMessage] = Message) -> int:
    """Mark everything older as sent without sending it: the messages of a demonstration's invented past."""
    past = model.objects.waiting().filter(created_at__lt=before)
    return past.exclude(channel=AbstractMessage.Channel.CALL_LIST).update(sent_at=now, body="", to="", last_error="")


def _place(about: str, column: str) -> str:
    """Binds a ciphertext to the case and the column it belongs to."""
    return f"outbox:{about}:{column}"


def _insert(message: AbstractMessage) -> AbstractMessage:
    message.save(force_insert=True)
    return message


def _insert_once(message: AbstractMessage) -> AbstractMessage:
    """Insert, or find what another run has written under the same key. The savepoint keeps the verb alive."""
    objects = type(message).objects
    earlier = objects.filter(dedupe_key=message.dedupe_key).first()
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            return _insert(message)
    except IntegrityError:
        return objects.get(dedupe_key=message.dedupe_key)
