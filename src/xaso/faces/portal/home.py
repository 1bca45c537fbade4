"""The resident's first page: find a service, follow a dossier."""

from django.http import HttpRequest

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, screen
from xaso.kit.module import slot


@screen("faces/portal/home.html", permission=PUBLIC)
def home(request: HttpRequest) -> Answer:
    # What is one's own stands above the catalogue: the highest module first.
    parts = [part(request) for part in reversed(slot("portal.home"))]
    return {"parts": [part for part in parts if part]}
