"""The installable app at the root of the site: manifest, service worker, icons, the page without network."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.http import require_safe

from xaso.core.access import PUBLIC
from xaso.core.screens import declare
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.ui import app

SIDES = {180, 192, 512}
OFFLINE = "/offline/"
SEVERAL = "Dịch vụ công của xã"
SHORTCUTS = [{"name": "Hồ sơ của tôi", "url": "/portal/dossiers/"}, {"name": "Tin của xã", "url": "/portal/news/"}]
A_DAY = 24 * 3600


@require_safe
@declare(PUBLIC)
def manifest(request: HttpRequest) -> HttpResponseBase:
    """Named after the commune where the installation serves one."""
    del request
    served = communes(clock.today())[:2]
    name = f"{served[0]} – dịch vụ số" if len(served) == 1 else SEVERAL
    icons = [
        {"src": f"/icons/{side}.png", "sizes": f"{side}x{side}", "type": "image/png", "purpose": "any"}
        for side in (192, 512)
    ]
    masked = {"src": "/icons/512-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    answer = JsonResponse(
        {
            "id": "/", "name": name, "short_name": (served[0].name if len(served) == 1 else "XãSố")[:12], "lang": "vi",
            "start_url": "/portal/push/", "scope": "/", "display": "standalone", "background_color": app.PAGE,
            "theme_color": app.BRAND, "icons": [*icons, masked],
            "shortcuts": SHORTCUTS,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@require_safe
@declare(PUBLIC)
def icon(request: HttpRequest, name: str) -> HttpResponseBase:
    del request
    side, _, kind = name.partition("-")
    if not side.isdecimal() or int(side) not in SIDES or kind not in {"", "maskable"}:
        raise Missing("Không có biểu tượng cỡ này.")
    answer = HttpResponse(app.icon(int(side), maskable=bool(kind)), content_type="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


@require_safe
@declare(PUBLIC)
def worker(request: HttpRequest) -> HttpResponseBase:
    """At the root, so that it stands before every page; asked anew each time, so that a new version is noticed."""
    del request
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _worker() -> str:
    return _kept_worker() if settings.STATIC_COLLECTED else _made_worker()


@cache
def _kept_worker() -> str:
    return _made_worker()


def _made_worker() -> str:
    return app.worker(OFFLINE, render_to_string("push/offline.html").encode())


@require_safe
@declare(PUBLIC)
def offline(request: HttpRequest) -> HttpResponseBase:
    """What is shown without network. Says nothing about anybody, because it is kept in the browser."""
    del request
    return HttpResponse(render_to_string("push/offline.html"), headers={"Cache-Control": "no-cache"})


urlpatterns = [
    path("manifest.webmanifest", manifest, name="manifest"),
    path("sw.js", worker, name="worker"),
    path("offline/", offline, name="offline"),
    path("icons/<str:name>.png", icon, name="icon"),
]
