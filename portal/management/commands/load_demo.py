from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officials.audit import triggers
from officials.models import Township
from portal.demo import loading


class Command(BaseCommand):
    help = "Load the demo township with two years of cases. Refused over real data."

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="throw the demo away and load it again")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a township already")
        parser.add_argument("--cases", type=int, default=loading.CASES)

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo is not loaded in production (YIBENTONG_ENV=production).")
        townships = list(Township.objects.all())
        if townships and options["if_empty"]:
            return
        if townships and any(not township.is_demo for township in townships):
            raise CommandError("There is a real township in this database: the demo is not loaded over it.")
        if townships and not options["fresh"]:
            raise CommandError("The demo is loaded already. Add --fresh to throw it away and load it again.")
        if townships:
            with triggers.lifted():
                call_command("flush", interactive=False, verbosity=0)
        loading.load(now=timezone.now(), cases=options["cases"], say=loading.progress)
