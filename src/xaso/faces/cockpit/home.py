"""The leader's first page: figures of now, each opening its rows."""

from django.http import HttpRequest

from xaso.core.screens import Answer, screen
from xaso.kit.module import slot


@screen("faces/cockpit/home.html", permission="cockpit.use")
def home(request: HttpRequest) -> Answer:
    parts = [part(request) for part in slot("cockpit.tiles")]
    return {"parts": [part for part in parts if part]}
