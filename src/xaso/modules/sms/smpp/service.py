"""The process that holds the bind: takes messages from the queue, hands them over, stores receipts, reconnects."""

from __future__ import annotations

import logging
import threading
import time
import uuid as uuids
from dataclasses import dataclass, field

from django.db import Error, close_old_connections

from xaso.core.access import SYSTEM
from xaso.modules.sms import actions, carrying, queries
from xaso.modules.sms.actions import Answer, Incoming
from xaso.modules.sms.providers import Settings
from xaso.modules.sms.rules import pacing, receipts
from xaso.modules.sms.rules.receipts import Heard
from xaso.modules.sms.smpp import wire
from xaso.modules.sms.smpp.link import WINDOW, Flight, Link, LinkLost
from xaso.modules.sms.smpp.pieces import Pieces
from xaso.modules.sms.smpp.wire import Pdu

log = logging.getLogger(__name__)
PROVIDER = "smpp"
LOOK_EVERY = 0.3
STORE_EVERY = 0.1
REPORT_EVERY = 300.0
REFUSED_WAIT = 60.0
UNSURE = "Mất kết nối khi đang gửi: tổng đài có thể đã nhận tin này. Hãy đợi báo nhận, hoặc tự quyết định gửi lại."


@dataclass(slots=True)
class Post:
    """One life of the process. Only one runs at a time for an installation: the supervisor keeps one alive."""

    given: Settings
    stopping: threading.Event = field(default_factory=threading.Event)
    mark: str = field(default_factory=lambda: uuids.uuid4().hex)
    answers: list[Answer] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    to_acknowledge: list[int] = field(default_factory=list)
    pieces: Pieces = field(default_factory=Pieces)
    unspoken: list[int] = field(default_factory=list)
    link: Link | None = None
    attempt: int = 0
    throttled: int = 0
    portion: int = pacing.FEWEST
    _held: int = 0
    _looked_at: float = 0.0
    _stored_at: float = 0.0
    _reported_at: float = 0.0

    def run(self) -> None:
        """Until told to stop. What an earlier life held is unclear from now on, before anything is sent."""
        actions.doubt(SYSTEM, None, provider=PROVIDER)
        while not self.stopping.is_set():
            try:
                self.hold()
            except LinkLost as lost:
                self.rest(lost)
            except Error:
                # The database went away: what is on the line is finished as unclear when it is back.
                log.exception("the database did not answer; trying again")
                self.drop()
                close_old_connections()
                self.stopping.wait(2)
                self.after_the_database()
        self.report("off", "Phần gửi tin đã dừng.")

    def hold(self) -> None:
        """One connection, until it breaks or we are told to stop."""
        self.link = Link(self.given, self.finished, self.arrived)
        self.link.open()
        self.report("bound", "", reconnects=1 if self.attempt else 0)
        self.attempt = 0
        while not self.stopping.is_set():
            self.round()
        self.finish()

    def round(self) -> None:
        link = self._link()
        now = time.monotonic()
        idle = link.is_idle
        if link.room and (not idle or now - self._looked_at >= LOOK_EVERY):
            idle = not self.take_more(link, now)
        link.turn(LOOK_EVERY if idle and not self.heard and not self.answers else 0.02)
        self.store()
        if now - self._reported_at > REPORT_EVERY:
            self.report("bound", "")

    def take_more(self, link: Link, now: float) -> bool:
        if link.room < WINDOW and not link.is_idle:
            return True
        if self._held == self.portion:
            self.portion = pacing.portion(self._held, now - self._looked_at)
        self._looked_at = now
        self._held = 0
        if not queries.is_something_due():
            return not link.is_idle
        self.store_answers()
        taken = actions.claim(SYSTEM, None, provider=PROVIDER, mark=self.mark, limit=self.portion)
        self._held = len(taken)
        for one in taken:
            link.submit(carrying.outgoing(one))
        return bool(taken) or not link.is_idle

    def finished(self, flight: Flight) -> None:
        self.answers.append(answer_of(flight))

    def arrived(self, pdu: Pdu) -> None:
        """A receipt waits for the next store; a message is stored at once. Neither is acknowledged before."""
        try:
            found = wire.delivered(pdu)
        except wire.Malformed as error:
            log.warning("a deliver_sm could not be read: %s", error)
            self.to_acknowledge.append(pdu.sequence)
            return
        if found.is_receipt:
            told = receipts.of_smpp(found.text, found.receipted_id, found.message_state, self.given.ids)
            if told is not None:
                self.heard.append(Heard(told.gateway_id, told.state, told.error, found.source.lstrip("+")))
            self.to_acknowledge.append(pdu.sequence)
            return
        whole = self.pieces.add(found, pdu.sequence, time.monotonic())
        if whole is not None:
            self.keep(*whole)

    def keep(self, message: Incoming, sequences: list[int]) -> None:
        actions.take_in(SYSTEM, None, message=message)
        self.to_acknowledge.extend(sequences)

    def store(self) -> None:
        """What came is stored first and acknowledged afterwards: what we did not keep, the gateway brings again."""
        now = time.monotonic()
        for message, sequences in self.pieces.overdue(now):
            self.keep(message, sequences)
        if self._link().is_idle:
            self.store_answers()
        if now - self._stored_at < STORE_EVERY and len(self.heard) < 500:
            return
        self._stored_at = now
        if len(self.answers) >= pacing.MOST or self.heard:
            self.store_answers()
        if self.heard:
            actions.take_receipts(SYSTEM, None, provider=PROVIDER, heard=self.heard)
            self.heard = []
        while self.to_acknowledge:
            self._link().acknowledge(self.to_acknowledge.pop(0))

    def store_answers(self) -> None:
        if self.answers:
            actions.record_answers(SYSTEM, None, mark=self.mark, answers=self.answers)
            self.answers = []

    def finish(self) -> None:
        """Told to stop: nothing new is written; what is on the line gets a few seconds for its answer."""
        link = self._link()
        self.give_back(link.withhold())
        until = time.monotonic() + 5
        while not link.is_idle and time.monotonic() < until:
            link.turn(0.05)
        self._stored_at = 0.0
        self.store()
        link.close(politely=True)
        self.drop()
        self.after_the_database()

    def rest(self, lost: LinkLost) -> None:
        """The line is gone: say so, sort out what was on it, wait longer each time."""
        self.drop()
        self.after_the_database()
        self.report("down", str(lost))
        self.attempt += 1
        self.stopping.wait(pacing.back_off(16, most=REFUSED_WAIT) if lost.final else pacing.back_off(self.attempt))

    def drop(self) -> None:
        """Messages that were spoken of become unclear; the others go back into the queue, both at the next store."""
        if self.link is None:
            return
        throttled, self.link.throttled = self.link.throttled, 0
        for flight in self.link.abandon():
            if flight.was_spoken_of:
                ids = tuple(ref for _, ref in sorted(flight.ids.items()))
                self.answers.append(Answer(flight.message.key, ids, error=UNSURE, unsure=True))
            else:
                self.unspoken.append(flight.message.key)
        self.to_acknowledge.clear()
        self.link.close()
        self.link = None
        self.throttled += throttled

    def after_the_database(self) -> None:
        try:
            self.store_answers()
            if self.heard:
                actions.take_receipts(SYSTEM, None, provider=PROVIDER, heard=self.heard)
                self.heard = []
            if self.unspoken:
                actions.give_back(SYSTEM, None, mark=self.mark, keys=self.unspoken)
                self.unspoken = []
        except Error:
            log.exception("the database is still away")
            close_old_connections()

    def give_back(self, flights: list[Flight]) -> None:
        if flights:
            actions.give_back(SYSTEM, None, mark=self.mark, keys=[one.message.key for one in flights])

    def report(self, state: str, said: str, reconnects: int = 0) -> None:
        self._reported_at = time.monotonic()
        throttled = self.throttled + (self.link.throttled if self.link else 0)
        self.throttled = 0
        if self.link:
            self.link.throttled = 0
        actions.report_gateway(
            SYSTEM, None, provider=PROVIDER, state=state, said=said, throttled=throttled, reconnects=reconnects
        )

    def _link(self) -> Link:
        if self.link is None:
            raise LinkLost("Chưa nối tổng đài SMPP.")
        return self.link


def answer_of(flight: Flight) -> Answer:
    """What the gateway's statuses mean for the message."""
    key = flight.message.key
    if flight.status is None:
        return Answer(key, tuple(receipts.normal_id(flight.ids[number]) for number in sorted(flight.ids)))
    said = wire.SAYS.get(flight.status) or wire.LATER.get(flight.status, "không rõ lý do")
    error = f"Tổng đài từ chối tin: {said} (0x{flight.status:02X})."
    if flight.ids:
        # Part of it was taken: sending the whole again would tell the resident half of it twice.
        return Answer(key, error=error)
    return Answer(
        key,
        error=error,
        again=60.0 if flight.status in wire.LATER else None,
        bad_number=flight.status in wire.BAD_NUMBER,
    )
