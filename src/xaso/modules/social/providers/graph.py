"""Facebook's Graph API: a post put there as a draft or scheduled, published, removed, asked about.

The token travels in a header; every call carries the proof that the caller has the app's secret. A post with a picture
takes two steps: the picture unpublished, then the post with the picture attached.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import httpx

from xaso.modules.social import rules
from xaso.modules.social.configured import NotSet, PageAccess, app_secret, base_url
from xaso.modules.social.definitions import facebook
from xaso.modules.social.providers import FacebookFailed

TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST_ANSWER = 512 * 1024
NO_ANSWER = "Không nối được tới Facebook ({reason}). Hệ thống sẽ tự thử lại."
UNSURE = "Facebook không trả lời sau khi đã nhận yêu cầu ({reason})."
STRANGE = "Facebook trả lời không đúng khuôn dạng."
GONE_CODE = 100


@dataclass(frozen=True, slots=True)
class Ticket:
    """One post to put there. Without `publish_at` it is a draft."""

    text: str
    link: str = ""
    picture: bytes | None = None
    publish_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a post stands at Facebook."""

    is_there: bool
    is_published: bool = False
    address: str = ""


@cache
def _client() -> httpx.Client:
    """Without kept connections: one that the other side has closed meanwhile would look like a lost answer."""
    return httpx.Client(timeout=TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0), follow_redirects=False)


def put(page: PageAccess, ticket: Ticket) -> str:
    """The id of the post. Raises FacebookFailed."""
    asked: dict[str, Any] = {"message": ticket.text, "published": "false"}
    if ticket.link:
        asked["link"] = ticket.link
    if ticket.publish_at is not None:
        asked["scheduled_publish_time"] = str(int(ticket.publish_at.timestamp()))
    else:
        asked["unpublished_content_type"] = "DRAFT"
    if ticket.picture is not None:
        asked["attached_media[0]"] = json.dumps({"media_fbid": _picture(page, ticket)})
    found = _text(_ask(page, "POST", f"{page.page_id}/feed", data=asked), "id")
    if not found:
        raise FacebookFailed(STRANGE, again=False, unsure=True)
    return found


def _picture(page: PageAccess, ticket: Ticket) -> str:
    """Repeated it leaves one picture too many that nobody sees: safe."""
    files = {"source": ("anh.jpg", ticket.picture, "image/jpeg")}
    try:
        return _text(_ask(page, "POST", f"{page.page_id}/photos", data={"published": "false"}, files=files), "id")
    except FacebookFailed as failure:
        raise FacebookFailed(str(failure), again=failure.again, code=failure.code) from failure


def publish(page: PageAccess, post_id: str) -> None:
    """Safe to repeat. Raises FacebookFailed."""
    _ask(page, "POST", post_id, data={"is_published": "true"})


def remove(page: PageAccess, post_id: str) -> None:
    """Safe to repeat. Raises FacebookFailed."""
    _ask(page, "DELETE", post_id)


def standing(page: PageAccess, post_id: str) -> Standing:
    """Raises FacebookFailed, except when it is not there any more."""
    try:
        body = _ask(page, "GET", post_id, params={"fields": "is_published,permalink_url"})
    except FacebookFailed as failure:
        if failure.code == GONE_CODE:
            return Standing(is_there=False)
        raise
    return Standing(is_there=True, is_published=body.get("is_published") is True, address=_text(body, "permalink_url"))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return str(value)[:300] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _ask(page: PageAccess, method: str, path: str, **asked: Any) -> dict[str, Any]:
    try:
        url = f"{base_url()}/{facebook().version}/{path}"
    except NotSet as missing:
        raise FacebookFailed(str(missing), again=False) from missing
    if secret := app_secret():
        where = "data" if "data" in asked else "params"
        asked[where] = {**asked.get(where, {}), "appsecret_proof": rules.proof(page.token, secret)}
    try:
        response = _client().request(method, url, headers={"Authorization": f"Bearer {page.token}"}, **asked)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise FacebookFailed(NO_ANSWER.format(reason=type(error).__name__), again=True) from error
    except httpx.TransportError as error:
        raise FacebookFailed(UNSURE.format(reason=type(error).__name__), again=True, unsure=True) from error
    return _judged(response)


def _judged(response: httpx.Response) -> dict[str, Any]:
    body = _read(response.content)
    error = body.get("error")
    if isinstance(error, dict):
        code = error.get("code")
        fault = facebook().fault(code if isinstance(code, int) else 0)
        raise FacebookFailed(fault.meaning, again=fault.then == "retry", code=fault.code)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise FacebookFailed(UNSURE.format(reason=f"HTTP {response.status_code}"), again=True, unsure=True)
    if response.status_code != httpx.codes.OK or not body:
        raise FacebookFailed(STRANGE, again=False, unsure=True)
    return body


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST_ANSWER:
        return {}
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
