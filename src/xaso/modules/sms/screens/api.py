"""Where Kannel calls back: receipts by a token good for one message, messages of residents by a password in a header.

Receipts: `GET kannel/receipts/<uuid>/<token>?type=%d`, an address we write ourselves for each message. Residents:
`GET kannel/received?from=%p&to=%P&text=%b&charset=%C&coding=%c&ref=%I` with HTTP basic authentication, the password in
XASO_SMS_INBOUND_SECRET; in
Kannel's configuration it stands in the address as `http://kannel:…@host/…` and is sent as a header.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from urllib.parse import unquote_to_bytes
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xaso.core.access import SYSTEM
from xaso.modules.sms import actions, queries
from xaso.modules.sms.actions import Incoming
from xaso.modules.sms.providers import configured
from xaso.modules.sms.providers.tokens import is_inbound_secret, is_receipt_token
from xaso.modules.sms.rules import receipts
from xaso.modules.sms.rules.receipts import Heard

KANNEL = replace(SYSTEM, name="Kannel", via="webhook:kannel")
LONGEST_QUERY = 6000
LONGEST_TEXT = 2000
CODED_UCS2 = "2"

router = Router(tags=["sms"])


@router.get("/kannel/receipts/{uuid}/{token}", auth=None, include_in_schema=False)
def kannel_receipt(request: HttpRequest, uuid: UUID, token: str) -> HttpResponse:
    """What became of one message. Told again or late, nothing changes; forged, nothing is looked at."""
    if not is_receipt_token(str(uuid), token[:64]):
        return _said(401, "forged")
    try:
        state = receipts.of_kannel(int(request.GET.get("type", "")[:3]))
    except (ValueError, KeyError):
        return _said(400, "unknown type")
    if state and queries.message_with(str(uuid)) is not None:
        error = "" if state == receipts.DELIVERED else "Nhà mạng báo không gửi được tin."
        actions.take_receipts(KANNEL, None, provider="kannel", heard=[Heard(str(uuid), state, error)])
    return _said(200, "ok")


kannel_receipt.permission = "public"


@router.get("/kannel/received", auth=None, include_in_schema=False)
def kannel_received(request: HttpRequest) -> HttpResponse:
    """A message of a resident. The answer is empty: what we have to say leaves as a message of its own."""
    if not is_inbound_secret(configured().inbound_secret, _password(request)):
        answer = _said(401, "who are you")
        answer["WWW-Authenticate"] = 'Basic realm="sms"'
        return answer
    raw = request.META.get("QUERY_STRING", "")
    if len(raw) > LONGEST_QUERY:
        return _said(413, "too long")
    sender = request.GET.get("from", "")[:40]
    if not sender.strip():
        return _said(400, "no sender")
    text = _text(raw, request.GET.get("coding", ""))
    actions.take_in(
        KANNEL,
        None,
        message=Incoming(
            sender, request.GET.get("to", "")[:20], text[:LONGEST_TEXT], "kannel", request.GET.get("ref", "")[:60]
        ),
    )
    return _said(200, "")


kannel_received.permission = "public"


def _text(raw: str, coding: str) -> str:
    """The words as Kannel wrote them: UCS-2 bytes when it says so, else UTF-8."""
    for pair in raw.split("&"):
        name, _, value = pair.partition("=")
        if name == "text":
            data = unquote_to_bytes(value.replace("+", " "))
            if coding == CODED_UCS2:
                return data.decode("utf-16-be", "replace")
            return data.decode("utf-8", "replace")
    return ""


def _password(request: HttpRequest) -> str:
    scheme, _, given = request.headers.get("Authorization", "")[:400].partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
