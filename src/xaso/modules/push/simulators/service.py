"""MÔ PHỎNG: a push service with browsers behind it.

It really decrypts and checks the signature, as RFC 8030, 8188, 8291 and 8292 ask, and refuses what they refuse.

`python -m xaso.modules.push.simulators.service --port 0`
POST /browsers {"key": application server key} → endpoint and keys · POST /send/<id> · GET /told/<id>
POST /answers/<id> {"status": 429, "times": 1, "retry_after": "120"} · DELETE /browsers/<id>
"""

from __future__ import annotations

import argparse
import base64
import json
import secrets
import struct
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xaso.kit.serving import serve

MOST_BYTES = 4096
CURVE = ec.SECP256R1()


class Refusal(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browser:
    server_key: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    told: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    tries: int = 0

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def decrypted(browser: Browser, body: bytes) -> bytes:
    """One record of aes128gcm for this browser's keys."""
    if len(body) < 21 + 65 + 18:
        raise Refusal(400, "too short")
    salt, size, length = body[:16], struct.unpack("!L", body[16:20])[0], body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    if length != 65 or len(sealed) > size:
        raise Refusal(400, "not one record")
    shared = browser.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
    secret = _derived(shared, browser.auth, b"WebPush: info\x00" + browser.point + sender, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    try:
        opened = AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise Refusal(400, "does not decrypt") from error
    if not opened.rstrip(b"\x00").endswith(b"\x02"):
        raise Refusal(400, "no last record")
    return opened.rstrip(b"\x00")[:-1]


def check_signature(browser: Browser, header: str, host: str) -> dict[str, Any]:
    """`vapid t=…, k=…`: signed by the very key the browser was subscribed with, for us, and not for long."""
    if not header.startswith("vapid "):
        raise Refusal(401, "no vapid")
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    if parts.get("k") != browser.server_key:
        raise Refusal(403, "another key")
    head, claims, signature = parts["t"].split(".")
    raw = plain(signature)
    made = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, plain(parts["k"]))
    try:
        public.verify(made, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Refusal(403, "bad signature") from error
    said: dict[str, Any] = json.loads(plain(claims))
    left = said["exp"] - time.time()
    if json.loads(plain(head)).get("alg") != "ES256" or not 0 < left <= 24 * 3600:
        raise Refusal(403, "bad token")
    # The library leaves the port out of the origin; no real service has one.
    if said["aud"] not in {f"http://{host}", f"http://{host.partition(':')[0]}"} or "mailto:" not in said["sub"]:
        raise Refusal(403, "for somebody else")
    return said


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    browsers: dict[str, Browser] = {}
    turn = threading.Lock()

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, body: object = None, **headers: str) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Simulator", "MO PHONG: khong phai dich vu that")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self) -> None:
        browser = self.browsers.get(self.path.rpartition("/")[2])
        self._answer(404) if browser is None else self._answer(200, {"told": browser.told, "tries": browser.tries})

    def do_DELETE(self) -> None:
        self.browsers.pop(self.path.rpartition("/")[2], None)
        self._answer(200)

    def do_POST(self) -> None:
        _, what, *rest = self.path.split("/")
        body = self._body()
        if what == "browsers":
            self._open(json.loads(body))
        elif what == "answers":
            asked = json.loads(body)
            answer = (int(asked["status"]), str(asked.get("retry_after", "")))
            self.browsers[rest[0]].answers += [answer] * int(asked.get("times", 1))
            self._answer(200)
        else:
            self._send(rest[0], body)

    def _open(self, asked: dict[str, str]) -> None:
        name, browser = secrets.token_urlsafe(24), Browser(asked["key"])
        self.browsers[name] = browser
        endpoint = f"http://{self.headers['Host']}/send/{name}"
        self._answer(201, {"endpoint": endpoint, "p256dh": packed(browser.point), "auth": packed(browser.auth)})

    def _send(self, name: str, body: bytes) -> None:
        browser = self.browsers.get(name)
        if browser is None:
            return self._answer(410)
        with self.turn:
            browser.tries += 1
            planned = browser.answers.pop(0) if browser.answers else None
        if planned:
            headers = {"Retry_After": planned[1]} if planned[1] else {}
            return self._answer(planned[0], **headers, Location="http://127.0.0.1:9/")
        try:
            told = self._judged(browser, body)
        except Refusal as refusal:
            return self._answer(refusal.status, {"why": str(refusal)})
        with self.turn:
            browser.told.append(told)
        return self._answer(201)

    def _judged(self, browser: Browser, body: bytes) -> dict[str, Any]:
        if len(body) > MOST_BYTES:
            raise Refusal(413, "too large")
        if self.headers.get("Content-Encoding") != "aes128gcm" or not (self.headers.get("TTL") or "").isdecimal():
            raise Refusal(400, "headers")
        if len(self.headers.get("Topic") or "") > 32:
            raise Refusal(400, "topic")
        claims = check_signature(browser, self.headers.get("Authorization") or "", self.headers["Host"])
        opened = json.loads(decrypted(browser, body))
        return {"message": opened, "sub": claims["sub"], "urgency": self.headers.get("Urgency"), "bytes": len(body)}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Service)
    return serve(server, "MÔ PHỎNG dịch vụ thông báo: không có trình duyệt thật nào.")


if __name__ == "__main__":
    sys.exit(main())
