"""Public pages that are the same for everybody: answered from memory while nothing changed, or with 304.

Only readers without a session: whoever is signed in sees the name at the top and gets a page of his or her own.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from xaso.kit.errors import Refused
from xaso.ui.context import LARGE_TEXT_COOKIE

KEPT_SECONDS = 300
FRESH_SECONDS = 60
Page = Callable[..., HttpResponseBase]


def kept(stamp: Callable[..., str]) -> Callable[[Page], Page]:
    """`stamp(**arguments)` changes when the page could look different; asking it is all that a page in memory costs."""

    def decorate(view: Page) -> Page:
        @functools.wraps(view)
        def run(request: HttpRequest, **arguments: object) -> HttpResponseBase:
            if "sessionid" in request.COOKIES or request.method not in {"GET", "HEAD"}:
                return view(request, **arguments)
            try:
                etag = f'W/"{_digest(request, stamp(**arguments))}"'
            except Refused:
                return view(request, **arguments)  # the page says no in its own words
            answer = get_conditional_response(request, etag=etag) or _answer(request, view, arguments, etag)
            answer.headers["ETag"] = etag
            answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
            answer.headers["Vary"] = "Cookie, HX-Request, HX-Target"
            return answer

        return run

    return decorate


def _answer(request: HttpRequest, view: Page, arguments: dict[str, object], etag: str) -> HttpResponseBase:
    # A first page is asked for by many, a page further on by few: only the first is worth the memory.
    key = f"news.page:{etag}" if not request.GET else ""
    if key and (found := cache.get(key)):
        body, kind = found
        return HttpResponse(body, content_type=kind)
    answer = view(request, **arguments)
    if key and answer.status_code == 200 and isinstance(answer, HttpResponse) and not answer.cookies:
        cache.set(key, (answer.content, answer.headers["Content-Type"]), KEPT_SECONDS)
    return answer


def _digest(request: HttpRequest, stamp: str) -> str:
    large = request.COOKIES.get(LARGE_TEXT_COOKIE, "")
    seen = f"{stamp}|{request.get_full_path()}|{large}|{request.headers.get('HX-Target', '')}|{settings.SECRET_KEY[:8]}"
    return hashlib.sha256(seen.encode()).hexdigest()[:24]
