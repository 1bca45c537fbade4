"""The resident's side and the public side, and the parts of both on the portal's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.inbox import InboxEntry, span_of
from xaso.modules.feedback.screens import following, open311, opening, reporting

app_name = "feedback"


def home_part(request: HttpRequest) -> dict[str, Any]:
    """For the portal's first page."""
    names = ("report", "follow")
    links = {name: reverse(f"portal-feedback:{name}") for name in names}
    mine = reverse("portal-feedback:mine") if request.actor.kind == "person" else ""
    return {"template": "feedback/parts/portal_home.html", "order": 30, "links": links, "mine": mine}


def inbox_part(request: HttpRequest) -> list[InboxEntry]:
    """A resident's own reports, each where it stands now."""
    return following.entries(request.actor.person_id, span_of(request))


urlpatterns = [
    *reporting.urlpatterns,
    *opening.urlpatterns,
    *open311.urlpatterns,
    *following.urlpatterns,
]
