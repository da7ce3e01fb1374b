"""回访 as a verb, and what follows where the person says that it is not solved: 重办 (domain 8.3)."""

from datetime import datetime

from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import User
from requests.demands import moves, verdicts
from requests.lifecycle import Refused, change
from requests.models import ServiceRequest


def call_back(
    case: ServiceRequest, *, how: str, reached: bool, solved: bool | None = None, satisfaction: str = "", words: str = "",
    again: bool = False, by: User, now: datetime,
) -> None:  # fmt: skip
    """Somebody who did not handle it asks the person. `again`: what is not solved goes back to be done again, in the same moment."""
    if reached and solved is False and not words.strip():
        raise Refused(_("Write down what is not solved; where it ends all the same, why."))
    if again and not (reached and solved is False):
        raise Refused(_("Only what the person says is not solved is done again."))
    with together(one_fate=True):
        with change("call_back", case, by=by, now=now) as work:
            verdicts.take(work, how=how, reached=reached, solved=solved, satisfaction=satisfaction)
            work.words["text"], work.redate = words, False
        if again:
            moves.rework(case, reason=words, by=by, now=now)
