"""The bank's notification. Signed, timely and idempotent: the sender may repeat it as often as it likes.

Headers `X-Xaso-Timestamp` (seconds since 1970) and `X-Xaso-Signature`: `sha256=` and the hexadecimal HMAC-SHA256 of the
timestamp, a dot and the raw body, with the shared secret. The body is SePay's notification or our plain form:
`{"account", "bank_ref", "amount", "content", "at"}`, `amount` negative for money out, `at` ISO 8601.
"""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments.actions import Movement, record_bank_transaction
from xaso.modules.payments.models import BankTransaction, CollectingAccount
from xaso.modules.payments.queries import account_numbered

MAX_BYTES = 64 * 1024
WINDOW = 300
BANK = replace(SYSTEM, name="Báo có ngân hàng", via="webhook:bank")

router = Router(tags=["payments"])


@router.post("/webhook", auth=None, summary="Báo có từ ngân hàng", include_in_schema=True)
def webhook(request: HttpRequest) -> HttpResponse:
    """Record one movement. 200 also when it was known; 401 forged or late; 422 when a person must look."""
    if not settings.PAYMENT_WEBHOOK_SECRET:
        return _problem(503, "Chưa đặt khoá bí mật", "Đặt XASO_PAYMENT_SECRET trên máy chủ rồi gửi lại.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES or len(body := request.body) > MAX_BYTES:
        return _problem(413, "Quá lớn", "Nội dung báo có tối đa 64 KB.")
    if not _is_signed(request, body):
        return _problem(401, "Sai chữ ký", "Chữ ký hoặc thời điểm gửi không hợp lệ.")
    try:
        number, movement = _read(json.loads(body), hashlib.sha256(body).hexdigest())
    except (ValueError, TypeError, KeyError, OverflowError):
        return _problem(400, "Không đọc được", "Nội dung không đúng mẫu báo có SePay hoặc mẫu đơn giản.")
    account = account_numbered(number, clock.local(movement.at).date())
    if account is None:
        return _problem(422, "Tài khoản lạ", "Số tài khoản chưa được đặt làm tài khoản thu phí.")
    return _record(account, movement)


webhook.permission = "public"


def _record(account: CollectingAccount, movement: Movement) -> HttpResponse:
    try:
        recorded = record_bank_transaction(BANK, account, movement=movement)
    except Refused as refusal:
        return _problem(422, "Cần người xem", refusal.message)
    return JsonResponse({"success": True, "new": recorded.is_new, "outcome": recorded.transaction.outcome})


def _is_signed(request: HttpRequest, body: bytes) -> bool:
    stamp = request.headers.get("X-Xaso-Timestamp", "")
    given = request.headers.get("X-Xaso-Signature", "").removeprefix("sha256=")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return False
    if abs(clock.machine_now().timestamp() - int(stamp)) > WINDOW:
        return False
    secret = settings.PAYMENT_WEBHOOK_SECRET.encode()
    expected = hmac.new(secret, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())


def _read(told: Any, digest: str) -> tuple[str, Movement]:
    """The account's number and the movement. Raises ValueError, TypeError or KeyError."""
    if "transferAmount" in told:
        number, ref, amount, content, at = _sepay(told)
    else:
        number, ref, amount = str(told["account"]), str(told["bank_ref"]), told["amount"]
        content, at = str(told.get("content", "")), datetime.fromisoformat(told["at"])
    if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) >= 10**15:
        raise ValueError("an amount is a whole number of đồng")
    if at.tzinfo is None:
        at = at.replace(tzinfo=clock.VIETNAM)
    if not 2000 <= at.year <= 2200:
        raise ValueError("no bank was asked in that year")
    number = "".join(character for character in number if character.isalnum())
    return number, Movement(ref, amount, content, at, BankTransaction.Source.WEBHOOK, digest)


def _sepay(told: dict[str, Any]) -> tuple[str, str, Any, str, datetime]:
    """The bank's own reference when there is one, so that the statement tells of the same movement."""
    directions = {"in": 1, "out": -1}
    amount = told["transferAmount"]
    if isinstance(amount, float) and amount.is_integer():
        amount = int(amount)
    amount = directions[told["transferType"]] * amount
    ref = told.get("referenceCode") or f"SEPAY{told['id']}"
    at = datetime.fromisoformat(told["transactionDate"])
    return str(told["accountNumber"]), str(ref), amount, str(told.get("content") or ""), at


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
