"""The mark of a page that is the same for everybody. It stands on the floor because every app has such pages.

`portal.pagecache` keeps the answers of marked views, compressed, until the catalogue changes.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required


def public_page(view):
    """A view whose answer is the same for everybody: no form with a token, nothing about who asks."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        # The view may say that this very answer will not hold long enough to be kept.
        response.is_public_page = response.status_code == 200 and getattr(response, "is_public_page", True)
        return response

    inner.is_public_page = True
    return login_not_required(inner)
