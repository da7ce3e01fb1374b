"""How volumes are numbered and how long they are kept: what the township set, or what is assumed until its archives office confirms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import verb
from officials.models import Office, Township, User
from requests.lifecycle import Refused
from requests.models import ArchiveSetting, RetentionRule, ServiceRequest, Term, Volume
from requests.permissions import heads_the_centre

PLACES = ("fonds", "year", "term", "office", "seq")
NEEDED = ("year", "seq")  # the running number begins anew each year, so without the year two volumes would bear the same number
# The order of 归档文件整理规则 (DA/T 22): fonds, year, term, office, number.
PATTERN = "{fonds}-{year}-{term}-{office}-{seq}"
BASIS = "本机关文件材料归档范围和保管期限表"
# 户籍 and 宅基地 files prove who somebody is and what land a house stands on: assumed permanent until the township sets its rules.
PERMANENT_CATEGORIES = frozenset({"residence", "building"})
LOAN_DAYS = 5
LONGEST_LOAN = 30
DIGITS = 4
SERIES = "DA"


@dataclass(frozen=True)
class Kept:
    """How long, by what, and whether the archives office said so."""

    term: str
    basis: str
    is_confirmed: bool


def setting_of(township: Township) -> ArchiveSetting:
    """What is in force. Where nothing was set yet: a row with the usual values that is not stored."""
    found = ArchiveSetting.objects.filter(township=township).first()
    return found or ArchiveSetting(
        township=township, fonds=township.code, pattern=PATTERN, term=Term.THIRTY, basis=BASIS, loan_days=LOAN_DAYS
    )


def kept_by_rule(case: ServiceRequest) -> Kept:
    """The term of the item's category, else the usual one of the township."""
    category_id = case.edition.category_id if case.edition_id else None
    rule: ArchiveSetting | RetentionRule | None = None
    if category_id is not None:
        rule = RetentionRule.objects.filter(township=case.township_id, category=category_id).first()
    setting = setting_of(case.township)
    if rule is None and setting._state.adding and category_id is not None and case.edition.category.code in PERMANENT_CATEGORIES:
        return Kept(Term.PERMANENT, BASIS, False)
    rule = rule or setting
    return Kept(rule.term, rule.basis, rule.is_confirmed)


def faults_of(pattern: str) -> list[str]:
    """What is wrong with a pattern, in sentences; empty when it can be used."""
    try:
        parts = [(name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(pattern) if name is not None]
    except ValueError:
        return [_("The braces of the pattern do not close.")]
    names = [name for name, _spec, _conversion in parts]
    found = [_("There is no place “{%(name)s}”.") % {"name": name} for name in names if name not in PLACES]
    if any(spec or conversion for _name, spec, conversion in parts):
        found.append(_("Write the places plainly, as {year}."))
    found += [_("The pattern needs {%(name)s}.") % {"name": name} for name in NEEDED if name not in names]
    return found


def take_number(volume: Volume, on: date) -> str:
    """The next archive number. Gap-free within what the pattern tells apart: taken in the transaction that closes the volume.

    `on`: the local day on which the case ended, by whose year the files are ordered (归档年度).
    """
    setting = setting_of(volume.township)
    names = {name for _text, name, _spec, _conversion in Formatter().parse(setting.pattern)}
    series = SERIES + (volume.term if "term" in names else "") + (str(volume.office_id) if "office" in names else "")
    value = numbers.take(volume.township, series, on)
    number = setting.pattern.format(
        fonds=setting.fonds, year=on.year, term=volume.term, office=volume.office.code, seq=f"{value:0{DIGITS}d}"
    )
    if Volume.objects.filter(township=volume.township_id, number=number).exists():
        raise Refused(_("The number %(number)s is taken. The pattern has to be looked at.") % {"number": number})
    return number


def set_rules(
    window: Office, wanted: ArchiveSetting, by_category: Mapping[int, Kept | None], *, by: User, now: datetime
) -> None:
    """Write the rules of the township. `by_category`: id of the category → its own term, or None for the usual one.

    Closed volumes keep the number and the term they were given.
    """
    if not heads_the_centre(by, window.pk):
        raise Refused(_("The rules of the archive belong to the head of the centre."))
    faults = faults_of(wanted.pattern)
    if faults:
        raise Refused(" ".join(faults))
    with verb("set_archive_rules", by=by, now=now, subject=f"office:{window.code}"):
        row = ArchiveSetting.objects.select_for_update().filter(township=window.township_id).first()
        row = row or ArchiveSetting(township=window.township)
        for name in ("fonds", "pattern", "term", "basis", "is_confirmed", "loan_days"):
            setattr(row, name, getattr(wanted, name))
        row.save()
        rules = {rule.category_id: rule for rule in RetentionRule.objects.select_for_update().filter(township=window.township_id)}
        for category_id, kept in by_category.items():
            _set_category(window.township, rules.get(category_id), category_id, kept)


def _set_category(township: Township, rule: RetentionRule | None, category_id: int, kept: Kept | None) -> None:
    if kept is None:
        if rule is not None:
            rule.delete()
        return
    rule = rule or RetentionRule(township=township, category_id=category_id)
    if (rule.term, rule.basis, rule.is_confirmed) != (kept.term, kept.basis, kept.is_confirmed):
        rule.term, rule.basis, rule.is_confirmed = kept.term, kept.basis, kept.is_confirmed
        rule.save()
