"""/desk/mine/: the list of an official or a window, soonest first.

Filters live in the address; what is typed into the search is sent as a form and answered on the page, because a name
typed there by mistake would stay in the history of the browser and in the logs.
"""

from django.core.paginator import Page, Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from requests import worklist
from requests.joint import lists as joint_lists
from requests.models import ServiceRequest

PER_PAGE = 50
S = ServiceRequest.Status


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, *args, rows: int, **kwargs):
        self._rows = rows
        super().__init__(*args, **kwargs)

    @cached_property
    def count(self) -> int:
        return self._rows


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    asked = worklist.wanted(request.user, request.GET if sent is None else {}, None if sent is None else sent.get("q", ""))
    if not asked.q and (sent is not None or request.GET.get("q")):
        # Nothing was typed, or an address carries what it should not: on to the list without it.
        return redirect(asked.address)
    found = worklist.cases(request.user, asked, now)
    if asked.q:
        # A search that names one case opens it: one key less for the clerk.
        only = list(found[:2])
        if len(only) == 1:
            return redirect(only[0])
    counted_along = worklist.is_among_open(asked)
    counts = worklist.counts(request.user, now, asked if counted_along else None)
    total = counts["rows"] if counted_along else found.count()
    page = CountedPaginator(found, PER_PAGE, rows=total).get_page((request.GET if sent is None else sent).get("page"))
    context = {
        "asked": asked,
        "total": total,
        "lists": _lists(counts, asked),
        "statuses": _statuses(asked),
        "rows": worklist.rows(request.user, page.object_list, now),
        "tasks": [] if asked.q else joint_lists.of_my_offices(request.user, now),
        "page_obj": page,
        "question": _question(asked, page),
        "looks_like_secret": _looks_like_secret(asked.q),
    }
    return render(request, "requests/case/mine.html", context)


def _lists(counts: dict[str, int], asked: worklist.Wanted) -> list[dict]:
    """The lists side by side, each with its number of open cases."""
    return [
        {
            "label": str(label),
            "url": worklist.Wanted(who=who).address,
            "count": counts[who],
            "current": who == asked.who,
        }
        for who, label in worklist.SCOPES.items()
        if who in counts
    ]


def _statuses(asked: worklist.Wanted) -> list[tuple[str, str, bool]]:
    words = [(value, ServiceRequest.status_word(asked.kind, value)) for value in S.values]
    choices = [("", _("open")), *words, (worklist.ALL, _("every status"))]
    return [(value, label, value == asked.status) for value, label in choices]


def _question(asked: worklist.Wanted, page: Page) -> str:
    """The sentence above the list, with its number."""
    n = {"n": page.paginator.count}
    if asked.q:
        return _("Cases found: %(n)s") % n
    if asked.late:
        return _("Late: %(n)s") % n
    if asked.today == worklist.ONLY:
        return _("Due today, not yet late: %(n)s") % n
    if asked.today:
        return _("To deal with today: %(n)s") % n
    if asked.kind == ServiceRequest.Kind.CONSULTATION:
        return _("Questions to answer: %(n)s") % n
    if asked.status == worklist.ALL:
        return _("Cases: %(n)s") % n
    if asked.status:
        return _("Cases “%(status)s”: %(n)s") % {"n": page.paginator.count, "status": ServiceRequest.status_word(asked.kind, asked.status)}
    return _("Open cases: %(n)s") % n


def _looks_like_secret(text: str) -> bool:
    """Sixteen digits are a tracking code; that finds no case without the number, for nobody."""
    digits = text.replace(" ", "").replace("-", "")
    return len(digits) == 16 and digits.isdigit()
