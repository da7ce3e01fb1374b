"""What an item wants said, signed or hung before it is accepted, besides its materials."""

from django.utils.translation import gettext as _

from requests import guardians, parties
from requests.models import ServiceRequest
from requests.public_notice import village


def lacking(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] where nothing is lacking."""
    return [*guardians.lacking_for_acceptance(case), *parties.lacking_for_acceptance(case), *village.lacking_for_acceptance(case)]


def nothing_missing(case: ServiceRequest) -> str:
    """Why no list of missing materials is written when none is missing; and what stands before acceptance all the same."""
    sentences = [sentence for _verb, sentence in lacking(case)]
    if not sentences:
        return _("Nothing is missing: accept the case instead.")
    return _("No material is missing. Before it is accepted: %(what)s") % {"what": " ".join(sentences)}
