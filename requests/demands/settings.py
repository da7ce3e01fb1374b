"""The limits of demands as the centre sets them: each with value, unit and basis, changed by the head of the centre."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import verb
from officials.models import Office, User
from requests.clock import Unit
from requests.demands import dates
from requests.demands.dates import Setting
from requests.lifecycle import Refused
from requests.models import DemandLimit
from requests.permissions import heads_the_centre

WORDS = {
    dates.SIGN: gettext_lazy("Sign for it"),
    dates.CONTACT: gettext_lazy("First contact"),
    dates.RETURN: gettext_lazy("Return it to the dispatching window"),
    dates.ANSWER: gettext_lazy("Answer it"),
    dates.EXTENSION: gettext_lazy("Extend once"),
    dates.MEDIATION: gettext_lazy("Mediation"),
    dates.COURT: gettext_lazy("Joint confirmation by the court"),
}
LONGEST = 999


def set_limits(window: Office, wanted: Mapping[tuple[str, str], Setting], *, by: User, now: datetime) -> int:
    """Write what differs from what is in force; open cases keep the limits they were given. Returns how many changed."""
    if not heads_the_centre(by, window.pk):
        raise Refused(_("The limits belong to the head of the centre."))
    with verb("set_demand_limits", by=by, now=now, subject=f"office:{window.code}"):
        rows = {(row.what, row.rhythm): row for row in DemandLimit.objects.select_for_update().filter(township=window.township)}
        in_force = dates.in_force(window.township)
        changed = {key: setting for key, setting in wanted.items() if key in in_force and setting != in_force[key]}
        for key, setting in changed.items():
            _check(setting)
            row = rows.get(key) or DemandLimit(township=window.township, what=key[0], rhythm=key[1])
            row.value, row.unit, row.basis = setting.value, setting.unit, setting.basis
            row.save()
    return len(changed)


def _check(setting: Setting) -> None:
    if not 1 <= setting.value <= LONGEST or setting.unit not in list(Unit):
        raise Refused(_("A limit is a whole number from 1 to 999 with its unit."))
    if not setting.basis.strip():
        raise Refused(_("Every limit needs its basis."))
