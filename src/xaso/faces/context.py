"""What every page of a face needs: who is asking and the menu that person may use."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.access import ANONYMOUS
from xaso.kit.module import modules

FACES = ("desk", "cockpit")


def face(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", ANONYMOUS)
    name = next((face for face in FACES if request.path.startswith(f"/{face}/")), "portal")
    items = [item for module in modules() for item in module.menu if item.face == name and actor.may(item.permission)]
    menu = [
        {"label": item.label, "icon": item.icon, "url": (url := reverse(item.url_name)), "current": request.path == url}
        for item in sorted(items, key=lambda item: item.order)
    ]
    return {"actor": actor, "face": name, "menu": menu}
