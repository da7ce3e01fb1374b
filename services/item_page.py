"""What an item page says, prepared as plain values: the seven elements of C1 and everything around them.

Names and phones are read live from the posts, the text comes from the published edition (design decision 6).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from officials import staffing
from officials.models import StandIn
from services import saying
from services.flow import Stage, stages
from services.models import Edition, Material, Step
from services.windows import window_at

ONLINE = "网上"
OWN_WINDOW = "自办"  # 办理方式: done here, also where it is done in the name of a body of the county
# How editors' notes begin that repeat the line they stand under.
ON_THE_SPOT = ("即办件，当场办结", "当场办结")
NO_LIMIT = ("没有统一法定时限", "无统一法定时限", "没有法定时限", "无法定时限")
Live = dict[str, Any]  # office, township, post and persons as they are now, see `reading.around`
_CUSTODY = dict(Material.Custody.choices)
_COUNTS = dict(Step.Counts.choices)


@dataclass(frozen=True, slots=True)
class Person:
    """Who handles it. `url` leads to the public card; a post without a person shows its title instead of a name."""

    letter: str  # A or B; C: a third person who stands in for both
    name: str
    title: str
    phone: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str
    notes: list[str] = field(default_factory=list)
    is_chinese: bool = True  # catalogue text: marked as Chinese on an English page


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """材料: a line of the table, in words."""

    name: str
    form: str
    source: str
    when: str
    kept: str
    is_shared: bool
    notes: list[str]
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class StepBox:
    """环节: a box of the drawing, in words."""

    title: str
    actor: str
    office: str  # code of the office that does it, where it has a page of its own
    amount: str
    counts: str  # empty where the step simply counts
    counts_note: str
    condition: str
    output: str


@dataclass(frozen=True, slots=True)
class Box:
    """One level of the drawing."""

    is_parallel: bool
    steps: list[StepBox]


def people(live: Live, now: datetime) -> list[Person]:
    """A and B of the responsible post, and the third person who stands in for both now; whoever has left is not shown."""
    if not live["post__title"]:
        return []
    found = [_person("A", "holder", live), _person("B", "deputy", live)]
    if both_away(live, now) and _third_is_there(live, now):
        found.insert(0, _person("C", "third", live))
    return [person for person in found if person is not None]


def both_away(live: Live, now: datetime) -> bool:
    """Are holder and deputy of the responsible post both away or gone? A post that is not named is not empty."""
    return bool(live["post__title"]) and not any(_is_there(who, live, now) for who in ("holder", "deputy"))


def nobody_there(live: Live, now: datetime) -> bool:
    """Is the responsible post empty now: holder and deputy both away, and no third person named?"""
    return both_away(live, now) and not _third_is_there(live, now)


def only_takes_in(live: Live) -> bool:
    """The third person may take papers in and decides nothing."""
    return live["third_scope"] == StandIn.Scope.TAKE_IN


def _third_is_there(live: Live, now: datetime) -> bool:
    return bool(live["third_ends"]) and not _is_over(live["third_ends"], now) and _is_there("third", live, now)


def _is_there(who: str, live: Live, now: datetime) -> bool:
    if not live[f"post__{who}__name"] or not live[f"post__{who}__is_active"]:
        return False
    return live[f"{who}_where"] not in staffing.AWAY or _is_over(live[f"{who}_until"], now)


def _is_over(until: str | None, now: datetime) -> bool:
    """SQLite hands a moment inside JSON over as text without its zone, which is UTC."""
    if not until:
        return False
    moment = datetime.fromisoformat(until)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= now


def _person(letter: str, who: str, live: Live) -> Person | None:
    name, title, card = live[f"post__{who}__name"], live["post__title"], live[f"post__{who}__official__code"]
    phone = saying.group_phone(live["post__duty_phone"] or live["office__phone"] or live["item__township__phone"])
    if not name or not live[f"post__{who}__is_active"]:
        # The A place is never simply missing: the post answers, and its phone does.
        return Person(letter, _("post vacant at present"), title, phone) if letter == "A" else None
    if not card:
        return Person(letter, name, title, phone)
    if not live[f"post__{who}__official__is_public"]:
        return Person(letter, title, "", phone)
    own_phone = saying.group_phone(live[f"post__{who}__official__duty_phone"])
    return Person(letter, name, live[f"post__{who}__official__title"], own_phone or phone, f"/officials/{card}/")


def phones(live: Live) -> tuple[str, str]:
    """(consulting, complaint). Complaints never go to the phone that is complained about, where there is another."""
    consult = live["office__phone"] or live["post__duty_phone"] or live["item__township__phone"]
    wanted = [phone for phone in (live["office__complaint_phone"], live["item__township__complaint_phone"]) if phone]
    complaint = next((phone for phone in wanted if phone != consult), wanted[0] if wanted else "")
    return saying.group_phone(consult), saying.group_phone(complaint)


def limits(edition: Edition) -> list[Fact]:
    """Promised and legal limit side by side, each with unit, start and basis; never a bare number, never 0 for "none"."""
    return [_promised(edition), _legal(edition), *_further_limits(edition)]


def _promised(edition: Edition) -> Fact:
    notes = [note for note in (edition.promised_note, edition.starts_note) if note]
    for channel, start in (edition.start_by_channel or {}).items():
        notes.append(_("Channel %(channel)s: %(start)s") % {"channel": saying.say_channel(channel), "start": saying.say_start(start)})
    if edition.handling == Edition.Handling.ON_THE_SPOT:
        return Fact(_("Promised limit"), _("Done on the spot, while you wait"), _not_said_twice(notes, ON_THE_SPOT), is_chinese=False)
    if not edition.promised_value:
        return Fact(_("Promised limit"), _("No day promised"), notes, is_chinese=False)
    text = saying.say_limit(edition.promised_value, edition.promised_unit, edition.promised_start)
    return Fact(_("Promised limit"), text, notes, is_chinese=False)


def _legal(edition: Edition) -> Fact:
    notes = [edition.legal_basis] if edition.legal_basis else []
    if not edition.legal_value:
        notes = _not_said_twice(notes, NO_LIMIT)
    if edition.village_start:
        notes.append(_("Handed in to the village agent, it counts from that day."))
    if edition.deemed_acceptance:
        notes.append(_("Not answered in time, the application counts as accepted."))
    if edition.legal_value:
        text = saying.say_limit(edition.legal_value, edition.legal_unit, edition.legal_start)
    elif edition.handling == Edition.Handling.PROMISED:
        text = _("No statutory limit; handled as promised")
    else:
        text = _("No statutory limit")
    return Fact(_("Legal limit"), text, notes, is_chinese=False)


def _not_said_twice(notes: list[str], said: tuple[str, ...]) -> list[str]:
    """The notes without what the line above them says already in the same words."""
    found = []
    for note in notes:
        begin = next((words for words in said if note.startswith(words)), "")
        found.append(note[len(begin) :].lstrip("，；。,; ") if begin else note)
    return [note for note in found if note]


def _further_limits(edition: Edition) -> list[Fact]:
    found = _acceptance(edition) + _supplement(edition)
    for procedure in edition.special_procedures or []:
        amount = saying.say_amount(procedure["max_extra"], procedure["unit"]) if procedure.get("max_extra") else ""
        counted = _("counts towards the limit") if procedure.get("counted") else _("does not count towards the limit")
        text = _("%(name)s: at most %(amount)s") % {"name": procedure["name"], "amount": amount} if amount else procedure["name"]
        found.append(Fact(_("May take longer"), text, [counted]))
    notice = edition.public_notice or {}
    if notice.get("required"):
        amount = saying.say_amount(notice["days"], notice["unit"]) if notice.get("days") and notice.get("unit") else ""
        text = _(", ").join(part for part in (amount, notice.get("place") or "") if part)
        shown = "、".join(notice.get("allow_fields") or [])
        found.append(Fact(_("Public notice"), text, [_("Shown: %(what)s") % {"what": shown}] if shown else []))
    windows = (edition.batch_window or {}).get("windows")
    if windows:
        note = edition.batch_window.get("note")
        notes = [text for text in (_window_words(edition.batch_window), note) if text]
        found.append(Fact(_("Applications taken"), "、".join(windows), notes))
    return found


def _window_words(batch_window: dict[str, Any]) -> str:
    """Today's answer: open until when, or when next (the page is kept for a day at most)."""
    window = window_at(batch_window, timezone.localdate())
    if window is None:
        return ""
    days = {"first": saying.say_date(window.first), "last": saying.say_date(window.last)}
    return _("Open now, until %(last)s.") % days if window.is_open else _("Next: from %(first)s to %(last)s.") % days


def _acceptance(edition: Edition) -> list[Fact]:
    """By when one is told what is missing, where the item's own rule says so."""
    if not edition.acceptance_days:
        return []
    text = saying.say_limit(edition.acceptance_days, Edition.Unit.WORKING_DAY, Edition.Start.RECEIVED)
    return [Fact(_("Told what is missing, all at once"), text, [edition.acceptance_basis], is_chinese=False)]


def _supplement(edition: Edition) -> list[Fact]:
    """What the item's own rule says of missing materials; nothing where it says nothing (domain 4.1)."""
    if not edition.supplement_basis:
        return []
    sentences = []
    if edition.supplement_withdraws:
        sentences.append(_("Not brought in time, the application counts as withdrawn; one can apply again."))
    if edition.supplement_restarts:
        sentences.append(_("The limits start anew on the day everything is there."))
    if edition.supplement_value:
        text = _("within %(amount)s of being told") % {"amount": saying.say_amount(edition.supplement_value, edition.supplement_unit)}
    else:
        text = _("by the date in the notice")
    return [Fact(_("Missing materials"), text, [*sentences, edition.supplement_basis], is_chinese=False)]


def seven_elements(edition: Edition, number_of_steps: int) -> dict[str, str]:
    """The texts of C1 that are not links: process, authority and way of handling; and how long it takes."""
    authority = [edition.level, edition.implementing_body]
    if edition.entrusting_body:
        authority.append(_("entrusted by %(body)s") % {"body": edition.entrusting_body})
    elif edition.mode == OWN_WINDOW and edition.implementing_body and not edition.implementing_body.startswith(edition.item.township.name):
        authority.append(_("done at the window of the township, in its name"))
    return {
        "process": _("Steps: %(n)s, see the drawing") % {"n": number_of_steps},
        "authority": " · ".join(filter(None, authority)),
        "way": edition.mode,
        "channels": saying.say_channels(edition.channels or []),
        "handling": edition.get_handling_display(),
        "time": saying.say_handling(edition.handling, edition.promised_value, edition.promised_unit),
    }


def terms(edition: Edition, live: Live) -> list[Fact]:
    """Fee, place, hours, result and the like; only what is known."""
    place, hours = place_and_hours(edition, live)
    if edition.charges_fee:
        fee = Fact(_("Fee"), edition.fee_standard, [note for note in (edition.fee_basis, edition.payment_note) if note])
    else:
        fee = Fact(_("Fee"), _("Free of charge"), [edition.payment_note] if edition.payment_note else [], is_chinese=False)
    result = [edition.result_name, edition.result_kind]
    validity = _("Valid: %(how)s") % {"how": edition.result_validity} if edition.result_validity else ""
    delivery = _("Handed over: %(how)s") % {"how": "、".join(edition.delivery)} if edition.delivery else ""
    facts = [
        fee,
        Fact(_("Place"), place),
        Fact(_("Hours"), hours),
        Fact(_("Channels"), saying.say_channels(edition.channels or []), is_chinese=False),
        Fact(_("Visits needed"), _visits(edition.max_visits), is_chinese=False),
        Fact(_("Where it can be applied for"), edition.cross_region),
        Fact(_("Written promise"), _promise_words(edition), is_chinese=False),
        Fact(_("What you get"), " · ".join(filter(None, dict.fromkeys(result))), [note for note in (validity, delivery) if note]),
    ]
    if edition.review_value:
        every = _("every %(amount)s") % {"amount": saying.say_amount(edition.review_value, edition.review_unit)}
        facts.append(Fact(_("Reviewed"), every, [edition.review_basis] if edition.review_basis else [], is_chinese=False))
    return [fact for fact in facts if fact.text]


def place_and_hours(edition: Edition, live: Live) -> tuple[str, str]:
    """Where to go and when somebody is there: as the text says, else those of the office, else those of the centre."""
    place = edition.place or live["office__address"] or live["item__township__address"] or live["item__township__centre_name"]
    return place, edition.hours or live["office__hours"] or live["item__township__hours"]


def _promise_words(edition: Edition) -> str:
    """告知承诺 is the applicant's choice, never asked for (domain 4.4)."""
    if not edition.offers_promise:
        return ""
    return _("You may promise in writing that the conditions are met; it is checked afterwards. You need not.")


def _visits(number: int | None) -> str:
    if number is None:
        return ""
    return _("none, everything can be done from afar") if number == 0 else _("at most %(n)s") % {"n": number}


def materials(rows: list[Any]) -> list[MaterialLine]:
    return [_material(row) for row in rows]


def brought(lines: list[MaterialLine]) -> dict[str, list[MaterialLine]]:
    """The short list of the large print: what everybody brings, what only some bring, what nobody brings because we look it up."""
    found: dict[str, list[MaterialLine]] = {"always": [], "sometimes": [], "never": []}
    for line in lines:
        found["never" if line.is_shared else "sometimes" if line.is_conditional else "always"].append(line)
    return found


def _material(row: Any) -> MaterialLine:
    is_shared = row.form == Material.Form.SHARED
    kept = "" if is_shared else _("; ").join(str(_CUSTODY[value]) for value in row.custody if value in _CUSTODY)
    when = (row.handle_case or _("only in some cases")) if row.is_conditional else _("always")
    return MaterialLine(
        name=row.name,
        form=_("nothing to bring, we look it up") if is_shared else _form(row),
        source=row.source,
        when=when,
        kept=_("nothing") if is_shared else kept,
        is_shared=is_shared,
        notes=[note for note in (row.fill_explain, row.accept_standard, _("may be handed in later") * row.may_come_later) if note],
        is_conditional=row.is_conditional,
    )


def _form(row: Any) -> str:
    counts = []
    if row.form != Material.Form.COPY:
        counts.append(_("originals: %(n)s") % {"n": row.original_count} if row.original_count else _("original"))
    if row.form != Material.Form.ORIGINAL:
        counts.append(_("copies: %(n)s") % {"n": row.copy_count} if row.copy_count else _("copy"))
    return _(", ").join(counts)


def drawing(rows: list[Any]) -> list[Box]:
    return [_box(stage) for stage in stages(rows)]


def _box(stage: Stage) -> Box:
    return Box(stage.is_parallel, [_step(step) for step in stage.steps])


def _step(step: Any) -> StepBox:
    counts = "" if step.counts == Step.Counts.COUNTS else str(_COUNTS[step.counts])
    return StepBox(
        title=step.title,
        actor=step.actor,
        office=step.office__code or "",
        amount=saying.say_amount(step.value, step.unit) if step.value and step.unit else "",
        counts=counts,
        # Where no basis was found the editors' note is for editors; residents are told whose rule it is.
        counts_note="" if not counts else _("counted so by this centre") if step.counts_is_assumed else step.counts_basis,
        condition=step.condition,
        output=step.output,
    )


def checked(edition: Edition, code: str, live: Live) -> list[str]:
    """Who looked at this text last and when, its number, and since when it is in force."""
    on, by = edition.checked_on, live["checked_by__name"]
    since = timezone.localdate(edition.published_at) if edition.published_at else None
    found = []
    if on and by:
        found.append(_("Last checked on %(on)s by %(by)s.") % {"on": saying.say_date(on), "by": by})
    elif on or since:
        found.append(_("Last checked on %(on)s.") % {"on": saying.say_date(on or since)})
    found.append(_("Item %(code)s, edition %(number)s.") % {"code": code, "number": edition.number})
    if since:
        found.append(_("Published on %(on)s.") % {"on": saying.say_date(since)})
    return found
