"""Addresses of this app, one module a room (see routes/)."""

from importlib import import_module
from pkgutil import iter_modules

from requests import routes

ROOMS = sorted(room.name for room in iter_modules(routes.__path__))
urlpatterns = [pattern for room in ROOMS for pattern in import_module(f"requests.routes.{room}").urlpatterns]
