"""How long one page of paper takes, warm: every kind of paper a case can have, and the sheets of the window."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from django.core.management import call_command
from pypdf import PdfReader

from officials.audit import together, verb
from officials.models import IssuingBody, User
from requests import documents, verbs
from requests.documents import MANDATORY, Paper, Part, printing
from requests.models import Document, ServiceRequest
from requests.printing import sheets
from tests.proof.report import Line
from tests.support import paper_examples as examples
from tests.support import world as w

NAME = "papers"
ROUNDS = 20
MOST = 0.3  # seconds
WARM = 2  # prints before time is taken
KINDS = tuple(kind for kind in Document.Kind if kind in MANDATORY)
SHEETS: dict[str, tuple[Callable[[Any], bytes], Any]] = {
    "收件凭证 A5": (sheets.receipt, examples.accepted_receipt()),
    "收件凭证 80 mm": (sheets.receipt_roll, examples.accepted_receipt()),
    "走访单": (sheets.visit_sheet, examples.visit()),
    "纸质登记单": (sheets.paper_slips, examples.slips()),
    "日清单": (sheets.day_end, examples.day()),
    "办事指南": (sheets.item_guide, examples.guide()),
    "信息副本": (sheets.copy_out, examples.copying()),
    "办结告知单": (sheets.closing_note, examples.closing()),
}  # fmt: skip


def run(rounds: int = ROUNDS) -> list[Line]:
    """A database of its own with one accepted case."""
    call_command("migrate", interactive=False, verbosity=0)
    return measure(w.build(), rounds)


def measure(world: w.World, rounds: int, kinds: Sequence[Document.Kind] = KINDS) -> list[Line]:
    """Each paper printed so many times; one page must be set in 300 ms as a rule, and of all prints nineteen in twenty."""
    by = world.people.official
    case = w.new_case(world)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    with together(), verb("proof_bodies", by=User.objects.job("setup"), now=w.MONDAY):
        for name, code_word in (("栖禾镇人民政府", "栖政"), ("槐序县民政局", "槐民")):
            IssuingBody(
                township=world.township, name=name, code_word=code_word, acts_here=True, business_seal=f"{name}政务服务专用章",
                decision_seal=f"{name}印章",
            ).save()  # fmt: skip
    lines: list[Line] = []
    every: list[float] = []
    prints = {str(kind.label): _of_kind(case, kind, by) for kind in kinds}
    prints |= {label: _sheet(*how) for label, how in SHEETS.items()}
    for label, print_it in prints.items():
        pages, times = _timed(print_it, rounds)
        median, worst = statistics.median(times), max(times)
        holds = pages > 1 or median <= MOST
        must = f"a median of at most {MOST * 1e3:.0f} ms" if pages == 1 else ""
        lines.append(Line(NAME, f"{label}, pages {pages}", f"median {median * 1e3:.0f} ms, worst {worst * 1e3:.0f} ms", must, holds))
        every += times if pages == 1 else []
    hundredths = statistics.quantiles(every, n=100, method="inclusive")
    all_of_them = f"median {statistics.median(every) * 1e3:.0f} ms, p95 {hundredths[94] * 1e3:.0f} ms, worst {max(every) * 1e3:.0f} ms"
    must = f"p95 at most {MOST * 1e3:.0f} ms"
    return [*lines, Line(NAME, f"all {len(every)} prints of one page", all_of_them, must, hundredths[94] <= MOST)]


def _sheet(set_it: Callable[[Any], bytes], data: Any) -> Callable[[], bytes]:
    """Another window each time: nobody prints the very same sheet twice, and what was set before may be kept."""
    windows = count(1)
    return lambda: set_it(replace(data, head=replace(data.head, place=f"栖禾镇便民服务中心 {next(windows)}号窗口")))


def _of_kind(case: ServiceRequest, kind: str, by: User) -> Callable[[], bytes]:
    """The print of a paper of this kind whose mandatory parts are all there, each a sentence long."""
    parts = tuple(Part(key, key, text=f"这里写{key},一句话说清楚,依据有关规定办理。") for key in sorted(MANDATORY[kind]))
    with verb("proof_issue", by=by, now=w.MONDAY, subject=f"case:{case.pk}"):
        issued = documents.issue(case, Paper(kind=kind, parts=parts), by=by, now=w.MONDAY)
    return lambda: printing.print_paper(issued, check_url="https://portal.example/verify/", by=by, now=w.MONDAY)


def _timed(print_it: Callable[[], bytes], rounds: int) -> tuple[int, list[float]]:
    """Pages, and the seconds of each print after the first few."""
    times = []
    for number in range(WARM + rounds):
        begun = time.perf_counter()
        pdf = print_it()
        if number >= WARM:
            times.append(time.perf_counter() - begun)
    return len(PdfReader(io.BytesIO(pdf)).pages), times
