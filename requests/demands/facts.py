"""The facts of the events of a demand as short sentences for its timeline."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from requests.demands import read_here, ways
from requests.demands.moves import CHECKED, NOT_REACHED
from requests.models import CallBack, Contact, Demand, Event
from requests.reasons import say_amount, say_date

VERBS = (
    "dispatch", "designate", "first_contact", "extend_demand", "keep_following", "close_demand", "show_the_way", "answer_demand",
    "call_back", "urge", "urge_holder", "urge_task",
)  # fmt: skip


def said_of(event: Event, offices: Mapping[str, str]) -> list[str]:
    """Only what the event itself knows; nothing personal is in facts. `offices`: the names by code."""
    if event.verb not in VERBS:
        return []
    facts, said = event.facts, []
    if facts.get("rhythm") in Demand.Rhythm.values:
        said.append(_("Rhythm: %(what)s.") % {"what": Demand.Rhythm(facts["rhythm"]).label})
    if facts.get("co"):
        said.append(_("Takes part: %(offices)s.") % {"offices": _say_offices(facts["co"], offices)})
    if facts.get("co_open"):
        said.append(_("Without the part of: %(offices)s.") % {"offices": _say_offices(facts["co_open"], offices)})
    if facts.get("how") in Contact.How.values:
        words = _("%(how)s, reached.") if facts.get("reached") else _("%(how)s, not reached.")
        said.append(words % {"how": Contact.How(facts["how"]).label})
    if facts.get("satisfaction") in CallBack.Satisfaction.values:
        said.append(say_verdict(facts["solved"], facts["satisfaction"]))
    if "people_told" in facts:
        told = _("For %(day)s; message to %(n)s.") if facts["people_told"] else _("For %(day)s; no mobile is on the card of anybody there.")
        said.append(told % {"day": say_date(date.fromisoformat(facts["urged_for"])), "n": facts["people_told"]})
    if event.verb == "extend_demand" and facts.get("value"):
        said.append(_("By %(amount)s.") % {"amount": say_amount(facts["value"], facts["unit"])})
    if facts.get("look_again_on"):
        said.append(_("Again on %(day)s.") % {"day": say_date(date.fromisoformat(facts["look_again_on"]))})
    if facts.get("way") in ways.BY_KEY:
        said.append(_("Shown the way: %(where)s.") % {"where": ways.BY_KEY[facts["way"]].where})
    return said + _how_told(facts)


def _how_told(facts: Mapping) -> list[str]:
    ready = [_("Can be read with number and code.")] if facts.get(read_here.READ_HERE) else []
    return [*ready, _("Told: %(how)s.") % {"how": _told(facts["told"])}] if facts.get("told") else ready


def _say_offices(codes: Iterable[str], offices: Mapping[str, str]) -> str:
    return _(", ").join(offices.get(code, code) for code in codes)


def say_verdict(is_solved: bool, satisfaction: str) -> str:
    """In words; the number of the upper system stands in its copy only."""
    solved = _("Solved, says the person") if is_solved else _("Not solved, says the person")
    return _("%(solved)s; %(grade)s.") % {"solved": solved, "grade": CallBack.Satisfaction(satisfaction).label}


def _told(how: str) -> str:
    if how == NOT_REACHED:
        return _("could not be reached, or left no way to be told")
    if how == read_here.LIES_READY:
        return _("it can be read with number and code")
    if how == CHECKED:
        return _("The answer was checked and holds")
    return str(Contact.How(how).label) if how in Contact.How.values else ""
