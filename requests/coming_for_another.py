"""Whoever comes for somebody else: on what authority that is possible at an item, and what stays for the applicant in person (CR-01)."""

from django.utils.translation import gettext as _

from services.channel_rules import Rules, rules_for
from services.models import ChannelRule, Edition


def rules_of(township_id: int, edition: Edition | None) -> Rules:
    """What the editors wrote down for this item."""
    return rules_for(township_id, edition.item.code) if edition is not None else Rules()


def refusal_of_authority(township_id: int, edition: Edition | None, authority: str) -> str:
    """Why nobody can come for the applicant on this authority; "" when one can."""
    rules = rules_of(township_id, edition)
    stopped = rules.stops(ChannelRule.Stage.INTAKE, authority)
    if stopped:
        return stopped[0].text
    if not rules.allows(authority):
        return _("At this item nobody comes on this ground without a letter: an authorisation letter and the own card are needed.")
    return ""
