"""Start-up checks: the app `requests` is ours, the rights exist, production is no demo."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register

import requests


@register()
def requests_is_ours(app_configs, **kwargs):
    """Started from another folder, `requests` could be the HTTP library of the same name, or nothing."""
    ours = Path(settings.BASE_DIR) / "requests"
    if Path(requests.__file__).parent != ours:
        return [Error(f"The app “requests” is {requests.__file__}: start everything from {settings.BASE_DIR}.", id="portal.E001")]
    return []
