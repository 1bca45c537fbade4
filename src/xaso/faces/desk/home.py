"""The officer's first page: what modules offer for today."""

from django.http import HttpRequest

from xaso.core.screens import Answer, screen
from xaso.kit.module import slot


@screen("faces/desk/home.html", permission="desk.use")
def home(request: HttpRequest) -> Answer:
    parts = [part(request) for part in slot("desk.work")]
    return {"parts": [part for part in parts if part]}
