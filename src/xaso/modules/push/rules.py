"""Which subscriptions are taken, and what an answer of a push service means. Pure.

An address to send to comes from a stranger's browser: only known push services are asked, so nobody can make our server
talk to a place of their choice.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

ENDPOINT_MOST = 700
SERVICES = {
    "fcm.googleapis.com": "Chrome, Cốc Cốc, Samsung Internet",
    "updates.push.services.mozilla.com": "Firefox",
    "web.push.apple.com": "Safari",
}
ENDINGS = {".push.services.mozilla.com": "Firefox", ".notify.windows.com": "Edge", ".push.apple.com": "Safari"}
LOOPBACK = {"127.0.0.1", "localhost"}

_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

NOT_A_SERVICE = (
    "Trình duyệt này dùng dịch vụ thông báo chưa được hỗ trợ. Hãy dùng Chrome, Cốc Cốc, Edge, Firefox hoặc Safari."
)
NOT_KEYS = "Trình duyệt gửi khoá không đúng. Hãy tải lại trang rồi bật lại thông báo."


def endpoint_fault(endpoint: str, extra: Iterable[str] = (), *, loopback: bool = False) -> str:
    """Why an address is not sent to, as a sentence, or empty. `extra`: hosts the operator added."""
    if not 12 <= len(endpoint) <= ENDPOINT_MOST or not re.fullmatch(r"[!-~]+", endpoint) or "\\" in endpoint:
        return NOT_A_SERVICE
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return NOT_A_SERVICE
    if "@" in parts.netloc or parts.fragment:
        return NOT_A_SERVICE
    if loopback and parts.scheme in {"http", "https"} and host in LOOPBACK:
        return ""
    known = host in SERVICES or host in set(extra) or any(host.endswith(ending) for ending in ENDINGS)
    return "" if parts.scheme == "https" and port in {None, 443} and known else NOT_A_SERVICE


def service_of(endpoint: str) -> str:
    """The browser behind an address, for the list of devices."""
    host = (urlsplit(endpoint).hostname or "").lower()
    ending = next((name for end, name in ENDINGS.items() if host.endswith(end)), "")
    return SERVICES.get(host) or ending or "Trình duyệt khác"


def device_name(agent: str) -> str:
    """ "Chrome trên Android", from what the browser says of itself: enough to recognise one's own device."""
    browsers = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "máy Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for sign, name in browsers if sign in agent), "Trình duyệt")
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{browser} trên {system}" if system else browser


def keys_fault(p256dh: str, auth: str) -> str:
    """The public key must be a point on P-256, the secret sixteen bytes."""
    point, secret = _bytes(p256dh), _bytes(auth)
    if len(point) != 65 or point[0] != 4 or len(secret) != 16:
        return NOT_KEYS
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    on_curve = x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
    return "" if on_curve else NOT_KEYS


def _bytes(text: str) -> bytes:
    if len(text) > 200 or not re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", text):
        return b""
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


# What becomes of a notice

MOST_TRIES = 8
LONGEST_WAIT = timedelta(hours=6)
TEXT_MOST = 120
HANDED, GONE, FAILED, AGAIN = "handed", "gone", "failed", "again"


def outcome_of(status: int) -> str:
    """What an answer of a push service means. 0: there was none."""
    if status in {200, 201, 202, 204}:
        return HANDED
    if status in {404, 410}:
        return GONE
    if status in {0, 408, 429} or status >= 500:
        return AGAIN
    return FAILED


def error_of(status: int) -> str:
    if status == 0:
        return "Không nối được tới dịch vụ thông báo."
    if status in {401, 403}:
        return f"Dịch vụ thông báo không nhận khoá của hệ thống (mã {status})."
    return f"Dịch vụ thông báo trả lời mã {status}."


def wait_after(tries: int, retry_after: str = "") -> timedelta:
    """Longer and longer; what the service asks for is respected, within reason."""
    asked = timedelta(seconds=int(retry_after)) if re.fullmatch(r"[0-9]{1,6}", retry_after) else timedelta(0)
    return min(max(timedelta(minutes=2 ** min(tries, 12) // 2), asked), LONGEST_WAIT)
