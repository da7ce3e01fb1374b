import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from portal import jobs


class Command(BaseCommand):
    help = "The minute job: run what is due. Called by a timer, or with --loop by script/server."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="go on for ever, once a minute")

    def handle(self, *args, **options):
        while True:
            for run in jobs.tick(timezone.now()):
                self.stdout.write(f"{run.name}: {'FAILED ' if run.failed else ''}{run.report}")
            if not options["loop"]:
                return
            close_old_connections()
            time.sleep(60)
