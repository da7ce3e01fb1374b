"""At the window: is this item taken now, or does the batch begin later?"""

from datetime import date

from django.utils.translation import gettext as _

from requests.models import Batch
from requests.reasons import say_date
from services.models import Edition
from services.windows import window_at


def outside(edition: Edition, today: date) -> str:
    """The sentence for the clerk outside the window; "" inside it, and for items without one.

    What cannot be accepted now is not taken in, so that no clock begins for it: the person is told the next days. Only where the
    notice of this year says so (补报, 新增对象; domain 16.3) it is taken in, and that is said and kept.

    A batch opened for this year goes before the days in the text of the item (起止日以当年通知为准).
    """
    window = window_at(edition.batch_window or {}, today)
    if window is None or window.is_open:
        return ""
    if Batch.objects.filter(item_id=edition.item_id, begins_on__lte=today, ends_on__gte=today).exists():
        return ""
    coming = Batch.objects.filter(item_id=edition.item_id, begins_on__gt=today).order_by("begins_on").first()
    days = {"first": say_date(coming.begins_on if coming else window.first), "last": say_date(coming.ends_on if coming else window.last)}
    return _("This item is taken in batches, next from %(first)s to %(last)s.") % days
