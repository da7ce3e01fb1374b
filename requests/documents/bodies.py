"""Who may write which paper. The item says it (`documents_by`); the centre itself is no authority and writes none."""

from collections.abc import Mapping

from officials.models import IssuingBody, Township
from requests.county import deciding
from requests.documents.kinds import FORMS
from requests.models import Document, ServiceRequest
from services.models import Edition

K = Document.Kind
# Papers about the road of a case, which the items do not name: they come from whoever gives the first of these.
_FOLLOWS = {K.SPECIAL_PROCEDURE: (K.ACCEPTANCE,), K.EXTENSION: (K.ACCEPTANCE,)}

OF_THE_COMMITTEE = (K.AGREEMENT, K.MEDIATION_END)


def issuer_of(case: ServiceRequest, kind: str) -> str:
    """The body in whose name this paper is written, by the pinned edition; the township's government where it names none."""
    edition = case.edition if case.edition_id else None
    if edition is not None:
        for one in (kind, *_FOLLOWS.get(kind, ())):
            named = _named_in(edition, one)
            if named:
                return named
        if kind == K.DECISION:
            # The result has a name of its own (居住证, 批准书): it comes from the body that decides.
            return edition.entrusting_body or edition.implementing_body
        if deciding.is_at_a_stationed_office(case) and kind != K.FORWARDING:
            return edition.implementing_body  # records and slips of its window are its own; what the reception hands on, the township's
    if kind in OF_THE_COMMITTEE:
        return mediation_committee(case.township)
    return own_government(case.township)


def is_named(edition: Edition, kind: str) -> bool:
    """Does the item let anybody write this paper? One that says nothing of papers at all leaves it to the township."""
    return not edition.documents_by or bool(_named_in(edition, kind))


def _named_in(edition: Edition, kind: str) -> str:
    """The first body that the item lets write it; where the reception only carries, that is not the one that decides."""
    for entry in edition.documents_by:
        if isinstance(entry, Mapping) and any(name in FORMS[kind].in_items for name in entry.get("documents", ())):
            return str(entry.get("issuer", ""))
    return ""


def own_government(township: Township) -> str:
    return f"{township.name}人民政府"


def mediation_committee(township: Township) -> str:
    """调委会 is no authority: its agreements bear its own name and seal (人民调解法 29)."""
    return f"{township.name}人民调解委员会"


def body_named(township: Township, name: str) -> IssuingBody | None:
    return IssuingBody.objects.filter(township=township, name=name).first()


def acts_here(case: ServiceRequest, name: str) -> bool:
    """Are this body's papers written at our windows? Its row says so; without one, the township's own and the entrusting body's are."""
    body = body_named(case.township, name)
    if body is not None:
        return body.acts_here
    entrusting = case.edition.entrusting_body if case.edition_id else ""
    return name.startswith(case.township.name) or (entrusting != "" and name == entrusting)


def may_issue(case: ServiceRequest, kind: str) -> bool:
    """Is this paper of this case ours to write, or does a body elsewhere write it?"""
    return acts_here(case, issuer_of(case, kind))
