"""One bound connection: a window of submissions that wait for their answers, and what arrives meanwhile."""

from __future__ import annotations

import random
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from xaso.modules.sms.providers import Outgoing, Settings
from xaso.modules.sms.rules.pacing import back_off
from xaso.modules.sms.smpp import wire
from xaso.modules.sms.smpp.wire import Pdu

WINDOW = 10
ENQUIRE_EVERY = 30.0
ANSWER_WITHIN = 20.0
CONNECT_WITHIN = 10.0
PORT = 2775


class LinkLost(Exception):
    """The connection is gone or cannot be had. The message is a Vietnamese sentence; `final`: a person must mend it."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(slots=True)
class Flight:
    """A message on its way: bodies not yet written, parts written, ids answered."""

    message: Outgoing
    bodies: list[bytes]
    ids: dict[int, str] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    status: int | None = None

    @property
    def is_done(self) -> bool:
        return self.status is not None or len(self.ids) == len(self.bodies)

    @property
    def was_spoken_of(self) -> bool:
        """Whether the gateway may have it, in part or whole."""
        return bool(self.written)


@dataclass(slots=True)
class Link:
    """`news` gets every deliver_sm; it is acknowledged by `acknowledge`, after whoever took it has stored it."""

    given: Settings
    done: Callable[[Flight], None]
    news: Callable[[Pdu], None]
    clock: Callable[[], float] = time.monotonic
    spread: random.Random = field(default_factory=random.Random)
    throttled: int = 0
    _socket: socket.socket | None = None
    _buffer: bytearray = field(default_factory=bytearray)
    _sequence: int = 0
    _open: dict[int, tuple[Flight, int, float]] = field(default_factory=dict)
    _waiting: deque[tuple[Flight, int]] = field(default_factory=deque)
    _flights: dict[int, Flight] = field(default_factory=dict)
    _pause_until: float = 0.0
    _slowed: int = 0
    _heard_at: float = 0.0
    _enquired_at: float = 0.0

    # Connection

    def open(self) -> None:
        """Connect and bind. Raises LinkLost."""
        place = urlsplit(self.given.url if "://" in self.given.url else f"smpp://{self.given.url}")
        if not place.hostname:
            raise LinkLost("Địa chỉ tổng đài SMPP (XASO_SMS_URL) viết sai; ví dụ smpp://10.0.0.5:2775.", final=True)
        try:
            made = socket.create_connection((place.hostname, place.port or PORT), CONNECT_WITHIN)
            if place.scheme == "smpps":
                made = ssl.create_default_context().wrap_socket(made, server_hostname=place.hostname)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise LinkLost(f"Không nối được tổng đài SMPP: {error.strerror or type(error).__name__}.") from error
        self._socket = made
        self._heard_at = self._enquired_at = self.clock()
        self._bind()

    def _bind(self) -> None:
        sequence = self._next()
        self._write(wire.bind(self.given.user, self.given.password, self.given.param("system_type"), sequence))
        until = self.clock() + CONNECT_WITHIN
        while self.clock() < until:
            for pdu in self._read(0.2):
                if pdu.command != wire.BIND_RESP:
                    continue
                if pdu.status == wire.OK:
                    return
                said = wire.SAYS.get(pdu.status, "không rõ lý do")
                raise LinkLost(f"Tổng đài SMPP từ chối kết nối: {said} (0x{pdu.status:02X}).", final=True)
        raise LinkLost("Tổng đài SMPP không trả lời lời mở kết nối.")

    def close(self, *, politely: bool = False) -> None:
        if self._socket is None:
            return
        if politely:
            try:
                self._write(wire.pack(wire.UNBIND, self._next()))
            except LinkLost:
                politely = False
        self._socket.close()
        self._socket = None

    # Sending

    @property
    def room(self) -> int:
        """How many more messages can be taken on without any of them waiting long."""
        return max(0, 2 * WINDOW - len(self._flights))

    @property
    def is_idle(self) -> bool:
        return not self._flights

    def submit(self, message: Outgoing) -> None:
        payload = self.given.long == "payload"
        bodies = wire.submit_bodies(
            self.given.sender, message.phone, message.text, ref=message.key, seconds=message.seconds, payload=payload
        )
        flight = Flight(message, bodies)
        self._flights[message.key] = flight
        self._waiting.extend((flight, number) for number in range(len(bodies)))

    def abandon(self) -> list[Flight]:
        """What was not finished when the connection went; the caller decides what it means."""
        left = list(self._flights.values())
        self._flights.clear()
        self._waiting.clear()
        self._open.clear()
        self._buffer.clear()
        return left

    def withhold(self) -> list[Flight]:
        """Messages of which nothing was written yet: taken back from the line, so that we can stop."""
        unspoken = [flight for flight in self._flights.values() if not flight.was_spoken_of]
        for flight in unspoken:
            del self._flights[flight.message.key]
        self._waiting = deque(one for one in self._waiting if one[0].was_spoken_of)
        return unspoken

    # Work

    def turn(self, wait: float) -> None:
        """Fill the window, read what is there, keep the line alive. Raises LinkLost."""
        now = self.clock()
        self._fill(now)
        for pdu in self._read(wait):
            self._take(pdu)
        self._watch(self.clock())

    def acknowledge(self, sequence: int) -> None:
        self._write(wire.pack(wire.DELIVER_RESP, sequence, b"\0"))

    def _fill(self, now: float) -> None:
        if now < self._pause_until:
            return
        lines = []
        while self._waiting and len(self._open) < WINDOW:
            flight, number = self._waiting.popleft()
            if flight.status is not None:
                continue
            sequence = self._next()
            self._open[sequence] = (flight, number, now)
            flight.written.add(number)
            lines.append(wire.pack(wire.SUBMIT, sequence, flight.bodies[number]))
        if lines:
            self._write(b"".join(lines))

    def _take(self, pdu: Pdu) -> None:
        if pdu.command in (wire.SUBMIT_RESP, wire.NACK):
            self._answered(pdu)
        elif pdu.command == wire.DELIVER:
            self.news(pdu)
        elif pdu.command == wire.ENQUIRE:
            self._write(wire.pack(wire.ENQUIRE_RESP, pdu.sequence))
        elif pdu.command == wire.UNBIND:
            self._write(wire.pack(wire.UNBIND_RESP, pdu.sequence))
            raise LinkLost("Tổng đài SMPP đóng kết nối.")

    def _answered(self, pdu: Pdu) -> None:
        known = self._open.pop(pdu.sequence, None)
        if known is None:
            return
        flight, number, _ = known
        if pdu.status in (wire.THROTTLED, wire.QUEUE_FULL):
            # The gateway took nothing: this part goes first when the line is quiet again.
            self.throttled += 1
            self._slowed += 1
            self._pause_until = self.clock() + back_off(self._slowed, self.spread, most=30.0)
            flight.written.discard(number)
            self._waiting.appendleft((flight, number))
            return
        self._slowed = 0
        if pdu.status == wire.OK and (ref := wire.message_id(pdu.body)):
            flight.ids[number] = ref
        else:
            flight.status = pdu.status or wire.OK
        if flight.is_done and flight.message.key in self._flights:
            del self._flights[flight.message.key]
            self.done(flight)

    def _watch(self, now: float) -> None:
        oldest = min((at for _, _, at in self._open.values()), default=now)
        if now - oldest > ANSWER_WITHIN:
            raise LinkLost("Tổng đài SMPP không trả lời tin đã gửi trong 20 giây.")
        if now - self._heard_at > ENQUIRE_EVERY + ANSWER_WITHIN:
            raise LinkLost("Tổng đài SMPP im lặng, không trả lời lời hỏi thăm.")
        if now - max(self._heard_at, self._enquired_at) > ENQUIRE_EVERY:
            self._enquired_at = now
            self._write(wire.pack(wire.ENQUIRE, self._next()))

    # Bytes

    def _next(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def _write(self, data: bytes) -> None:
        if self._socket is None:
            raise LinkLost("Chưa nối tổng đài SMPP.")
        try:
            self._socket.settimeout(ANSWER_WITHIN)
            self._socket.sendall(data)
        except OSError as error:
            raise LinkLost(f"Mất kết nối tổng đài SMPP: {error.strerror or type(error).__name__}.") from error

    def _read(self, wait: float) -> list[Pdu]:
        if self._socket is None:
            raise LinkLost("Chưa nối tổng đài SMPP.")
        try:
            self._socket.settimeout(max(wait, 0.0001))
            data = self._socket.recv(wire.LARGEST)
            _answer_quickly(self._socket)
        except TimeoutError:
            return []
        except OSError as error:
            raise LinkLost(f"Mất kết nối tổng đài SMPP: {error.strerror or type(error).__name__}.") from error
        if not data:
            raise LinkLost("Tổng đài SMPP đã ngắt kết nối.")
        self._heard_at = self.clock()
        self._buffer += data
        try:
            return list(wire.pdus(self._buffer))
        except wire.Malformed as error:
            raise LinkLost("Tổng đài SMPP gửi dữ liệu không đúng chuẩn.") from error


def _answer_quickly(line: socket.socket) -> None:
    """A gateway that waits for our acknowledgement before it writes the next answer must not wait its 40 ms.

    Linux forgets the wish after a while, so it is said each time; elsewhere there is no such wish.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
