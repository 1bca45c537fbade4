"""Notices of Facebook. Whoever calls is hostile until the HMAC over the raw bytes is right; and even then a notice is
only a hint: Facebook is asked how the post stands.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from xaso.core.access import SYSTEM
from xaso.modules.social import configured, rules
from xaso.modules.social.actions import telling

MAX_BYTES = 256 * 1024

router = Router(tags=["social"])


@router.get(
    "/webhook", auth=None, operation_id="social_webhook_question", summary="Facebook hỏi địa chỉ này có phải của ta"
)
def question(request: HttpRequest) -> HttpResponse:
    """The challenge comes back to whoever knows the word we agreed on."""
    wanted = configured.verify_token()
    given = request.GET.get("hub.verify_token", "")
    if not wanted or request.GET.get("hub.mode") != "subscribe":
        return _problem(403, "Không nhận", "Chưa mở, hoặc câu hỏi không đúng mẫu.")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return _problem(403, "Không nhận", "Từ xác nhận không đúng.")
    challenge = request.GET.get("hub.challenge", "")
    if not (challenge.isascii() and challenge.isalnum() and len(challenge) <= 200):
        return _problem(400, "Không đọc được", "hub.challenge không đúng mẫu.")
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


@router.post("/webhook", auth=None, summary="Báo của Facebook về bài của trang")
def webhook(request: HttpRequest) -> HttpResponse:
    """200 also when it was known or is of no use; 401 forged; 413 and 400 for what cannot be read."""
    secret = configured.app_secret()
    if not secret:
        return _problem(503, "Chưa mở", "Đặt XASO_FACEBOOK_APP_SECRET trên máy chủ.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES or len(raw := request.body) > MAX_BYTES:
        return _problem(413, "Quá lớn", "Nội dung tối đa 256 KB.")
    if not rules.is_signed(request.headers.get("X-Hub-Signature-256", ""), raw, secret):
        return _problem(401, "Sai chữ ký", "Chữ ký không đúng.")
    try:
        changes = rules.changes_of(json.loads(raw))
    except (ValueError, RecursionError):
        return _problem(400, "Không đọc được", "Nội dung không phải JSON.")
    new = telling.receive_notice(SYSTEM, changes=changes, fingerprint=hashlib.sha256(raw).hexdigest())
    return JsonResponse({"new": new})


question.permission = "public"
webhook.permission = "public"


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
