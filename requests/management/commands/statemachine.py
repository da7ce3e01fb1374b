from django.core.management.base import BaseCommand
from django.utils import translation

from requests.lifecycle import TRANSITIONS


class Command(BaseCommand):
    help = "Print the state diagram (Mermaid) of each kind of case from the table of legal moves, for the README."

    def handle(self, *args, **options):
        with translation.override("en"):
            for kind, moves in TRANSITIONS.items():
                self.stdout.write(f"```mermaid\nstateDiagram-v2\n  %% {kind}\n  [*] --> received: receive")
                for name, move in moves.items():
                    for status in sorted(move.froms) if move.to else ():
                        if status != move.to:
                            self.stdout.write(f"  {status} --> {move.to}: {name}")
                ends = {m.to for m in moves.values() if m.to} - {s for m in moves.values() if m.to for s in m.froms if s != m.to}
                for status in sorted(ends):
                    self.stdout.write(f"  {status} --> [*]")
                self.stdout.write("```\n")
