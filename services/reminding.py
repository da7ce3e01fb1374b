"""When a reminder of an item's result running out would come too late."""

from typing import Any

from django.utils.translation import gettext as _

from services.models import Edition

# 行政许可法第五十条: whoever wants a permit prolonged has to ask 30 days before it ends.
RENEWAL_DAYS = 30


def too_late(item_type: str, lead_days: Any) -> str:
    """The sentence against a lead of so many calendar days, or "" when it leaves time to apply.

    For permits alone: other results have no such rule in the law, their own text says by when to come back.
    """
    if item_type != Edition.ItemType.PERMIT or not lead_days or lead_days > RENEWAL_DAYS:
        return ""
    return _(
        "A permit is prolonged only if that is asked for %(days)s days before it ends (Administrative Permission Law, article 50): "
        "a reminder %(lead)s days ahead comes too late. Remind 90 and 60 days ahead; write at least 60."
    ) % {"days": RENEWAL_DAYS, "lead": lead_days}
