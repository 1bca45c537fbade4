"""What every simulator shares: its own small HTTP server, the holder's phone as a page, and a door for the tests."""

import argparse
import html
import json
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx

from xaso.kit.serving import serve
from xaso.modules.signing.simulators import holders
from xaso.modules.signing.simulators.desk import WAITING, Desk, Fault, Transaction

NOTICE = "Day la bo gia lap cua XaSo, khong phai dich vu that. / A simulator, not the real service."
BANNER = "BỘ GIẢ LẬP – không phải dịch vụ thật. Chữ ký tạo ra ở đây không có giá trị."
LONGEST = 256 * 1024
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    body: dict[str, Any]
    bearer: str


Told = tuple[int, Any]


class Simulator:
    """A dialect: `routes` are patterns of paths with what answers them; `notice_of` is what its webhook sends."""

    title = ""

    def __init__(self, desk: Desk, options: argparse.Namespace) -> None:
        self.desk = desk
        self.options = options
        self.routes: list[tuple[re.Pattern[str], Callable[..., Told]]] = []

    def answer(self, asked: Asked) -> Told:
        for pattern, view in self.routes:
            if match := pattern.fullmatch(asked.path):
                with self.desk.lock:
                    return view(asked, **match.groupdict())
        return 404, {"message": "NOT_FOUND"}

    def notice_of(self, transaction: Transaction) -> tuple[str, dict[str, str], dict[str, Any]] | None:
        """Address, headers and body for the caller's webhook; None when this dialect has none or none is wanted."""
        del transaction
        return None

    def control(self, what: str, body: dict[str, Any]) -> Told:
        """The tests' door and the buttons of the page."""
        desk = self.desk
        with desk.lock:
            if what == "decide":
                desk.decide(str(body.get("transaction", "")), str(body.get("as", "confirm")))
            elif what == "clock":
                desk.advance(float(body["advance"]))
            elif what == "fault":
                desk.faults.append(Fault(body["path"], str(body["kind"]), int(body.get("times", 1))))
            elif what == "holder":
                holder = desk.holders[body["code"]]
                holder.state, holder.left = body.get("state", holder.state), body.get("left", holder.left)
            elif what != "state":
                return 404, {}
        self.tell_all()
        return 200, self.state()

    def state(self) -> dict[str, Any]:
        with self.desk.lock:
            self.desk.pass_time()
            listed = [
                {"transaction": t.name, "code": t.code, "state": t.state, "documents": [d.title for d in t.documents]}
                for t in self.desk.transactions.values()
            ]
            faults = [asdict(fault) for fault in self.desk.faults if fault.times]
            return {"signatures": self.desk.signatures, "transactions": listed, "faults": faults}

    def tell_all(self) -> None:
        with self.desk.lock:
            self.desk.pass_time()
            untold, self.desk.untold = self.desk.untold, []
        for transaction in untold:
            self.tell(transaction)

    def tell(self, transaction: Transaction) -> None:
        """The webhook, best effort, as the real ones: who missed it asks."""
        try:
            notice = self.notice_of(transaction)
            if notice is None:
                return
            url, headers, body = notice
            httpx.post(url, headers=headers, json=body | {"simulator": NOTICE}, timeout=10)
        except (httpx.HTTPError, ValueError) as error:
            sys.stderr.write(f"webhook: {type(error).__name__}\n")

    def page(self) -> str:
        """The phone of every holder at once."""
        waiting = [t for t in self.desk.transactions.values() if t.state == WAITING]
        lines = (
            "".join(_line(transaction) for transaction in reversed(waiting)) or "<p>Không có yêu cầu nào đang chờ.</p>"
        )
        return (
            f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(self.title)} – giả lập</title><h1>{html.escape(self.title)}</h1>"
            f"<p><strong>{BANNER}</strong></p>{lines}<p><a href='/'>Tải lại</a></p></html>"
        )


def _line(transaction: Transaction) -> str:
    shown = "<br>".join(f"{html.escape(d.title)} <small>({html.escape(d.name)})</small>" for d in transaction.documents)
    buttons = "".join(
        f'<button name="as" value="{what}">{label}</button> '
        for what, label in (("confirm", "Đồng ý"), ("refuse", "Từ chối"))
    )
    return (
        f"<hr><p>{html.escape(transaction.holder.name)}: {shown}</p><form method='post' action='/control/decide'>"
        f'<input type="hidden" name="transaction" value="{html.escape(transaction.code)}">{buttons}</form>'
    )


class _Handler(BaseHTTPRequestHandler):
    """`simulator` is set on a subclass of its own for each server."""

    simulator: Simulator
    server_version = "XaSo-simulator"
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/":
            with self.simulator.desk.lock:
                self.simulator.desk.pass_time()
                page = self.simulator.page()
            self._send(200, page.encode(), "text/html; charset=utf-8")
        elif self.path == "/control/state":
            self._json(200, self.simulator.state())
        else:
            self._json(405, {"message": "METHOD_NOT_ALLOWED"})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST:
            self._json(413, {"message": "TOO_LARGE"})
            return
        content = self.rfile.read(length)
        is_form = (self.headers.get("Content-Type") or "").startswith(FORM)
        body = _form(content) if is_form else _json(content)
        if self.path.startswith("/control/"):
            status, told = self.simulator.control(self.path.removeprefix("/control/"), body)
            if is_form:
                self._send(303, b"", "text/plain", {"Location": "/"})
            else:
                self._json(status, told)
            return
        self._answer(body)

    def _answer(self, body: dict[str, Any]) -> None:
        fault = self.simulator.desk.fault_for(self.path)
        if fault.isdecimal():
            self._json(int(fault), {"message": "INTERNAL_ERROR"})
            return
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        status, told = self.simulator.answer(Asked(self.path, body, bearer))
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        self._json(status, told)

    def _json(self, status: int, told: Any) -> None:
        body = told | {"simulator": NOTICE} if isinstance(told, dict) else told
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "X-Simulator": NOTICE, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Silent: bodies and addresses are nobody's business, and tests read standard output."""


def _json(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _form(content: bytes) -> dict[str, Any]:
    return {name: values[-1] for name, values in parse_qs(content.decode("utf-8", "replace")).items()}


def run(kind: type[Simulator], extra: Callable[[argparse.ArgumentParser], None], arguments: list[str]) -> int:
    """Serve until told to stop. The first line of the output names the address, for the one who started it."""
    parser = argparse.ArgumentParser(description=f"{kind.title}: {NOTICE}")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--holders", type=Path, help="a list of holders with their keys; without it they are made up")
    parser.add_argument("--patience", type=float, default=240, help="seconds a holder has to confirm")
    parser.add_argument("--agrees-after", type=float, help="seconds after which the holder agrees by himself (demo)")
    parser.add_argument("--webhook", default="", help="the caller's address for notices")
    extra(parser)
    options = parser.parse_args(arguments)
    held = holders.read(options.holders) if options.holders else holders.made_up()
    simulator = kind(Desk(held, patience=options.patience, agrees_after=options.agrees_after), options)
    handler = type("Handler", (_Handler,), {"simulator": simulator})
    server = ThreadingHTTPServer(("127.0.0.1", options.port), handler)
    threading.Thread(target=_pass_time, args=(simulator,), daemon=True).start()
    return serve(server, f"{kind.title}: {BANNER}")


def _pass_time(simulator: Simulator) -> None:
    while True:
        time.sleep(0.5)
        simulator.tell_all()
