"""Rows of the item page that repeat: lines of the table of materials and boxes of the flow.

Joined here and not in a template, because these loops were half the time of the first view after a change.
"""

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from services.item_page import Box, MaterialLine, StepBox

_CHECK = mark_safe(
    '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
    '<circle cx="12" cy="12" r="10"/><path d="m16 9-5.5 5.5L8 12"/></svg>'
)


def material_columns() -> list[str]:
    return [_("Material"), _("Form and number"), _("When needed"), _("Where from"), _("What we keep")]


def material_rows(lines: list[MaterialLine], zh: str) -> SafeString:
    """Table rows; `zh` is the attribute that marks Chinese text on an English page."""
    name, form, when, source, kept = (escape(column) for column in material_columns())
    row = (
        f'<tr><td data-label="{name}"><span{zh}><strong>{{}}</strong>{{}}</span></td><td data-label="{form}"><span>{{}}{{}}</span></td>'
        f'<td data-label="{when}"><span{zh}>{{}}</span></td><td data-label="{source}"><span{zh}>{{}}</span></td>'
        f'<td data-label="{kept}">{{}}</td></tr>'
    )
    return format_html_join("\n", row, (_cells(line) for line in lines))


def _cells(line: MaterialLine) -> tuple[str, ...]:
    notes = format_html_join("", '<br><span class="hint">{}</span>', ((note,) for note in line.notes)) if line.notes else ""
    return line.name, notes, _CHECK if line.is_shared else "", line.form, line.when, line.source or "—", line.kept or "—"


def flow_rows(drawing: list[Box], zh: str) -> SafeString:
    """The levels of the drawing between its first and its last box."""
    return format_html_join("\n", "{}", ((_level(box, zh),) for box in drawing))


def _level(box: Box, zh: str) -> SafeString:
    steps = format_html_join("", "<li>{}</li>", ((_step(step, zh),) for step in box.steps))
    if not box.is_parallel:
        return steps
    return format_html('<li class="flow-parallel"><p>{}</p><ol role="list">{}</ol></li>', _("At the same time"), steps)


def _step(step: StepBox, zh: str) -> SafeString:
    lines = []
    if step.condition:
        lines.append((_("Only when") + _(": "), step.condition))
    if step.output:
        lines.append((_("Gives") + _(": "), step.output))
    counts = ""
    if step.counts:
        counts = format_html('<p><span class="tag">{}</span> <span class="hint">{}</span></p>', step.counts, step.counts_note)
    return format_html(
        '<div class="flow-step"{}><h3 class="flow-name">{}</h3><p>{}</p>{}{}</div>',
        zh, step.title, _who_and_how_long(step), counts,
        format_html_join("", '<p class="hint">{}{}</p>', lines),
    )  # fmt: skip


def _who_and_how_long(step: StepBox) -> SafeString:
    """The words of the actor lead to the office that does it."""
    if step.office and step.actor:
        actor = format_html('<a href="/offices/{}/">{}</a>', step.office, step.actor)
    else:
        actor = escape(step.actor)
    return format_html_join(" · ", "{}", ((part,) for part in (actor, step.amount) if part))
