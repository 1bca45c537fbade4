"""Notices of signing services that call us. Whoever calls is hostile until it shows the secret given to that service;
VNPT SmartCA sends none, so its notice is a hint and nothing in it is believed.

A notice may come twice, late, or never: the request's state decides whether it still counts, the worker asks anyway,
and a value is believed only because it fits the certificate. Without a secret in the environment the door is shut.
"""

import hashlib
import hmac
import json
import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from xaso.core.access import PUBLIC, SYSTEM
from xaso.core.accounts.queries import guarded
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.signing import actions, performing
from xaso.modules.signing import queries as signing
from xaso.modules.signing.models import Request
from xaso.modules.signing.providers import Answer, HashJob, mysign
from xaso.modules.signing.providers.remote import NotSet, Unreachable, secret
from xaso.modules.signing.providers.values import WRONG_VALUE, decoded

log = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
WRONG_KEYS = 30
TOKEN_SECONDS = 3600
DONE = {"status_code": "00", "message": "Thành công"}

router = Router(tags=["signing"])


class Turned(Exception):
    """The caller is sent away."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.body = {"type": "about:blank", "title": title, "status": status, "detail": detail}


@router.post("/webhooks/smartca", auth=None, summary="Báo kết quả ký của VNPT SmartCA")
def smartca_notice(request: HttpRequest) -> HttpResponse:
    """The worker asks the service itself, at once instead of at its next turn."""
    try:
        told = _body(request)
        with guarded("signing.webhook", request.META["REMOTE_ADDR"], WRONG_KEYS) as door:
            found = _request(str(told.get("transaction_id", "")), "smartca")
            door.succeeded = True
        actions.hurry(SYSTEM, found)
    except Refused as refusal:
        return _problem(Turned(429, "Thử quá nhiều lần", refusal.message))
    except Turned as turned:
        return _problem(turned)
    return JsonResponse(DONE)


@router.get("/webhooks/mysign/auth", auth=None, operation_id="signing_mysign_door", summary="Cấp khoá tạm cho MySign")
@router.post("/webhooks/mysign/auth", auth=None, summary="Cấp khoá tạm cho MySign")
def mysign_door(request: HttpRequest) -> HttpResponse:
    """They log in here before they tell a result, with the pair we gave them. Their notes say GET, with a body."""
    try:
        told = _body(request)
        given = f"{told.get('client_id', '')}:{told.get('client_secret', '')}"
        _need(request, given, "MYSIGN_WEBHOOK_SECRET", before="mysign:")
    except Turned as turned:
        return _problem(turned)
    until = int(clock.machine_now().timestamp()) + TOKEN_SECONDS
    data = {"access_token": f"{until}.{_seal(until)}", "expires_in": str(TOKEN_SECONDS * 1000)}
    return JsonResponse(DONE | {"data": data})


@router.get(
    "/webhooks/mysign/result", auth=None, operation_id="signing_mysign_told", summary="Báo kết quả ký của MySign"
)
@router.post("/webhooks/mysign/result", auth=None, summary="Báo kết quả ký của MySign")
def mysign_notice(request: HttpRequest) -> HttpResponse:
    try:
        _need_token(request)
        told = _body(request)
        head, results = _part(told, "meta_data"), _part(told, "data").get("results")
        name, value = _first(results)
        reference = str(head.get("transaction_id", ""))[:200]
        found = _request(name, "mysign") if name else _waiting("mysign", reference)
        _take(found, lambda job: mysign.outcome(job, str(head.get("status", "")), decoded(value), reference))
    except Turned as turned:
        return _problem(turned)
    return JsonResponse(DONE)


smartca_notice.permission = PUBLIC
mysign_door.permission = PUBLIC
mysign_notice.permission = PUBLIC


def _need(request: HttpRequest, given: str, name: str, before: str = "") -> None:
    """The shared secret, compared in constant time; wrong ones are counted by address."""
    try:
        right = before + secret(name)
    except NotSet as missing:
        raise Turned(503, "Chưa mở", str(missing)) from missing
    try:
        with guarded("signing.webhook", request.META["REMOTE_ADDR"], WRONG_KEYS) as door:
            door.succeeded = hmac.compare_digest(given.encode(), right.encode())
    except Refused as refusal:
        raise Turned(429, "Thử quá nhiều lần", refusal.message) from refusal
    if not door.succeeded:
        raise Turned(401, "Chưa xác thực", "Khoá bí mật không đúng.")


def _need_token(request: HttpRequest) -> None:
    until, _, seal = request.headers.get("Authorization", "").removeprefix("Bearer ").partition(".")
    try:
        right = until.isascii() and until.isdecimal() and len(until) < 12 and _is_seal(int(until), seal)
    except NotSet as missing:
        raise Turned(503, "Chưa mở", str(missing)) from missing
    if not right or int(until) < clock.machine_now().timestamp():
        raise Turned(401, "Chưa xác thực", "Khoá tạm không đúng hoặc đã hết hạn.")


def _is_seal(until: int, seal: str) -> bool:
    return hmac.compare_digest(_seal(until).encode(), seal.encode())


def _seal(until: int) -> str:
    """Ends with the secret it was given for: a new secret makes old tokens worthless."""
    key = f"{settings.SECRET_KEY}:{secret('MYSIGN_WEBHOOK_SECRET')}".encode()
    return hmac.new(key, f"mysign {until}".encode(), hashlib.sha256).hexdigest()


def _body(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES or len(request.body) > MAX_BYTES:
        raise Turned(413, "Quá lớn", "Nội dung tối đa 64 KB.")
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Turned(400, "Không đọc được", "Nội dung không phải JSON đúng mẫu.") from error
    if not isinstance(told, dict):
        raise Turned(400, "Không đọc được", "Nội dung không phải JSON đúng mẫu.")
    return told


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _first(results: object) -> tuple[str, object]:
    """We send one document a transaction."""
    if isinstance(results, list) and len(results) == 1 and isinstance(results[0], dict):
        return str(results[0].get("document_id", "")), results[0].get("signature")
    return "", ""


def _request(name: str, provider: str) -> Request:
    try:
        found = signing.request(UUID(name))
    except (ValueError, Missing) as error:
        raise Turned(404, "Không tìm thấy", "Không có yêu cầu ký này.") from error
    if found.certificate.provider != provider:
        raise Turned(404, "Không tìm thấy", "Không có yêu cầu ký này.")
    return found


def _waiting(provider: str, reference: str) -> Request:
    found = signing.waiting_at(provider, reference)
    if found is None:
        raise Turned(404, "Không tìm thấy", "Không có yêu cầu ký này đang chờ.")
    return found


def _take(found: Request, outcome: Any) -> None:
    """What decides something is stored; "still waiting" and a value that does not fit change nothing."""

    def answer(job: HashJob) -> Answer:
        told: Answer = outcome(job)
        if told.state == "waiting" or told.sentence == WRONG_VALUE:
            raise Turned(202, "Đã nhận", "Yêu cầu ký vẫn đang chờ.")
        return told

    try:
        performing.take(found, answer)
    except Unreachable as error:
        log.warning("request %s: the service told of its own trouble: %s", found.uuid, error)


def _problem(turned: Turned) -> HttpResponse:
    return JsonResponse(turned.body, status=turned.body["status"], content_type="application/problem+json")
