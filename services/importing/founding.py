"""A new installation from the spreadsheet: township, offices, windows, posts, people, categories and life events.

Only what is missing is made; what exists is left as the administrators have it. People get no password: an administrator
gives them one. The items themselves come afterwards through `applying`, as drafts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import Office, Official, Post, Township, User, Window
from services.models import Category, LifeEvent

from . import layout, rules
from .applying import ImportStopped, Report
from .columns import Sheet
from .faults import Fault
from .reading import Reading, Row

Saved = TypeVar("Saved", bound=Model)


@dataclass(frozen=True)
class Founded:
    """The township, and how many rows of each sheet were new."""

    township: Township
    made: dict[str, int]


def found(reading: Reading, *, by: User, now: datetime, is_demo: bool = False) -> Founded:
    """Make what the foundation sheets say and the database lacks. Raises ImportStopped when a sheet has a fault."""
    checked = Reading(reading.rows, list(reading.faults), [])
    rules.check_foundation(checked)
    titles = {sheet.title for sheet in layout.FOUNDATION}
    faults = [fault for fault in checked.faults if fault.sheet in titles]
    townships = reading.of(layout.TOWNSHIP)
    if not faults and len(townships) != 1:
        faults.append(Fault(layout.TOWNSHIP.title, _("There must be exactly one township in the file.")))
    faults = faults or _people_of_others(reading, townships[0]["code"])
    if faults:
        raise ImportStopped(Report(faults=faults))
    with verb("found_installation", by=by, now=now, subject=f"township:{townships[0]['code']}"):
        township, is_new = _township(townships[0], is_demo)
        made = {layout.TOWNSHIP.key: int(is_new)}
        made[layout.OFFICES.key] = _offices(reading, township)
        made[layout.PEOPLE.key] = _people(reading, township)
        made[layout.POSTS.key] = _posts(reading, township)
        made[layout.CATEGORIES.key] = _by_code(Category, layout.CATEGORIES, reading)
        made[layout.EVENTS.key] = _by_code(LifeEvent, layout.EVENTS, reading)
    return Founded(township, made)


def _people_of_others(reading: Reading, township_code: str) -> list[Fault]:
    """Staff numbers that somebody of another township signs in with: the posts of this file would go to that person."""
    numbers = {row["staff_no"]: row for row in reading.of(layout.PEOPLE)}
    others = User.objects.filter(staff_no__in=numbers, office__isnull=False).exclude(office__township__code=township_code)
    sentence = _("%(number)s is the staff number of somebody of another township. Give this person another one.")
    return [numbers[number].fault("staff_no", sentence % {"number": number}) for number in others.values_list("staff_no", flat=True)]


def _township(row: Row, is_demo: bool) -> tuple[Township, bool]:
    existing = Township.objects.filter(code=row["code"]).first()
    if existing is not None:
        return existing, False
    values = dict(row.values)
    values["acceptance_days"] = values["acceptance_days"] or Township._meta.get_field("acceptance_days").default
    return _saved(Township(is_demo=is_demo, **values)), True


def _offices(reading: Reading, township: Township) -> int:
    existing = {office.code: office for office in Office.objects.filter(township=township)}
    rows = {row["code"]: row for row in reading.of(layout.OFFICES)}
    made = 0

    def make(code: str, above: tuple[str, ...] = ()) -> Office:
        """An office after the one it belongs to; a circle of offices is cut where it closes."""
        nonlocal made
        if code not in existing:
            row = rows[code]
            parent = make(row["parent"], (*above, code)) if row["parent"] and row["parent"] not in above else None
            values = {key: value for key, value in row.values.items() if key not in ("parent", "window", "sort")}
            existing[code] = _saved(Office(township=township, parent=parent, sort=row["sort"] or 100, **values))
            if row["window"]:
                _saved(Window(office=existing[code], name=row["window"]))
            made += 1
        return existing[code]

    for code in rows:
        make(code)
    return made


def _people(reading: Reading, township: Township) -> int:
    offices = {office.code: office for office in Office.objects.filter(township=township)}
    existing = set(User.objects.values_list("staff_no", flat=True))
    made = 0
    for row in reading.of(layout.PEOPLE):
        if row["staff_no"] in existing:
            continue
        # The staff number serves as sign-in name until an administrator gives a better one.
        user = User(username=row["staff_no"].lower(), name=row["name"], staff_no=row["staff_no"], office=offices.get(row["office"]))
        user.set_unusable_password()
        _saved(user)
        card = {key: row[key] for key in ("title", "duties", "duty_phone", "is_leader")}
        _saved(Official(user=user, code=row["staff_no"].lower(), sort=row["sort"] or 100, **card))
        made += 1
    return made


def _posts(reading: Reading, township: Township) -> int:
    offices = {office.code: office for office in Office.objects.filter(township=township)}
    staff = {user.staff_no: user for user in User.objects.all()}
    existing = set(Post.objects.filter(office__township=township).values_list("office__code", "code"))
    made = 0
    for row in reading.of(layout.POSTS):
        if (row["office"], row["code"]) in existing:
            continue
        post = Post(
            office=offices[row["office"]],
            code=row["code"],
            title=row["title"],
            holder=staff[row["holder"]],
            deputy=staff[row["deputy"]] if row["deputy"] else None,
            duty_phone=row["duty_phone"],
        )
        _saved(post)
        made += 1
    return made


def _by_code(model: type[Category] | type[LifeEvent], sheet: Sheet, reading: Reading) -> int:
    existing = set(model.objects.values_list("code", flat=True))
    rows = [row for row in reading.of(sheet) if row["code"] not in existing]
    for row in rows:
        _saved(model(code=row["code"], name=row["name"], name_en=row["name_en"], sort=row["sort"] or 100))
    return len(rows)


def _saved(row: Saved) -> Saved:
    row.full_clean(exclude=["password"] if isinstance(row, User) else None)
    row.save()
    return row
