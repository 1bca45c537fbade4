"""`python -m xaso.modules.social.simulators.page`: a Facebook page to try everything on. It is a simulator.

Marks in RULES: S said by public documents or code that was read; M remembered, to be verified; D our own choice.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import html
import json
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from xaso.kit.serving import serve

NOTICE = "Day la bo gia lap Facebook cua XaSo, khong phai Facebook that. / A simulator, not the real service."
BANNER = "BỘ GIẢ LẬP TRANG FACEBOOK – không phải Facebook thật. Không ai thấy bài ở đây."
LONGEST = 24 * 1024 * 1024
RULES = (
    ("token", "page token; a wrong or withdrawn one gives error 190", "M"),
    ("proof", "appsecret_proof = HMAC-SHA256(token, app secret) hex on every call; missing or wrong gives 100", "M"),
    ("draft", "published=false without a time is a draft", "M"),
    ("schedule", "scheduled_publish_time between 10 minutes and 30 days ahead, else 100", "M"),
    ("picture", "/photos with published=false gives an id for attached_media of a post", "M"),
    ("duplicate", "the same text as one of the last ten posts gives 506", "M"),
    ("limits", "4, 17, 32, 613 when the control says so", "M"),
    ("webhook", "X-Hub-Signature-256: sha256= and HMAC-SHA256 of the raw body with the app secret", "M"),
)


class Refusal(Exception):
    """Facebook says no."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Fault:
    """`kind`: slow, drop (nothing is done), cut (done, the answer is lost), error, garbage."""

    path: str
    kind: str
    times: int = 1
    seconds: float = 0
    code: int = 0


@dataclass
class Page:
    page_id: str = "1001"
    token: str = "page-token"  # noqa: S105 - a simulator's
    app_secret: str = "fb-secret"  # noqa: S105
    webhook: str = ""
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def check(self, token: str, proof: str) -> None:
        if not self.token or token != self.token:
            raise Refusal(190, "Error validating access token")
        right = hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, proof):
            raise Refusal(100, "Invalid appsecret_proof provided in the API argument")

    def answer(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        if (method, path) == ("POST", f"{self.page_id}/photos"):
            return self._photo(given)
        if (method, path) == ("POST", f"{self.page_id}/feed"):
            return self._feed(given)
        if path not in self.posts:
            raise Refusal(100, "Unsupported request: object does not exist")
        post = self.posts[path]
        self._pass_time(post)
        if method == "DELETE":
            del self.posts[path]
        elif method == "POST":
            post["is_published"] = given.get("is_published") == "true" or post["is_published"]
        else:
            link = f"https://facebook.example/{path}"
            return {"id": path, "is_published": post["is_published"], "permalink_url": link}
        return {"success": True}

    def _pass_time(self, post: dict[str, Any]) -> None:
        if post["at"] and post["at"] <= time.time():
            post["is_published"] = True

    def _photo(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("published") != "false" or not given.get("source", b"").startswith(b"\xff\xd8"):
            raise Refusal(100, "A JPEG as source and published=false are needed here")
        name = secrets.token_hex(6)
        self.photos[name] = len(given["source"])
        return {"id": name}

    def _feed(self, given: dict[str, Any]) -> dict[str, Any]:
        text, at = str(given.get("message", "")), str(given.get("scheduled_publish_time", ""))
        if not text or given.get("published") != "false":
            raise Refusal(100, "message and published=false are needed here")
        moment = int(at) if at.isdecimal() else 0
        if at and not time.time() + 600 - 5 <= moment <= time.time() + 30 * 86_400:
            raise Refusal(100, "scheduled_publish_time must be between 10 minutes and 30 days from now")
        if text in [one["message"] for one in list(self.posts.values())[-10:]]:
            raise Refusal(506, "Duplicate status message")
        media = json.loads(given["attached_media[0]"])["media_fbid"] if "attached_media[0]" in given else ""
        if media and media not in self.photos:
            raise Refusal(100, "attached_media does not exist")
        name = f"{self.page_id}_{secrets.token_hex(6)}"
        self.posts[name] = {
            "message": text, "link": given.get("link", ""), "at": moment, "is_published": False, "photo": media
        }  # fmt: skip
        return {"id": name}

    def fault(self, path: str) -> Fault | None:
        with self.lock:
            for one in self.faults:
                if one.times > 0 and one.path in path:
                    one.times -= 1
                    return one
        return None

    def tell(self, given: dict[str, Any]) -> int:
        """A webhook; the HTTP status it got, 0 where nobody answered."""
        change = {"field": "feed", "value": {"item": "status", "verb": given.get("verb", "add"), **given}}
        raw = json.dumps({"object": "page", "entry": [{"id": self.page_id, "changes": [change]}]}).encode()
        sealed = "sha256=" + hmac.new(self.app_secret.encode(), raw, hashlib.sha256).hexdigest()
        try:
            return httpx.post(
                self.webhook, content=raw, headers={"X-Hub-Signature-256": sealed}, timeout=20
            ).status_code
        except httpx.HTTPError as error:
            sys.stderr.write(f"webhook: {type(error).__name__}\n")
            return 0

    def state(self) -> dict[str, Any]:
        with self.lock:
            for post in self.posts.values():
                self._pass_time(post)
            return {"posts": self.posts, "photos": self.photos, "calls": self.calls[-200:]}


class Handler(BaseHTTPRequestHandler):
    """`page` is set on a subclass of its own for each server."""

    page: Page
    server_version = "XaSo-simulator"
    timeout = 30

    def do_GET(self) -> None:
        self._do("GET")

    def do_POST(self) -> None:
        self._do("POST")

    def do_DELETE(self) -> None:
        self._do("DELETE")

    def _do(self, method: str) -> None:
        asked = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(min(length, LONGEST))
        if asked.path == "/":
            self._front()
        elif asked.path.startswith("/control/"):
            self._json(200, self._control(asked.path.removeprefix("/control/"), json.loads(content or b"{}")))
        else:
            query = {name: values[-1] for name, values in parse_qs(asked.query).items()}
            self._graph(method, asked.path.strip("/").partition("/")[2], query | self._fields(content))

    def _fields(self, content: bytes) -> dict[str, Any]:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/"):
            return {name: values[-1] for name, values in parse_qs(content.decode("utf-8", "replace")).items()}
        parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
        found: dict[str, Any] = {}
        for part in parts.walk():
            name = part.get_param("name", header="content-disposition")
            value = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(value, bytes):
                found[name] = value if part.get_filename() else value.decode()
        return found

    def _graph(self, method: str, path: str, given: dict[str, Any]) -> None:
        page = self.page
        with page.lock:
            page.calls.append(f"{method} {path}")
        fault = page.fault(path)
        if fault and self._suffered(fault):
            return
        try:
            with page.lock:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                page.check(token, str(given.get("appsecret_proof", "")))
                status, told = 200, page.answer(method, path, given)
        except Refusal as refusal:
            status, told = 400, {"error": {"message": str(refusal), "type": "OAuthException", "code": refusal.code}}
        if fault and fault.kind == "cut":
            self.close_connection = True
            self.connection.close()
            return
        self._json(status, told)

    def _suffered(self, fault: Fault) -> bool:
        """True when the fault is the whole answer."""
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            self.close_connection = True
            self.connection.close()
            return True
        elif fault.kind == "error":
            told = {"message": "asked for by the control", "type": "OAuthException", "code": fault.code}
            self._json(400, {"error": told})
            return True
        elif fault.kind == "garbage":
            self._send(502, b"<html>Bad gateway</html>", "text/html")
            return True
        return False

    def _control(self, what: str, given: dict[str, Any]) -> dict[str, Any]:
        """The door of a test or a trainer."""
        page = self.page
        if what == "tell":
            return {"status": page.tell(given)}
        with page.lock:
            if what == "fault":
                page.faults.append(Fault(**given))
            elif what == "set":
                for name in {"token", "webhook"} & set(given):
                    setattr(page, name, given[name])
            elif what == "publish":
                page.posts[given["id"]]["is_published"] = True
            elif what == "remove":
                del page.posts[given["id"]]
            elif what == "forget":
                page.token, page.posts, page.photos, page.faults, page.calls = "page-token", {}, {}, [], []
        return page.state()

    def _front(self) -> None:
        lines = [json.dumps(one, ensure_ascii=False) for one in self.page.posts.values()]
        posts = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        rows = "".join(f"<tr><td>{html.escape(a)}</td><td>{html.escape(b)}</td><td>{c}</td></tr>" for a, b, c in RULES)
        text = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Giả lập</title><p><b>{BANNER}</b></p>'
        self._send(200, f"{text}<ul>{posts}</ul><table>{rows}</table>".encode(), "text/html; charset=utf-8")

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, json.dumps(told | {"simulator": NOTICE}, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "X-Simulator": NOTICE}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Silent: tests read standard output."""


def main(arguments: list[str]) -> int:
    """Serve until told to stop. The first line of the output is the address."""
    parser = argparse.ArgumentParser(description=NOTICE)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook", default="")
    options = parser.parse_args(arguments)
    handler = type("Served", (Handler,), {"page": Page(webhook=options.webhook)})
    server = ThreadingHTTPServer(("127.0.0.1", options.port), handler)
    return serve(server, BANNER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
