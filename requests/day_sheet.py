"""The day's end as groups of named figures: the same for the page, the frozen row and the paper."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests import receipts
from requests.day import BALANCES
from requests.models import DayEnd
from requests.printing import sheets
from requests.printing.contracts import Balance, DayEndData, DayList, Figure, FigureGroup

Words = str | Promise

LABELS: dict[str, Words] = {
    "carried": _("Open from earlier days"),
    "logged": _("Logged on this day"),
    "from_slips": _("among them from paper slips"),
    "accepted": _("Accepted"),
    "decided": _("Done"),
    "refused": _("Not accepted"),
    "not_ours": _("Not ours, shown the way"),
    "withdrawn": _("Withdrawn"),
    "terminated": _("Terminated"),
    "voided": _("Voided"),
    "open": _("Open at the end"),
    "logged_open": _("still open"),
    "logged_done": _("done"),
    "logged_refused": _("not accepted"),
    "logged_not_ours": _("not ours, shown the way"),
    "logged_withdrawn": _("withdrawn"),
    "logged_terminated": _("terminated"),
    "logged_voided": _("voided"),
    "slips_before": _("Blank from earlier days"),
    "slips_printed": _("Printed on this day"),
    "slips_entered": _("Entered on this day"),
    "slips_spoilt": _("Spoilt on this day"),
    "slips_blank": _("Blank at the end"),
    "slips_in_all": _("Printed in all"),
    "slips_entered_in_all": _("Entered in all"),
    "slips_spoilt_in_all": _("Spoilt in all"),
    "originals_before": _("In the drawer from earlier days"),
    "originals_taken": _("Put into the drawer"),
    "originals_returned": _("Given back"),
    "originals_held": _("In the drawer at the end"),
    "calls_before": _("Promised on earlier days"),
    "calls_promised": _("Promised on this day"),
    "calls_answered": _("Called back"),
    "calls_ended": _("Ended otherwise"),
    "calls_open": _("Still to be called"),
    "no_receipt": _("Logged on this day without a printed receipt"),
    "no_upper": _("Without a number in the upper system"),
    "due_unheld": _("Due on the next working day, nobody there"),
    "old_ledger": _("Carried over from the paper ledger (in no other figure)"),
}
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        _("Cases"),
        (
            "carried", "logged", "from_slips", "accepted", "decided", "refused", "not_ours", "withdrawn", "terminated", "voided", "open",
        ),
    ),
    (_("Where the cases logged on this day stand"), BALANCES["logged"][1]),
    (_("Paper slips"), ("slips_before", "slips_printed", "slips_entered", "slips_spoilt", "slips_blank")),
    (_("Originals in the drawer"), BALANCES["originals"][0] + BALANCES["originals"][1]),
    (_("Promised calls"), BALANCES["calls"][0] + BALANCES["calls"][1]),
    (_("To go through"), ("no_receipt", "no_upper", "due_unheld", "old_ledger")),
)
BALANCE_NAMES: dict[str, Words] = {
    "cases": _("Cases"),
    "logged": _("Logged on this day"),
    "slips": _("All slips"),
    "slips_day": _("Slips on this day"),
    "originals": _("Originals"),
    "calls": _("Promised calls"),
}
LIST_NAMES: dict[str, tuple[Words, tuple[Words, Words, Words]]] = {
    "originals_held": (_("Originals to give back"), (_("Case number"), _("Paper"), _("Since"))),
    "calls_open": (_("Calls to make"), (_("Case number"), _("Status"), _("Due on"))),
    "due_unheld": (_("Due on the next working day, nobody there"), (_("Case number"), _("Status"), _("Due on"))),
    "no_receipt": (_("Without a printed receipt"), (_("Case number"), _("Status"), _("Due on"))),
    "slips_blank": (_("Blank slips"), (_("Slip number"), _("State"), _("Printed on"))),
}


def groups(cells: Mapping[str, int]) -> list[dict[str, Any]]:
    """For a page: every group with its figures, each with the name by which its rows are listed."""
    return [
        {"title": title, "figures": [{"name": name, "label": LABELS[name], "count": cells.get(name, 0)} for name in names]}
        for title, names in GROUPS
    ]


def balances(cells: Mapping[str, int]) -> list[Balance]:
    """The sums with both sides; whether they agree is computed there."""

    def side(names: tuple[str, ...]) -> tuple[Figure, ...]:
        return tuple(Figure(label=str(LABELS[name]), count=cells.get(name, 0)) for name in names)

    return [Balance(name=str(BALANCE_NAMES[name]), left=side(left), right=side(right)) for name, (left, right) in BALANCES.items()]


def lists(figures: Mapping[str, Any]) -> list[DayList]:
    """The frozen lists, dates as people read them."""
    return [
        DayList(
            title=str(title),
            columns=tuple(str(column) for column in columns),
            rows=tuple((row["number"], row["what"], _plain(row["when"])) for row in figures.get("lists", {}).get(name, ())),
            empty=str(_("none")),
        )
        for name, (title, columns) in LIST_NAMES.items()
    ]


def _plain(day: str) -> str:
    found = date.fromisoformat(day) if day else None
    return f"{found.year}年{found.month}月{found.day}日" if found else "—"


def pdf(row: DayEnd, *, page_url: str) -> bytes:
    """The paper of a frozen day, in Chinese. Raises SheetNotPrinted."""
    cells = row.figures["cells"]
    with translation.override("zh-hans"):
        data = DayEndData(
            head=receipts.letterhead_of(row.office),
            day=row.date,
            window=row.office.name,
            groups=tuple(
                FigureGroup(title=str(title), figures=tuple(Figure(label=str(LABELS[name]), count=cells.get(name, 0)) for name in names))
                for title, names in GROUPS
            ),
            balances=tuple(balances(cells)),
            lists=tuple(lists(row.figures)),
            giver=row.handed_by.name,
            taker=row.taken_by.name,
            drawn_at=timezone.localtime(datetime.fromisoformat(row.figures["drawn_at"])),
            page_url=page_url,
        )
        return sheets.day_end(data)
