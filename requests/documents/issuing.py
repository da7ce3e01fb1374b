"""A paper gets its number and is frozen. Inside the transaction of a verb: a refusal there takes the number back."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials import numbers
from officials.models import IssuingBody, User
from officials.typesetting import check_code
from requests import persons
from requests.documents import bodies
from requests.documents.kinds import FORMS, Form, Seal
from requests.documents.paper import Paper
from requests.lifecycle import Refused
from requests.models import Document, ServiceRequest
from requests.printing import wording

PLACE = "document"  # of the sealed text


def issue(case: ServiceRequest, paper: Paper, *, by: User, now: datetime) -> Document:
    """Number, freeze and store a paper. `case` is locked by the verb this belongs to.

    Raises Refused when a body elsewhere writes this paper, or when a part that the law wants is missing (domain 4.3).
    """
    form = FORMS[paper.kind]
    issuer = bodies.issuer_of(case, paper.kind)
    if not bodies.acts_here(case, issuer):
        raise Refused(_("%(paper)s is written by %(body)s, not here.") % {"paper": form.name, "body": issuer})
    lacking = sorted(form.mandatory - {part.key for part in paper.parts if part.is_filled})
    if lacking:
        raise Refused(_("%(paper)s would be incomplete: %(parts)s.") % {"paper": form.name, "parts": _(", ").join(lacking)})
    body = bodies.body_named(case.township, issuer)
    number = _number(case, form, body, now)
    with translation.override("zh-hans"):
        text = _frozen(case, paper, form, issuer, body, number, now, by)
    # Two papers without a number, of the same words and the same moment, are two papers still.
    place = 0 if number else case.documents.filter(kind=paper.kind).count()
    return Document.objects.create(
        service_request=case,
        township=case.township,
        kind=paper.kind,
        number=number,
        issuer=issuer,
        seal=text["seal"],
        check_code=check_code({"layout": form.name, "at": now.isoformat(), "case": case.number, "place": place, **text}),
        sealed=persons.seal_for(case, text, PLACE),
        at=now,
        by=by,
    )


def _number(case: ServiceRequest, form: Form, body: IssuingBody | None, now: datetime) -> str:
    """文号: 机关代字、字、年份、序号, as 栖政受〔2026〕12号. One counter for each body and kind. "" for papers others sign."""
    if not form.series:
        return ""
    day = timezone.localdate(now)
    value = numbers.take(case.township, f"{form.series}{body.pk if body else 0}", day)
    return f"{body.code_word if body else ''}{form.word}〔{day.year}〕{value}号"


def _frozen(
    case: ServiceRequest, paper: Paper, form: Form, issuer: str, body: IssuingBody | None, number: str, now: datetime, by: User
) -> dict[str, Any]:
    office = case.office
    return {
        "title": paper.title or form.name,
        "number": number,
        "case_number": case.number,
        "heading": issuer,
        "addressee": paper.addressee or persons.person_of(case).name,
        "parts": [part.frozen() for part in paper.parts if part.is_filled],
        "officer": by.name,
        "office": office.name,
        "phone": office.phone or case.township.phone,
        "complaint_phone": case.township.complaint_phone,
        "date": wording.plain_day(now),
        "seal": _seal(form, body),
        "has_seal": form.seal != Seal.NONE,
        "signatures": list(paper.signatures),
        "copies": paper.copies,
    }


def _seal(form: Form, body: IssuingBody | None) -> str:
    if body is None or form.seal == Seal.NONE:
        return ""
    return body.business_seal if form.seal == Seal.BUSINESS else body.decision_seal
