"""`python -m xaso.modules.zalo.simulators.oa`: an official account to try everything on. It is a simulator."""

from __future__ import annotations

import argparse
import html
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from PIL import Image

from xaso.kit.serving import serve
from xaso.modules.zalo.simulators import documented
from xaso.modules.zalo.simulators.account import Account, Fault, Refusal, Settings
from xaso.modules.zalo.simulators.telling import tell, tell_later

NOTICE = "Day la bo gia lap Zalo OA cua XaSo, khong phai Zalo that. / A simulator, not the real service."
BANNER = "BỘ GIẢ LẬP ZALO OA – không phải Zalo thật. Không tin nào đến tay người dân."
LONGEST = 256 * 1024


def _jpeg() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(drawn, "JPEG")
    return drawn.getvalue()


JPEG = _jpeg()


class Handler(BaseHTTPRequestHandler):
    """`account` is set on a subclass of its own for each server."""

    account: Account
    server_version = "XaSo-simulator"
    timeout = 30

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/v4/oa/permission":
            self._page(self._consent(query))
        elif asked.path == "/":
            self._page(self._front())
        elif asked.path == "/control/state":
            self._json(200, state(self.account))
        elif asked.path.startswith("/pictures/"):
            self._picture(asked.path.removeprefix("/pictures/"))
        elif asked.path == "/v2.0/oa/getoa":
            self._answer(asked.path, {})
        else:
            self._json(404, {"error": -1, "message": "not found"})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(min(length, LONGEST))
        asked = urlsplit(self.path)
        if asked.path == "/v4/oa/access_token":
            body: dict[str, Any] = {name: values[-1] for name, values in parse_qs(content.decode()).items()}
        else:
            body = json.loads(content or b"{}")
        if asked.path.startswith("/control/"):
            self._json(200, control(self.account, asked.path.removeprefix("/control/"), body))
        else:
            self._answer(asked.path, body)

    def _answer(self, path: str, body: dict[str, Any]) -> None:
        with self.account.lock:
            self.account.calls.append(path)
        fault = self.account.fault(path)
        if fault and self._suffered(fault):
            return
        try:
            told = self._told(path, body)
        except Refusal as refusal:
            told = {"error": refusal.code, "message": str(refusal)}
        if fault and fault.kind == "cut":
            self.close_connection = True
            self.connection.close()
            return
        self._json(200, told)

    def _suffered(self, fault: Fault) -> bool:
        """True when the fault is the whole answer."""
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            self.close_connection = True
            self.connection.close()
            return True
        elif fault.kind == "error":
            self._json(200, {"error": fault.code, "message": "asked for by the control"})
            return True
        elif fault.kind == "http":
            self._json(fault.code, {"message": "asked for by the control"})
            return True
        elif fault.kind == "garbage":
            self._send(200, b"<html>Bad gateway</html>", "text/html")
            return True
        return False

    def _told(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        account, token = self.account, self.headers.get("access_token", "")
        with account.lock:
            if path == "/v4/oa/access_token":
                return self._tokens(body)
            account.check(token)
            if path == "/message/template":
                return {"error": 0, "message": "Success", "data": account.send_template(body)}
            if path == "/v3.0/oa/message/cs":
                return {"error": 0, "message": "Success", "data": account.send_text(body)}
            if path == "/v2.0/oa/getoa":
                return {"error": 0, "data": {"oa_id": account.settings.oa_id, "name": account.settings.name}}
        return {"error": -1, "message": "no such call"}

    def _tokens(self, body: dict[str, Any]) -> dict[str, Any]:
        settings = self.account.settings
        if self.headers.get("secret_key") != settings.app_secret or body.get("app_id") != settings.app_id:
            return {"error": -14002, "error_name": "Invalid app", "error_description": "app_id or secret_key"}
        if body.get("grant_type") == "refresh_token":
            return self.account.renew(str(body.get("refresh_token", "")))
        return self.account.exchange(str(body.get("code", "")), str(body.get("code_verifier", "")))

    # Pages

    def _consent(self, query: dict[str, str]) -> str:
        back, settings = query.get("redirect_uri", ""), self.account.settings
        if query.get("app_id") != settings.app_id or not query.get("code_challenge") or not back:
            return "<h1>app_id, redirect_uri, code_challenge</h1>"
        with self.account.lock:
            code = self.account.agree(query["code_challenge"])
        yes = f"{back}?{urlencode({'code': code, 'oa_id': settings.oa_id, 'state': query.get('state', '')})}"
        no = f"{back}?{urlencode({'error': '-14001', 'state': query.get('state', '')})}"
        return (
            f"<h1>{html.escape(settings.name)}</h1><p>Cho phép XãSố gửi tin bằng trang này?</p>"
            f'<p><a id="yes" href="{html.escape(yes)}">Đồng ý</a> <a id="no" href="{html.escape(no)}">Từ chối</a></p>'
        )

    def _front(self) -> str:
        lines = [json.dumps(one, ensure_ascii=False) for one in self.account.sent[-50:]]
        rows = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        table = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{html.escape(rule)}</td><td>{mark}</td></tr>"
            for name, rule, mark in documented.RULES
        )
        return f"<h2>Đã nhận</h2><ul>{rows}</ul><h2>Luật đang áp</h2><table>{table}</table>"

    def _page(self, inside: str) -> None:
        head = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Giả lập</title><p><b>{BANNER}</b></p>'
        self._send(200, f"{head}{inside}".encode(), "text/html; charset=utf-8")

    def _picture(self, name: str) -> None:
        if name == "large.jpg":
            self._send(200, JPEG + b"\0" * (11 * 1024 * 1024), "image/jpeg")
        elif name == "moved.jpg":
            self._send(302, b"", "text/plain", {"Location": "http://127.0.0.1:9/"})
        elif name == "text.jpg":
            self._send(200, b"<svg onload=alert(1)>", "image/jpeg")
        else:
            self._send(200, JPEG, "image/jpeg")

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, json.dumps(told | {"simulator": NOTICE}, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "X-Simulator": NOTICE, **(more or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Silent: tests read standard output."""


def control(account: Account, what: str, given: dict[str, Any]) -> dict[str, Any]:
    """The door of a test or a trainer."""
    if what == "tell":
        if given.get("later"):
            tell_later(account, given)
            return {}
        return {"statuses": tell(account, given)}
    if what == "pair":
        with account.lock:
            return account.pair()
    with account.lock:
        if what in CONTROLS:
            CONTROLS[what](account, given)
    return state(account)


def _set(account: Account, given: dict[str, Any]) -> None:
    account.is_night = bool(given.get("night", account.is_night))
    account.random_expired = float(given.get("random_expired", account.random_expired))
    account.admins |= set(given.get("admins", ()))
    if "quota" in given:
        account.daily = account.left = int(given["quota"])
    account.settings.webhook = str(given.get("webhook", account.settings.webhook))
    account.settings.expires = float(given.get("expires", account.settings.expires))


CONTROLS: dict[str, Callable[[Account, dict[str, Any]], object]] = {
    "expire": lambda account, _: account.expire(),
    "revoke": lambda account, _: account.revoke(),
    "forget": lambda account, _: account.forget(),
    "template": lambda account, given: account.templates.update({given["id"]: given}),
    "phone": lambda account, given: account.phones.update({given["phone"]: int(given["code"])}),
    "follower": lambda account, given: account.followers.update(
        {given["user"]: time.time() + float(given.get("hours", 168)) * 3600}
    ),
    "fault": lambda account, given: account.faults.append(Fault(**given)),
    "set": _set,
}


def state(account: Account) -> dict[str, Any]:
    with account.lock:
        return {
            "sent": account.sent, "refreshes": account.refreshes, "refused_refreshes": account.refused_refreshes,
            "left": account.left, "calls": account.calls[-200:],
            "faults": [asdict(one) for one in account.faults if one.times],
        }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Serve until told to stop. The first line of the output is the address."""
    parser = argparse.ArgumentParser(description=NOTICE)
    parser.add_argument("--port", type=int, default=0)
    for name in ("app-id", "app-secret", "oa-secret", "oa-id", "webhook"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args(arguments)
    given = {name: value for name, value in vars(options).items() if name != "port" and value is not None}
    account = Account(Settings(**given))
    server = ThreadingHTTPServer(("127.0.0.1", options.port), type("Served", (Handler,), {"account": account}))
    return serve(server, BANNER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
