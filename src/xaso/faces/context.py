"""What every page of a face needs: who is asking and the menu that person may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from xaso.core.access import ANONYMOUS, Actor
from xaso.kit import clock
from xaso.kit.module import MenuItem, modules

FACES = ("desk", "cockpit")
# Pages of core that officers use: core has no manifest, so its lines are here.
CORE_MENU = (
    MenuItem("desk", "Cán bộ và quyền", "accounts:officers", "accounts.manage", "people", 95),
    MenuItem("desk", "Nhật ký", "desk:record", "audit.view", "clock", 96),
)
DESK_OF_CORE = ("/tai-khoan/don-vi/", "/tai-khoan/bao-mat/", "/tim-kiem/")


def face(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", ANONYMOUS)
    name = next((face for face in FACES if request.path.startswith(f"/{face}/")), "portal")
    if actor.is_officer and request.path.startswith(DESK_OF_CORE):
        name = "desk"
    offered = [*(item for module in modules() for item in module.menu), *CORE_MENU]
    items = [item for item in offered if item.face == name and _may_open(actor, item)]
    menu = [
        {"label": item.label, "icon": item.icon, "url": (url := reverse(item.url_name)), "current": request.path == url}
        for item in sorted(items, key=lambda item: item.order)
    ]
    return {"actor": actor, "face": name, "menu": menu, "demo_today": clock.today() if settings.DEMO else None}


def _may_open(actor: Actor, item: MenuItem) -> bool:
    """On the officers' faces only what a post gives counts: as a resident, an officer finds things on the portal."""
    if item.face in FACES:
        return any(grant.unit_id for _, grant in actor.scopes_of(item.permission))
    return actor.may(item.permission)
