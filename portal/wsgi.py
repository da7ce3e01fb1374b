import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# Every view and what it needs, now: the server loads this file once and forks, so its processes share those 40 MB.
from django.urls import get_resolver  # noqa: E402  (after the set-up)

get_resolver().url_patterns  # noqa: B018
