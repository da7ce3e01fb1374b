"""How often somebody without an account may try: wrong tracking codes, applications and questions from the internet.

Counted in the database, because every worker has to see every failure (a counter in the memory of one process multiplies
the limit by the number of processes). A window is a fixed stretch of time; one row per subject and window, raised by one
statement, so that two workers never lose a count. What is counted is kept as a keyed digest only: neither a case number nor
an address can be read off a copy of the table.
"""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from officials.privacy.keys import keyring
from requests.models import TrackingAttempt

IPV6_SITE_BITS = 64  # one subscriber owns at least a /64, so single addresses of it mean nothing


@dataclass(frozen=True)
class Limit:
    """At most `at_most` in every window of `seconds`. The name keeps the counts of different doors apart."""

    name: str
    default: int
    seconds: int

    @property
    def at_most(self) -> int:
        """The township's own figure (settings.THROTTLE, by name), or the default."""
        return int(getattr(settings, "THROTTLE", {}).get(self.name, self.default))

    def window(self, now: datetime) -> datetime:
        """When the window began that holds this moment."""
        stamp = int(now.timestamp())
        return datetime.fromtimestamp(stamp - stamp % self.seconds, UTC)

    def seconds_left(self, now: datetime) -> int:
        """Until the next window: what Retry-After says."""
        return self.seconds - int(now.timestamp()) % self.seconds


QUARTER, HOUR = 15 * 60, 60 * 60
# Wrong tracking codes. Sixteen digits cannot be guessed at this pace in any lifetime.
TRACK_NUMBER = Limit("track_number", 10, QUARTER)
TRACK_ADDRESS = Limit("track_address", 10, QUARTER)
# Cases from the internet. One address may be a whole village behind its provider, or the computer in the hall.
SEND_ADDRESS = Limit("send_address", 20, HOUR)
# A flood comes from addresses that send again and again: their second and later cases share one budget, so the first
# case of somebody else still gets through while it lasts. The last limit protects the counter's staff and the disk.
SEND_AGAIN = Limit("send_again", 120, HOUR)
SEND_ALL = Limit("send_all", 600, HOUR)
KEEP = timedelta(days=1)

Subject = tuple[Limit, str]


def address_of(request: HttpRequest) -> str:
    """The address that counts: the peer, or, behind settings.PROXIES proxies of ours, what the outermost of them saw.

    Whatever stands further left in X-Forwarded-For was written by the visitor and is not believed.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(seen) >= settings.PROXIES:
            peer = seen[-settings.PROXIES]
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_SITE_BITS), strict=False).network_address)
    return str(address)


def digest(limit: Limit, text: str) -> str:
    """What is stored of a subject."""
    return keyring().hmac(f"throttle-{limit.name}", text)


def charge(subjects: Collection[Subject], now: datetime) -> bool:
    """Count one more for each subject, all in one statement. True when any of them is over its limit by that."""
    at_most = {digest(limit, text): limit.at_most for limit, text in subjects}
    # In one order everywhere, so that two workers never wait for each other's row.
    rows = sorted((digest(limit, text), limit.window(now)) for limit, text in subjects)
    counted = _raise(rows)
    return any(count > at_most[subject] for subject, count in counted)


def is_over(subjects: Collection[Subject], now: datetime) -> bool:
    """Has any of them used up its tries in this window? Nothing is counted."""
    return any(
        TrackingAttempt.objects.filter(subject=digest(limit, text), window_start=limit.window(now), failures__gte=limit.at_most).exists()
        for limit, text in subjects
    )


def _raise(rows: list[tuple[str, datetime]]) -> list[tuple[str, int]]:
    """Insert or raise by one, and say the new counts. Both databases know RETURNING and ON CONFLICT."""
    table = connection.ops.quote_name(TrackingAttempt._meta.db_table)
    values = ", ".join(["(%s, %s, 1)"] * len(rows))
    moments = [part for subject, window in rows for part in (subject, connection.ops.adapt_datetimefield_value(window))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS attempt (subject, window_start, failures) VALUES {values} "
            "ON CONFLICT (subject, window_start) DO UPDATE SET failures = attempt.failures + 1 RETURNING subject, failures",
            moments,
        )
        return [(str(subject), int(count)) for subject, count in cursor.fetchall()]


def let_in(address: str, now: datetime) -> bool:
    """Count one more case from this address, and say whether it may come.

    Counted before it is compared, each limit in one statement: of two posts at the same moment only one is the last that
    may. Whoever is over a limit is not charged to the next one, so a single address cannot use up what is there for all.
    """
    ((_subject, from_here),) = _raise([(digest(SEND_ADDRESS, address), SEND_ADDRESS.window(now))])
    if from_here > SEND_ADDRESS.at_most:
        return False
    if from_here > 1 and charge([(SEND_AGAIN, "")], now):
        return False
    return not charge([(SEND_ALL, "")], now)


def forget_old(now: datetime) -> int:
    """Drop the windows of days past; a job does it. Returns how many rows went."""
    gone, _by_model = TrackingAttempt.objects.filter(window_start__lt=now - KEEP).delete()
    return gone
