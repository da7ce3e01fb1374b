from django.core.management.base import BaseCommand

from officials.models import Township
from portal.demo import cast


class Command(BaseCommand):
    help = "Print the demo sign-ins, if this is the demo."

    def handle(self, *args, **options):
        if Township.objects.filter(is_demo=True).exists():
            self.stdout.write(cast.table())
