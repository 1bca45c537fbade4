"""The resident's first page: find a service, follow a dossier. A part of the slot says its `order`."""

from django.http import HttpRequest

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, screen
from xaso.kit.module import slot


@screen("faces/portal/home.html", permission=PUBLIC)
def home(request: HttpRequest) -> Answer:
    parts = filter(None, (part(request) for part in slot("portal.home")))
    return {"parts": sorted(parts, key=lambda part: part["order"])}
