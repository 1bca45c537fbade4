"""Puts `request.actor` on every request: who asks, with the posts held today."""

import hashlib
import hmac
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from xaso.core.access import ANONYMOUS, Actor
from xaso.core.accounts.queries import actor_of

ACCOUNT = "account"
DEVICE = "device"
EPOCH = "epoch"
API = "/api/"


class WhoIsAsking:
    """Machines (`/api/`) sign in with their token there; everybody else has a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = ANONYMOUS if request.path.startswith(API) else self._from_session(request)
        return self.get_response(request)

    def _from_session(self, request: HttpRequest) -> Actor:
        if "sessionid" not in request.COOKIES:
            return ANONYMOUS
        account_id = request.session.get(ACCOUNT)
        if account_id is None:
            return ANONYMOUS
        if not hmac.compare_digest(request.session.get(DEVICE, ""), device_of(request)):
            request.session.flush()
            return ANONYMOUS
        return actor_of(account_id, epoch=request.session.get(EPOCH, 0))


def device_of(request: HttpRequest) -> str:
    """A fingerprint of the browser: a session copied to another one is worth nothing."""
    return hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()
