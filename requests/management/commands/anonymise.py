from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officials.models import User
from requests import verbs
from requests.lifecycle import Refused
from requests.models import ServiceRequest


class Command(BaseCommand):
    help = "Destroy the personal data of one ended case. Numbers, dates and figures stay; the audit chain still verifies."

    def add_arguments(self, parser):
        parser.add_argument("number")
        parser.add_argument("--by", required=True, help="sign-in name of the head of the office who decided it")

    def handle(self, number, **options):
        case = ServiceRequest.objects.filter(number=number).first()
        person = User.objects.filter(username=options["by"], is_active=True, is_job=False).first()
        if case is None or person is None:
            raise CommandError("No such case, or no such active member of staff.")
        try:
            verbs.anonymise(case, by=person, now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{number}: anonymised")
