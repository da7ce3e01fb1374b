"""Addresses of this app, one module a room (see routes/)."""

from importlib import import_module
from pkgutil import iter_modules

from requests import routes

urlpatterns = [
    pattern for room in sorted(iter_modules(routes.__path__), key=lambda r: r.name) for pattern in import_module(f"requests.routes.{room.name}").urlpatterns
]
