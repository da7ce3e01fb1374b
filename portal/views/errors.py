"""What a person reads when something went wrong: what happened, that nothing was lost, whom to call."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from requests.held_post import rescue


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return _refused(request, str(exception) if exception else "")


def _refused(request, sentence: str) -> HttpResponse:
    """Whoever is signed in stays at the desk: its bar, and the way back."""
    user = getattr(request, "user", None)
    shell = "staff_base.html" if user is not None and user.is_authenticated else None
    return render(request, "403.html", {"sentence": sentence, "shell": shell}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def broken(request):
    # Without the request: what the context needs from the database may be what is broken.
    return HttpResponse(get_template("500.html").render(), status=500)


def csrf_failure(request, reason=""):
    """A stale token. What a clerk typed into a form of the desk is kept first (see requests.held_post)."""
    if answer := rescue(request):
        return answer
    sentence = _("The form was open too long or came from elsewhere. Go back, reload the page and send it again.")
    return _refused(request, sentence)
