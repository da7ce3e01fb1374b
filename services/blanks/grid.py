"""A page of a form under a millimetre grid, with the places on it: a drawing from which an editor reads off where things stand."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from services.blanks.names import BY_CODE, REPEATED
from services.models import BlankForm

EDGE = 8  # mm around the page, for the figures


def drawing(blank: BlankForm, page: int, picture: str) -> SafeString:
    """An SVG in millimetres; the figures along the edges are centimetres' marks, in millimetres."""
    wide, high = blank.pages[page - 1]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{} {} {} {}" width="100%" role="img" aria-label="{}">'
        '<defs><pattern id="mm-{}" width="1" height="1" patternUnits="userSpaceOnUse">'
        '<path d="M1 0H0V1" fill="none" stroke="#1a5fb4" stroke-width=".04" stroke-opacity=".35"/></pattern>'
        '<pattern id="cm-{}" width="10" height="10" patternUnits="userSpaceOnUse">'
        '<path d="M10 0H0V10" fill="none" stroke="#1a5fb4" stroke-width=".18" stroke-opacity=".6"/></pattern></defs>'
        '<rect x="0" y="0" width="{}" height="{}" fill="#fff"/><image href="{}" x="0" y="0" width="{}" height="{}"/>'
        '<rect width="{}" height="{}" fill="url(#mm-{})"/>'
        '<rect width="{}" height="{}" fill="url(#cm-{})" stroke="#1a5fb4" stroke-width=".3"/>'
        "{}{}{}</svg>",
        -EDGE, -EDGE, wide + 2 * EDGE, high + EDGE + 2, _("Page %(n)s of the form with a millimetre grid") % {"n": page},
        page, page, wide, high, picture, wide, high, wide, high, page, wide, high, page,
        format_html_join("", _FIGURE, ((n, -1.5, n, "middle") for n in range(0, int(wide) + 1, 10))),
        format_html_join("", _FIGURE, ((-1, n + 1, n, "end") for n in range(10, int(high) + 1, 10))),
        format_html_join("", "{}", ((_place(number, one),) for number, one in enumerate(blank.places, start=1) if one["page"] == page)),
    )  # fmt: skip


_FIGURE = '<text x="{0}" y="{1}" font-size="3" fill="currentColor" text-anchor="{3}">{2}</text>'


def _place(number: int, place: dict) -> SafeString:
    """Its rectangle (of rows, all of them) with the number of its row in the form below."""
    rows = place.get("rows", 1) if BY_CODE[place["name"]].kind in REPEATED else 1
    box = (place["x"], place["y"], place["width"], place["height"] * rows)
    label = (place["x"] + 0.6, place["y"] + 3.2, number, BY_CODE[place["name"]].label)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="#c01c28" fill-opacity=".1" stroke="#c01c28" stroke-width=".3"/>'
        '<text x="{}" y="{}" font-size="2.8" fill="#a51d2d">{} {}</text>',
        *box, *label,
    )  # fmt: skip
