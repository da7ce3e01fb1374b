from django.core.management.base import BaseCommand, CommandError

from officials.audit.verify import Anchor, Tampering, verify


class Command(BaseCommand):
    help = (
        "Walks the audit chain and all rows it covers. Exit code 1 and the first bad row when something was altered, "
        "removed or slipped in; otherwise the heads, to be noted outside this machine and given back as --anchor."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="STREAM:SEQ:HASH",
            help="A head noted on an earlier day; may be given several times. Shows a cut tail and a rewritten chain.",
        )

    def handle(self, *args, anchor, **options):
        try:
            anchors = [Anchor.parse(text) for text in anchor]
        except ValueError as error:
            raise CommandError(f"Not an anchor of the form STREAM:SEQ:HASH: {error}", returncode=2) from error
        try:
            report = verify(anchors)
        except Tampering as found:
            raise CommandError(str(found), returncode=1) from found
        self.stdout.write(f"ok: {report.links} links, {report.rows} rows")
        for head in report.heads:
            self.stdout.write(f"head {head}")
