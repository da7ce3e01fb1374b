from django.core.management.base import BaseCommand
from django.utils import translation

from portal.jobs import JOBS


class Command(BaseCommand):
    help = "Print the table of jobs for the README."

    def handle(self, *args, **options):
        with translation.override("en"):
            self.stdout.write("| Job | When | What it does |\n|---|---|---|")
            for job in JOBS:
                self.stdout.write(f"| `{job.name}` | {job.at.strftime('%H:%M') if job.at else 'every minute'} | {job.what} |")
