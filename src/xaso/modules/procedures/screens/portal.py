"""Residents find a service, and learn what to bring, how long, how much, and where."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, screen
from xaso.kit.errors import Missing
from xaso.modules.procedures import queries
from xaso.modules.procedures.screens.showing import laid_out


@screen("procedures/portal/index.html", permission=PUBLIC)
def index(request: HttpRequest) -> Answer:
    asked = {key: request.GET.get(key, "").strip()[:200] for key in ("q", "event", "field")}
    events = queries.life_events()
    event = next((e for e in events if e.slug == asked["event"]), None)
    searching = any(asked.values())
    found = queries.search(asked["q"], asked["event"], asked["field"], _page(request)) if searching else None
    return {
        "asked": asked,
        "events": events,
        "event": event,
        "found": found,
        "pages": _pages(asked, found) if found else {},
    }


@screen("procedures/portal/detail.html", permission=PUBLIC)
def detail(request: HttpRequest, code: str) -> Answer:
    entry = queries.entry(code)
    if entry.is_hidden:
        raise Missing("Thủ tục này không còn trong danh mục. Hãy tìm thủ tục khác hoặc hỏi bộ phận một cửa.")
    view = queries.current(code)
    version = view.definition
    blocked = queries.why_not_receivable(code)
    online = not blocked and "online" in version.channels and version.online_level in ("partial", "full")
    return laid_out(view) | {
        "entry": entry,
        "blocked": blocked if version.route.kind != "other" else "",
        "online": online and version.route.kind == "owner",
        "file_url": f"/portal/dossiers/new/{code}/",
        "shows_marks": request.actor.may("procedures.settle"),
    }


def home_part(request: HttpRequest) -> dict[str, Any]:
    """Search and life events on the first page."""
    del request
    return {"template": "procedures/parts/home.html", "order": 20, "events": queries.life_events()}


def _page(request: HttpRequest) -> int:
    raw = request.GET.get("page", "1")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1


def _pages(asked: dict[str, str], found: queries.Found) -> dict[str, str]:
    kept = {key: value for key, value in asked.items() if value}
    return {
        "prev": "?" + urlencode(kept | {"page": found.page - 1}) if found.page > 1 else "",
        "next": "?" + urlencode(kept | {"page": found.page + 1}) if found.page < found.pages else "",
        "text": f"Trang {found.page}/{found.pages}, {found.total} thủ tục",
    }


urlpatterns = [
    path("", index, name="index"),
    path("<str:code>/", detail, name="detail"),
]
