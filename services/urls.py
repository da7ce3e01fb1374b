"""Addresses of this app, one module a room (see routes/)."""

from importlib import import_module
from pkgutil import iter_modules

from services import routes

urlpatterns = [
    pattern for room in sorted(iter_modules(routes.__path__), key=lambda r: r.name) for pattern in import_module(f"services.routes.{room.name}").urlpatterns
]
