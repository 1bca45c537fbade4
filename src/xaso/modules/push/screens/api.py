"""What the service worker asks for when the browser changed its subscription, maybe long after the last sign-in.

The old address is the key: it is known to that browser, its push service and us. Whoever shows it may put the new
address of the same browser in its place, and learns nothing about anybody.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xaso.core.access import SYSTEM
from xaso.core.accounts.queries import guarded
from xaso.core.api import TooMany
from xaso.kit.errors import Missing, Refused
from xaso.modules.push import keys, queries
from xaso.modules.push.actions.devices import Fresh, renew

WRONG_ONES = 30

router = Router(tags=["push"])


class Renewal(Schema):
    old: str = Field(max_length=1000)
    endpoint: str = Field(max_length=1000)
    p256dh: str = Field(max_length=300)
    auth: str = Field(max_length=300)


@router.get("/key", auth=None, url_name="push_key", summary="Khoá công khai để bật thông báo")
def key(request: HttpRequest) -> dict[str, str]:
    """The same for everybody; it only encrypts."""
    del request
    return {"key": keys.public_key()}


key.permission = "public"


@router.post("/renew", auth=None, url_name="push_renew", summary="Trình duyệt đổi địa chỉ nhận thông báo")
def renewed(request: HttpRequest, given: Renewal) -> dict[str, Any]:
    """404 for an address that is nobody's, 409 for a new one that cannot be used; nothing changes then."""
    try:
        with guarded("push.renew", request.META["REMOTE_ADDR"], WRONG_ONES) as door:
            device = queries.device_at(given.old)
            door.succeeded = device is not None
    except Refused as refusal:
        raise TooMany(refusal.message) from refusal
    if device is None:
        raise Missing("Không có máy nào nhận thông báo ở địa chỉ cũ này. Hãy bật lại thông báo trên trang Hộp thư.")
    renew(SYSTEM, device, fresh=Fresh(given.endpoint, given.p256dh, given.auth))
    return {"renewed": True}


renewed.permission = "public"
