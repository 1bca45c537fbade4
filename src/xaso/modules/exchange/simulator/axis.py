"""What the simulated axis remembers: organisations, their mailboxes, states, tokens and the faults asked of it."""

from __future__ import annotations

import secrets
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from xaso.kit import clock
from xaso.modules.exchange.simulator.checking import NotTaken, checked

STATUSES = {"01", "02", "03", "04", "05", "06", "13", "15", "16"}
WRONG_SECRET, UNKNOWN_RECEIVER, UNKNOWN_SENDER, SYSTEM, PROCESSING, LOCKED = 15, 18, 19, 20, 21, 23


@dataclass
class Organisation:
    """Somebody with a mailbox and, when it has an account, the right to send."""

    code: str
    name: str
    username: str = ""
    password: str = ""
    system_id: str = ""
    secret_key: str = ""
    is_locked: bool = False


@dataclass
class Delivered:
    """One message in one mailbox."""

    doc_id: str
    sender: str
    receiver: str
    raw: bytes
    at: datetime
    document_id: str = ""
    status: str = "01"
    told: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass
class Fault:
    """`kind`: error, unauthorized, drop, lost_answer, garbage, duplicate, slow. Used up after `times`."""

    kind: str
    path: str = ""
    code: int = SYSTEM
    times: int = 1
    seconds: float = 0.0


class Axis:
    """Every method may be called from several threads."""

    def __init__(self, token_seconds: int = 1800) -> None:
        self.turn = threading.RLock()
        self.token_seconds = token_seconds
        self.organisations: dict[str, Organisation] = {}
        self.delivered: list[Delivered] = []
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.faults: list[Fault] = []
        self.calls: list[str] = []

    # Who is calling

    def add(self, given: dict[str, Any]) -> None:
        with self.turn:
            organisation = Organisation(**given)
            self.organisations[organisation.code] = organisation

    def sign_in(self, system_id: str, secret_key: str, username: str, password: str) -> str:
        with self.turn:
            organisation = self._by_system(system_id, secret_key)
            if (
                not organisation
                or not username
                or (organisation.username, organisation.password) != (username, password)
            ):
                raise NotTaken(WRONG_SECRET, "wrong account")
            token = secrets.token_urlsafe(24)
            self.tokens[token] = (organisation.code, clock.now() + timedelta(seconds=self.token_seconds))
            return token

    def caller(self, token: str, system_id: str, secret_key: str) -> Organisation | None:
        """None: the token is unknown or has run out. Raises NotTaken for a wrong id or secret."""
        with self.turn:
            code, until = self.tokens.get(token, ("", clock.now()))
            if not code or until <= clock.now():
                self.tokens.pop(token, None)
                return None
            organisation = self._by_system(system_id, secret_key)
            if organisation is None or organisation.code != code:
                raise NotTaken(WRONG_SECRET, "wrong system id or secret")
            return organisation

    def _by_system(self, system_id: str, secret_key: str) -> Organisation | None:
        for organisation in self.organisations.values():
            if organisation.system_id and (organisation.system_id, organisation.secret_key) == (system_id, secret_key):
                return organisation
        return None

    # Messages

    def send(self, by: Organisation, raw: bytes, *, twice: bool = False) -> str:
        message = checked(raw)
        with self.turn:
            if message.sender != by.code:
                raise NotTaken(UNKNOWN_SENDER, f"sender {message.sender} is not {by.code}")
            for code in message.receivers:
                if code not in self.organisations:
                    raise NotTaken(UNKNOWN_RECEIVER, f"receiver {code} unknown")
                if self.organisations[code].is_locked:
                    raise NotTaken(LOCKED, f"receiver {code} locked")
            doc_id = ""
            for _ in range(2 if twice else 1):
                doc_id = str(uuid.uuid4())
                for code in message.receivers:
                    self.put(Delivered(doc_id, by.code, code, raw, clock.now(), message.document_id))
            return doc_id

    def put(self, delivered: Delivered) -> None:
        with self.turn:
            self.delivered.append(delivered)

    def received(self, by: Organisation, since: str, until: str) -> list[dict[str, Any]]:
        with self.turn:
            return [_row(one) for one in self.delivered if one.receiver == by.code and since <= _day(one.at) <= until]

    def statuses(self, by: Organisation, since: str, until: str) -> list[dict[str, Any]]:
        """How receivers stand with what this organisation sent: one line per state ever told."""
        with self.turn:
            return [
                _row(one) | {"from": one.receiver, "to": by.code, "status": status, "updatedTime": _moment(at)}
                for one in self.delivered
                if one.sender == by.code
                for status, at in one.told
                if since <= _day(at) <= until
            ]

    def fetch(self, by: Organisation, doc_id: str) -> Delivered:
        with self.turn:
            for one in self.delivered:
                if one.doc_id == doc_id and one.receiver == by.code:
                    return one
        raise NotTaken(PROCESSING, "no such message")

    def update_status(self, by: Organisation, doc_id: str, status: str) -> None:
        with self.turn:
            one = self.fetch(by, doc_id)
            if status not in STATUSES:
                raise NotTaken(PROCESSING, f"status {status} unknown")
            one.status = status
            one.told.append((status, clock.now()))

    # Faults

    def fault(self, path: str) -> Fault | None:
        """The fault asked for this call, used up by it."""
        with self.turn:
            for fault in self.faults:
                if fault.times > 0 and path.startswith(fault.path):
                    fault.times -= 1
                    return fault
        return None


def _row(one: Delivered) -> dict[str, Any]:
    return {
        "serviceType": "eDoc",
        "messageType": "edoc",
        "docId": one.doc_id,
        "from": one.sender,
        "to": one.receiver,
        "status": one.status,
        "statusDesc": "",
        "createdTime": _moment(one.at),
        "updatedTime": _moment(one.told[-1][1] if one.told else one.at),
    }


def _day(moment: datetime) -> str:
    return f"{clock.local(moment):%Y/%m/%d}"


def _moment(moment: datetime) -> str:
    return f"{clock.local(moment):%Y/%m/%d %H:%M:%S}"
