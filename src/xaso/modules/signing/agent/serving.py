"""The conversation: JSON over a WebSocket of the loopback address. Prompts and the token belong to the main thread.

`{"id", "do", "token", …}` is answered with `{"id", "ok": true, …}` or `{"id", "ok": false, "code", "sentence"}`.
do: hello · pair {code} · certificates · sign {job, document, certificate, signed_attributes, digest}.
"""

from __future__ import annotations

import base64
import json
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from http import HTTPStatus
from typing import Any, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from xaso.modules.signing.agent import judging
from xaso.modules.signing.agent.pairing import Pairing
from xaso.modules.signing.agent.tokens import Held, Tokens
from xaso.modules.signing.agent.trouble import Trouble

VERSION = 1
LONGEST_MESSAGE = 64 * 1024
REMEMBERED = 200
DECLINED = "Bạn đã từ chối ký trên máy này. Nếu bấm nhầm, hãy bấm ký lại trên trang."
UNREADABLE = "Trình ký không hiểu yêu cầu của trang. Hãy tải lại trang; nếu vẫn vậy, hãy cập nhật trình ký."
STOPPED = "Trình ký đang tắt nên chưa ký. Hãy mở lại “xaso agent” rồi thử lại."


class Person(Protocol):
    """Whoever sits at this machine."""

    def agrees(self, job: judging.Job, held: Held, origin: str) -> bool: ...

    def pin(self, held: Held) -> str: ...

    def told(self, line: str) -> None: ...


class Agent:
    def __init__(self, tokens: Tokens, pairing: Pairing, person: Person, origins: set[str]) -> None:
        self.tokens, self.pairing, self.person, self.origins = tokens, pairing, person, origins
        self._turns: queue.Queue[tuple[Callable[[], Any], Future]] = queue.Queue()
        self._signed: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()
        self._stopping = threading.Event()
        self._server: Server | None = None

    def listen(self, port: int) -> int:
        """Begin. Raises OSError when the port is taken. Returns the port."""
        self._server = serve(
            self._talk, "127.0.0.1", port, process_request=self._let_in, max_size=LONGEST_MESSAGE, server_header=None
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        port = self._server.socket.getsockname()[1]
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        return int(port)

    def work(self) -> None:
        """The main thread's part, until `stop`: what needs the person or the token, one after the other."""
        while not self._stopping.is_set():
            try:
                task, future = self._turns.get(timeout=0.2)
            except queue.Empty:
                continue
            if future.set_running_or_notify_cancel():
                _perform(task, future)

    def stop(self) -> None:
        """Ends `work`, refuses what still waits and closes every conversation."""
        self._stopping.set()
        while not self._turns.empty():
            self._turns.get_nowait()[1].cancel()
        if self._server is not None:
            self._server.shutdown()

    def _let_in(self, connection: ServerConnection, request: Request) -> Response | None:
        """Only pages of the allowed addresses, and only under our own name: another name would be a rebound one."""
        if request.headers.get_all("Host") not in [[host] for host in self._hosts] or request.path != "/":
            return connection.respond(HTTPStatus.NOT_FOUND, "")
        if request.headers.get_all("Origin") not in [[origin] for origin in self.origins]:
            return connection.respond(HTTPStatus.FORBIDDEN, "")
        return None

    def _talk(self, connection: ServerConnection) -> None:
        origin = connection.request.headers["Origin"] if connection.request else ""
        try:
            for message in connection:
                connection.send(json.dumps(self._answer(origin, message), ensure_ascii=False))
        except ConnectionClosed:
            return  # the page was left

    def _answer(self, origin: str, message: str | bytes) -> dict[str, Any]:
        told = _read(message)
        name = told.get("id")
        try:
            return {"id": name, "ok": True, **self._done(origin, told)}
        except Trouble as trouble:
            return {"id": name, "ok": False, "code": trouble.code, "sentence": trouble.sentence}
        except CancelledError:
            return {"id": name, "ok": False, "code": "stopped", "sentence": STOPPED}

    def _done(self, origin: str, told: dict[str, Any]) -> dict[str, Any]:
        wish = told.get("do")
        if wish == "hello":
            return {"program": "xaso agent", "version": VERSION}
        if wish == "pair":
            token = self.pairing.pair(origin, str(told.get("code", "")))
            code = self.pairing.code
            self.person.told(f"Đã ghép nối với {origin}. Mã cho trình duyệt khác: {code[:4]} {code[4:]}")
            return {"token": token}
        self.pairing.need(origin, str(told.get("token", "")))
        if wish == "certificates":
            return {"certificates": [_shown(held) for held in self._in_turn(self.tokens.certificates)]}
        if wish == "sign":
            job = judging.read(told)
            value = self._in_turn(lambda: self._sign(origin, job))
            return {"job": job.uuid, "signature": base64.b64encode(value).decode("ascii")}
        raise Trouble("unreadable", UNREADABLE)

    def _sign(self, origin: str, job: judging.Job) -> bytes:
        """A job asked for again is answered from memory: a line cut on the way costs no second signature."""
        key = (job.uuid, job.digest)
        if key in self._signed:
            return self._signed[key]
        held = self.tokens.find(job.certificate)
        judging.check(job, held.der)
        if not self.person.agrees(job, held, origin):
            raise Trouble("declined", DECLINED)
        value = self.tokens.sign(held, job.digest, self.person.pin(held))
        self._signed[key] = value
        while len(self._signed) > REMEMBERED:
            self._signed.popitem(last=False)
        self.person.told(f"Đã ký: {job.document}")
        return value

    def _in_turn(self, task: Callable[[], Any]) -> Any:
        future: Future = Future()
        if self._stopping.is_set():
            raise CancelledError
        self._turns.put((task, future))
        return future.result()


def _perform(task: Callable[[], Any], future: Future) -> None:
    """The result or the trouble goes to the one who waits; an interruption goes up too, since it ends the program."""
    try:
        future.set_result(task())
    except Trouble as trouble:
        future.set_exception(trouble)
    except BaseException:
        future.set_exception(CancelledError())
        raise


def _read(message: str | bytes) -> dict[str, Any]:
    try:
        told = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _shown(held: Held) -> dict[str, str]:
    return {
        "name": held.name,
        "holder": held.holder,
        "serial": held.serial,
        "issuer": held.issuer,
        "valid_to": held.valid_to.isoformat(),
        "token": held.label,
        "der": base64.b64encode(held.der).decode("ascii"),
    }
