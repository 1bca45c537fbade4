"""`@screen`: the one way to answer a request with a page, and the answers to what goes wrong."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers

from xaso.core.access import PUBLIC, Actor
from xaso.core.access.queries import FORBIDDEN
from xaso.core.audit import actions as audit
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.kit.fold import plain

Answer = dict[str, Any] | HttpResponseBase

LONGEST_WAY_BACK = 2000
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def screen(
    template: str, *, permission: str, logs_reading: bool = False, partials: tuple[str, ...] = (), connects: str = ""
) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponseBase]]:
    """A page: read the request, ask one query or action, return a dict for the template or a response.

    `permission` has no default: a page for everybody says PUBLIC. `logs_reading`: the dict names the thing shown as
    `subject` (a row with `unit_path`) and the reading is put on record. `partials`: the parts htmx may ask for alone.
    `connects`: whom the page's script may talk to besides us (the signing program in the reader's own PC).
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(function)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if not request.actor.may(permission):
                return _turn_away(request)
            try:
                _make_plain(request)
                answer = function(request, **arguments)
            except Refused as refusal:
                return refused(request, refusal)
            if isinstance(answer, HttpResponseBase):
                return answer
            if logs_reading and request.actor.kind != "anonymous":
                thing = answer["subject"]
                audit.record_reading(request.actor, f"{thing._meta.label}:{thing.pk}", thing.unit_path, request.path)
            response = render(request, _part(request, template, partials), answer)
            patch_vary_headers(response, ["HX-Request", "HX-Target", "Cookie"])
            if connects:
                response.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; connect-src 'self' {connects}"
            return response

        view.permission = permission
        view.template = template
        return view

    return decorate


def declare(permission: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For the few URLs that answer no page (downloads, machines): the permission is asked, nothing is rendered."""

    def decorate(function: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(function)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if not request.actor.may(permission):
                return _turn_away(request)
            try:
                _make_plain(request)
                return function(request, **arguments)
            except Refused as refusal:
                return refused(request, refusal)

        view.permission = permission
        return view

    return decorate


def may_open(by: Actor, address: str, on: Any) -> bool:
    """Whether the page behind an address of ours is for this person, where it shows `on` or something beside it."""
    try:
        permission = getattr(resolve(urlsplit(address).path).func, "permission", "")
    except Resolver404:
        return False
    return bool(permission) and by.may(permission, on=on)


def _make_plain(request: HttpRequest) -> None:
    """What was typed, in one spelling and without control characters, before any form or page reads it."""
    for name in ("GET", "POST"):
        typed = getattr(request, name)
        if typed:
            cleaned = typed.copy()
            for field, values in typed.lists():
                if "password" not in field:
                    cleaned.setlist(field, [plain(value) for value in values])
            cleaned._mutable = False
            setattr(request, name, cleaned)


def _part(request: HttpRequest, template: str, partials: tuple[str, ...]) -> str:
    target = request.headers.get("HX-Target", "")
    return f"{template}#{target}" if target in partials else template


def _turn_away(request: HttpRequest) -> HttpResponseBase:
    if request.actor.is_signed_in:
        return refused(request, Forbidden(FORBIDDEN))
    asked = request.get_full_path()
    query = urlencode({"next": asked}) if request.method == "GET" and len(asked) <= LONGEST_WAY_BACK else ""
    officer = request.path.startswith(("/desk/", "/cockpit/", "/tim-kiem/"))
    return redirect(f"{reverse('accounts:officer' if officer else 'accounts:sign_in')}?{query}")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The sentence of a refusal, with a way back."""
    status = 403 if isinstance(refusal, Forbidden) else 404 if isinstance(refusal, Missing) else 409
    back = request.headers.get("Referer", "/") if request.method == "POST" else "/"
    return render(request, "refused.html", {"message": refusal.message, "back": back}, status=status)


def told(request: HttpRequest, sentence: str) -> None:
    """Show a sentence on the next page."""
    messages.success(request, sentence)


def warned(request: HttpRequest, sentence: str) -> None:
    messages.warning(request, sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    sentence = "Trang đã mở quá lâu nên phiên gửi không còn hiệu lực. Hãy quay lại, tải lại trang rồi gửi lần nữa."
    return render(request, "refused.html", {"message": sentence, "back": request.path}, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return render(request, "403.html", status=403)


def api_not_found() -> HttpResponse:
    """An address that the API does not have, told as its other errors are."""
    detail = "Không có địa chỉ này trong API. Xem /api/openapi.json."
    body = {"type": "about:blank", "title": "Không tìm thấy", "status": 404, "detail": detail}
    return JsonResponse(body, status=404, content_type="application/problem+json")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    if request.path.startswith("/api/"):
        return api_not_found()
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: what broke the page may lie in what every page needs."""
    del request
    return HttpResponse(render_to_string("500.html"), status=500)


class SecurityHeaders:
    """Outermost middleware: the headers every answer carries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # a host that is not ours is refused before anything is read
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
        if request.is_secure():
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not response.streaming and "Content-Length" not in headers:
            # Without a length the server ends the connection, and a page of ten parts opens ten.
            headers["Content-Length"] = str(len(response.content))
        if not request.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store" if "sessionid" in request.COOKIES else "no-cache")
        return response


__all__ = ["PUBLIC", "Answer", "SecurityHeaders", "declare", "may_open", "refused", "screen", "told", "warned"]
