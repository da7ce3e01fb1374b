"""The trail of one case: every field change, event, paper, assignment and look, in one time line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import AccessRecord
from portal.trail.lines import Entry, Line, access_lines, history_lines, person, told
from portal.trail.words import Names, say_told, say_verb
from requests import deadlines, persons
from requests.materials import name_of_line
from requests.models import (
    Applicant,
    Assignment,
    Document,
    DocumentPrint,
    Event,
    Extension,
    MaterialReceipt,
    Pause,
    PhoneQuestion,
    ServiceRequest,
    Slip,
)
from requests.reasons import say_amount

# As the buttons of the receipt call them.
LAYOUTS = {"a5": "A5", "80mm": gettext_lazy("80 mm roll")}


def trail(case: ServiceRequest) -> list[Entry]:
    """A fixed number of queries, whatever happened to the case."""
    names = Names()
    subject = f"case:{case.pk}"
    lines = [
        *_events(case),
        *history_lines(ServiceRequest, case.history.order_by("history_id"), names, _("Case changed")),
        *history_lines(
            Applicant, Applicant.history.filter(service_request_id=case.pk).order_by("history_id"), names, _("Applicant's data changed")
        ),
        *history_lines(Slip, Slip.history.filter(service_request_id=case.pk).order_by("history_id"), names, _("Paper slip")),
        *_facts(case),
        *_papers(case),
        *access_lines(AccessRecord.objects.filter(subject=subject).select_related("by").order_by("id")),
    ]
    entries = told(lines, subject)
    names.read()
    return entries


def _events(case: ServiceRequest) -> Iterator[Line]:
    """What happened, with the words that were written down; an anonymised case has none left."""
    for event in Event.objects.filter(service_request=case).select_related("by").order_by("id"):
        hidden = case.kind == ServiceRequest.Kind.MEDIATION  # read by the mediation office alone
        words = {} if hidden else persons.open_for(case, event.sealed, "event") or {}
        sealed = _("words no longer readable (the case was anonymised)") if event.sealed and not words else ""
        reason = _("; ").join(str(text) for text in words.values() if text) or sealed
        yield Line(Event, event.pk, event.at, person(event.by), say_verb(event.verb), reason=reason, rank=1)


def _facts(case: ServiceRequest) -> Iterator[Line]:
    mine = {"service_request": case}
    for row in Assignment.objects.filter(**mine).select_related("by", "holder", "office"):
        text = _("Given to %(name)s, %(office)s: %(why)s") % {
            "name": person(row.holder), "office": row.office, "why": row.get_why_display()
        }  # fmt: skip
        yield Line(Assignment, row.pk, row.at, person(row.by), _("Assigned"), text=text, rank=2)
    for row in MaterialReceipt.objects.filter(**mine).select_related("by", "material"):
        name = row.material.name if row.material else name_of_line(row.line)
        text = _("%(material)s: %(state)s") % {"material": name, "state": row.get_state_display()}
        yield Line(MaterialReceipt, row.pk, row.at, person(row.by), _("Materials"), text=text, rank=3)
    for row in Pause.objects.filter(**mine).select_related("by"):
        text = _("Clock stopped") if row.starts else _("Clock goes on")
        yield Line(Pause, row.pk, row.at, person(row.by), text, text=text, reason=row.basis or deadlines.say_pause(row.reason), rank=2)
    for row in Extension.objects.filter(**mine).select_related("by", "approved_by"):
        text = _("Extension taken back")
        if row.value:
            text = _("Extended by %(amount)s, approved by %(name)s") % {"amount": say_amount(row.value, row.unit), "name": row.approved_by}
        yield Line(Extension, row.pk, row.at, person(row.by), text, text=text, reason=row.basis, rank=2)


def _papers(case: ServiceRequest) -> Iterator[Line]:
    for row in Document.objects.filter(service_request=case).select_related("by"):
        text = _("Issued: %(kind)s, check code %(code)s") % {"kind": row.get_kind_display(), "code": row.check_code}
        yield Line(Document, row.pk, row.at, person(row.by), _("Paper issued"), text=text, rank=4)
    for row in DocumentPrint.objects.filter(document__service_request=case).select_related("by", "document"):
        paper = {"kind": row.document.get_kind_display(), "layout": LAYOUTS.get(row.layout, row.layout)}
        text = _("Printed: %(kind)s (%(layout)s)") % paper
        yield Line(DocumentPrint, row.pk, row.at, person(row.by), _("Paper printed"), text=text, rank=4)
    for row in PhoneQuestion.objects.filter(service_request=case).select_related("by"):
        text = _("Asked on the phone, matched by: %(how)s") % {"how": row.get_matched_display()}
        yield Line(PhoneQuestion, row.pk, row.at, person(row.by), _("Question on the phone"), text=text, reason=say_told(row.told), rank=4)
