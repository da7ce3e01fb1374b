"""Deliver what waits in the outbox, once. The minute job (`tick`) does the same; this is for a look by hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from officials.outbox import deliver


class Command(BaseCommand):
    help = "Deliver the messages that wait in the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="at most so many messages (default 500)")
        parser.add_argument("--anytime", action="store_true", help="also those that wait for working time")

    def handle(self, *args: Any, **options: Any) -> None:
        # The data keys of the cases and the working days of the township belong to apps above this one, so the settings
        # name the two functions: opener(sealer) -> bytes | None and working_time(now) -> bool.
        missing = [name for name in ("OUTBOX_OPENER", "OUTBOX_WORKING_TIME") if not getattr(settings, name, "")]
        if missing:
            raise CommandError(f"The settings lack {' and '.join(missing)}.")
        now = timezone.now()
        in_working_time = options["anytime"] or import_string(settings.OUTBOX_WORKING_TIME)(now)
        report = deliver(now, import_string(settings.OUTBOX_OPENER), in_working_time=in_working_time, limit=options["limit"])
        self.stdout.write(str(report))
