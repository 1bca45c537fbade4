"""The simulated axis over HTTP. Every answer and page says that it is a simulator."""

from __future__ import annotations

import base64
import html
import json
import time
from dataclasses import asdict
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from xaso.kit import clock
from xaso.modules.exchange.simulator.axis import SYSTEM, Axis, Delivered, Fault, Organisation
from xaso.modules.exchange.simulator.checking import NotTaken

SAYS = "Đây là trục liên thông MÔ PHỎNG của XãSố, không phải trục thật; không có giá trị pháp lý."
MOST_BYTES = 96 * 1024 * 1024


class Unauthorized(Exception):
    """The gateway turns the caller away with one bare word."""


class Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], axis: Axis) -> None:
        super().__init__(address, Handler)
        self.axis = axis


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "XaSo-Simulator"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Quiet: what was asked is in the control state."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BYTES))
        asked = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(asked.query).items()}
        self.server.axis.calls.append(f"{method} {asked.path}")
        if asked.path == "/":
            return self._say_page()
        if asked.path.startswith("/control/"):
            return self._say(200, self._control(asked.path.removeprefix("/control/"), query, body))
        fault = self.server.axis.fault(asked.path)
        if fault and self._suffer(fault):
            return None
        try:
            answer = self._do(method, asked.path, query, body, twice=bool(fault and fault.kind == "duplicate"))
        except NotTaken as no:
            data = {"errorCode": no.code, "errorDesc": str(no)}
            return self._say(200, {"success": False, "message": str(no), "data": data})
        except Unauthorized:
            return self._write(401, b"Unauthorized", "text/plain")
        if fault and fault.kind == "lost_answer":
            self.close_connection = True
            return self.connection.close()
        return self._say(200, {"success": True, "message": "OK", **answer})

    def _suffer(self, fault: Fault) -> bool:
        """True when the fault is the whole answer."""
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            self.close_connection = True
            self.connection.close()
            return True
        elif fault.kind == "garbage":
            self._write(200, b"<html>Service Temporarily Unavailable</html>", "text/html")
            return True
        elif fault.kind == "unauthorized":
            self._write(200, b"Unauthorized", "text/plain")
            return True
        elif fault.kind == "error":
            data = {"errorCode": fault.code, "errorDesc": "asked for by the control endpoint"}
            self._say(200, {"success": False, "data": data})
            return True
        return False

    # What a caller may ask

    def _do(self, method: str, path: str, query: dict[str, str], body: bytes, *, twice: bool) -> dict[str, Any]:
        axis = self.server.axis
        system = self.headers.get("X-SystemId", ""), self.headers.get("X-SecretKey", "")
        if (method, path) == ("POST", "/v1/auth/login"):
            given = json.loads(body or b"{}")
            return {"data": {"token": axis.sign_in(*system, given.get("username", ""), given.get("password", ""))}}
        by = axis.caller(self.headers.get("Authorization", "").removeprefix("Bearer "), *system)
        if by is None:
            raise Unauthorized
        return self._do_for(by, method, path, query, body, twice=twice)

    def _do_for(
        self, by: Organisation, method: str, path: str, query: dict[str, str], body: bytes, *, twice: bool
    ) -> dict[str, Any]:
        axis = self.server.axis
        if (method, path) == ("POST", "/v1/sendEdoc"):
            return {"docId": axis.send(by, self._edoc_file(body), twice=twice)}
        if (method, path) == ("POST", "/v1/updateStatus"):
            given = json.loads(body)
            axis.update_status(by, str(given["docId"]), str(given["status"]))
            return {}
        if path == "/v1/syncReceivedEdocList":
            listed = axis.statuses if query.get("messageType") == "status" else axis.received
            rows = listed(by, query["fromDate"], query["toDate"])
            return {"count": len(rows), "data": rows}
        if path == "/v1/getEdoc":
            one = axis.fetch(by, query["docId"])
            packed = base64.b64encode(one.raw).decode()
            return {"data": {"docId": one.doc_id, "from": one.sender, "edxml": packed}}
        if path == "/v1/getAgenciesList":
            rows = [{"code": one.code, "name": one.name} for one in axis.organisations.values()]
            return {"count": len(rows), "data": rows}
        raise NotTaken(SYSTEM, "no such call")

    def _edoc_file(self, body: bytes) -> bytes:
        head = f"Content-Type: {self.headers.get('Content-Type', '')}\r\n\r\n".encode()
        parts = message_from_bytes(head + body)
        found: dict[str, bytes] = {}
        for part in parts.walk():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                found[name] = part.get_payload(decode=True) or b""  # type: ignore[assignment]
        if found.get("messageType", b"").strip() != b"edoc" or "edocFile" not in found:
            raise NotTaken(10, "edocFile and messageType=edoc are needed")
        return found["edocFile"]

    # What a test or a trainer may ask

    def _control(self, what: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        axis = self.server.axis
        with axis.turn:
            if what == "organisations":
                for given in json.loads(body):
                    axis.add(given)
            elif what == "lock":
                axis.organisations[query["code"]].is_locked = query.get("locked", "1") == "1"
            elif what == "fault":
                axis.faults.append(Fault(**json.loads(body)))
            elif what == "expire_tokens":
                axis.tokens.clear()
            elif what == "deliver":
                one = Delivered(query["doc_id"], query["from"], query["to"], body, clock.now())
                axis.put(one)
            elif what == "forget":
                axis.delivered.clear()
                axis.faults.clear()
            return {
                "organisations": [one.code for one in axis.organisations.values()],
                "faults": [asdict(one) for one in axis.faults if one.times > 0],
                "calls": axis.calls[-200:],
                "delivered": [
                    {"doc_id": d.doc_id, "from": d.sender, "to": d.receiver, "document_id": d.document_id,
                     "told": [status for status, _ in d.told]}
                    for d in axis.delivered
                ],
            }  # fmt: skip

    # Saying it

    def _say(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps({"simulator": SAYS, **body}, ensure_ascii=False)
        self._write(status, text.encode(), "application/json; charset=utf-8")

    def _say_page(self) -> None:
        axis = self.server.axis
        lines = "".join(
            f"<li>{html.escape(one.code)} – {html.escape(one.name)}: "
            f"{sum(1 for d in axis.delivered if d.receiver == one.code)} gói đã nhận</li>"
            for one in axis.organisations.values()
        )
        page = f'<!doctype html><html lang="vi"><title>Trục mô phỏng</title><h1>{SAYS}</h1><ul>{lines}</ul></html>'
        self._write(200, page.encode(), "text/html; charset=utf-8")

    def _write(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Simulator", "XaSo")
        self.end_headers()
        self.wfile.write(body)
