"""周审 (domain 1.2, 先办后审): once a week the head goes through the loans, gives an opinion, and asks back what should not be out."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from officials.audit import together, verb
from officials.models import User
from officials.privacy.keys import keyring
from requests.archive import lists
from requests.archive.verbs import recall_volume
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import LoanReview, VolumeLoan


def review_loans(shown: Iterable[int], *, recall: Iterable[int] = (), opinion: str, by: User, now: datetime) -> LoanReview:
    """The opinion stands with every loan that was `shown` (ids); what is to be recalled is due on the next working day.

    Raises AlreadyHandled where somebody else reviewed them meanwhile. Later loans wait for the next review.
    """
    if not opinion.strip():
        raise Refused(_("Write down your opinion."))
    wanted, back = set(shown), set(recall)
    with together(one_fate=True):
        with verb("review_loans", by=by, now=now) as act:
            rows = list(VolumeLoan.objects.select_for_update().filter(pk__in=lists.to_review(by).filter(pk__in=wanted).values("pk")))
            if not rows or len(rows) != len(wanted) or not back <= wanted:
                raise AlreadyHandled(_("These loans were reviewed already, or there are none. Look at the ledger again."))
            township = rows[0].volume.township
            review = LoanReview.objects.create(
                township=township, sealed=keyring().wrap(opinion.strip().encode()), at=now, by=by
            )
            act.subject = f"loan_review:{review.pk}"
            for loan in rows:
                loan.review = review
                loan.save()
        for loan in rows:
            if loan.pk in back and loan.is_out and not loan.recalled_at:
                recall_volume(loan.volume.service_request, reason=opinion, by=by, now=now)
    return review


def opinion_of(review: LoanReview) -> str:
    return keyring().unwrap(review.sealed).decode()
