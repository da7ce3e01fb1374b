from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officials.audit import together, verb
from officials.models import CalendarYear, Township, User
from officials.permissions import give_role
from portal.demo.loading import fill_calendar
from services.importing import founding
from services.importing.applying import ImportStopped
from services.importing.reading import read


class Command(BaseCommand):
    help = (
        "Begin a real installation: township, offices, posts, people and categories from the catalogue spreadsheet, the "
        "announced calendar, and one administrator. Items are then imported on /editing/import/ and reviewed."
    )

    def add_arguments(self, parser):
        parser.add_argument("workbook", type=Path)
        parser.add_argument("--admin", required=True, help="staff number of the administrator (in the sheet of people)")
        parser.add_argument("--editor", required=True, help="staff number of the first editor")
        parser.add_argument("--reviewer", required=True, help="staff number of the second person, another one")
        parser.add_argument("--password", required=True, help="first password of these three; they change it at once")

    def handle(self, workbook, **options):
        if Township.objects.exists():
            raise CommandError("There is a township already.")
        if options["editor"] == options["reviewer"]:
            raise CommandError("The editor and the second person must be two people.")
        setup, now = User.objects.job("setup"), timezone.now()
        try:
            with together():
                township = founding.found(read(workbook.read_bytes()), by=setup, now=now).township
                if not CalendarYear.objects.exists():
                    fill_calendar(by=setup, now=now)
                self._people(township, options, setup, now)
        except ImportStopped as stopped:
            raise CommandError("\n".join(str(fault) for fault in stopped.report.faults)) from stopped
        self.stdout.write(f"{township}: ready. Sign in, change the passwords, import the items on /editing/import/.")

    def _people(self, township, options, setup, now):
        people = {}
        for role in ("admin", "editor", "reviewer"):
            user = User.objects.filter(staff_no=options[role]).first()
            if user is None:
                raise CommandError(f"No one in the sheet of people has the staff number {options[role]}.")
            people[role] = user
        with verb("first_sign_ins", by=setup, now=now):
            for role, user in people.items():
                user.set_password(options["password"])
                user.is_staff = user.is_superuser = role == "admin"
                user.save()
        centre = township.offices.filter(parent__isnull=True).order_by("sort").first()
        for role in ("editor", "reviewer"):
            give_role(people[role], centre, role, by=setup, now=now)
