"""The outbox: a verb writes its messages in its own transaction, a job delivers them afterwards.

So nobody is told of a change that was rolled back, a slow gateway holds up no clerk, and a failure is tried again
after 1, 5, 25 and 120 minutes before it lands on the clerks' call list.
"""

from officials.outbox.backends import Backend, NotDelivered, Parcel, Recorder, configured_backends
from officials.outbox.delivery import Report, deliver
from officials.outbox.queue import forget, open_message, send, settle, tick_off

__all__ = [
    "Backend",
    "NotDelivered",
    "Parcel",
    "Recorder",
    "Report",
    "configured_backends",
    "deliver",
    "forget",
    "open_message",
    "send",
    "settle",
    "tick_off",
]
