"""What both simulated operators share: a small HTTP server, a book of what was sent, faults on request.

`GET /` is a page for people; `GET /control/state` what was sent; `POST /control/fault` with `{"kind", "times"}`.
"""

from __future__ import annotations

import argparse
import html
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from xaso.kit.serving import serve

SAYS = "BỘ GIẢ LẬP TỔNG ĐÀI SMS CỦA XÃSỐ – không phải dịch vụ thật, không tin nào tới điện thoại."
LONGEST = 64 * 1024
Reply = tuple[int, str, bytes]


@dataclass
class Book:
    """Accounts, brand names and what was taken. `faults`: kinds that the next questions suffer, in order."""

    user: str
    password: str
    sender: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


Dialect = Callable[[Book, bytes], Reply]


class Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], book: Book, dialect: Dialect) -> None:
        super().__init__(address, Handler)
        self.book = book
        self.dialect = dialect


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "XaSo-Simulator"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Quiet: what was asked is in the control state."""

    def do_GET(self) -> None:
        if self.path == "/control/state":
            return self._json(self._state())
        lines = "".join(
            f"<li>{html.escape(str(one['to']))}: {html.escape(str(one['text']))}</li>"
            for one in self.server.book.taken[-50:]
        )
        page = f'<!doctype html><html lang="vi"><title>Giả lập SMS</title><h1>{SAYS}</h1><ol>{lines}</ol></html>'
        return self._write(200, "text/html; charset=utf-8", page.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST))
        book = self.server.book
        if self.path == "/control/fault":
            given = json.loads(body)
            book.faults += [given["kind"]] * int(given.get("times", 1))
            return self._json(self._state())
        with book.lock:
            book.asked += 1
            fault = book.faults.pop(0) if book.faults else ""
        return self._suffer(fault, body)

    def _suffer(self, fault: str, body: bytes) -> None:
        """What real gateways do wrong: before taking the message, or after."""
        plain = {
            "html": (200, "text/html", b"<html>Service Temporarily Unavailable</html>"),
            "empty": (200, "text/plain", b""),
            "broken": (500, "text/plain", b"java.lang.NullPointerException"),
            "busy": (503, "text/plain", b"busy"),
            "huge": (200, "text/plain", b"x" * 300_000),
            "redirect": (302, "text/plain", b""),
            "list": (200, "application/json", b"[1, 2, 3]"),
            "deep": (200, "application/json", b"[" * 60_000),
            "entities": (200, "text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        }
        if fault in plain:
            return self._write(*plain[fault])
        if fault == "cut":
            return self._cut()
        reply = self.server.dialect(self.server.book, body)
        if fault == "slow":
            time.sleep(1)
        if fault == "lost":
            return self._cut()
        return self._write(*reply)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _state(self) -> dict[str, Any]:
        book = self.server.book
        return {"simulator": SAYS, "asked": book.asked, "taken": book.taken[-200:], "faults": book.faults}

    def _json(self, data: Any) -> None:
        self._write(200, "application/json; charset=utf-8", json.dumps(data, ensure_ascii=False).encode())

    def _write(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Simulator", "XaSo")
        if status == 302:
            self.send_header("Location", "/control/state")
        self.end_headers()
        self.wfile.write(body)


def answer_as(dialect: Dialect) -> int:
    """Print the address and serve until told to stop."""
    parser = argparse.ArgumentParser(description=SAYS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="xaso")
    parser.add_argument("--password", default="bi-mat")
    parser.add_argument("--sender", default="UBND XA")
    asked = parser.parse_args()
    server = Server((asked.host, asked.port), Book(asked.user, asked.password, asked.sender), dialect)
    return serve(server, SAYS)
