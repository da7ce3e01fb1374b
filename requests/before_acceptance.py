"""What an item wants said, signed or hung before it is accepted, besides its materials."""

from requests import parties
from requests.models import ServiceRequest
from requests.public_notice import village


def lacking(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] where nothing is lacking."""
    return [*parties.lacking_for_acceptance(case), *village.lacking_for_acceptance(case)]
