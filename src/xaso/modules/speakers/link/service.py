"""The process of the link: twenty rounds a second, until SIGTERM."""

import logging
import signal
import threading
import time

from django.db import Error, close_old_connections, connection

from xaso.core.access import SYSTEM
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.telling import tell_more
from xaso.modules.speakers.link import config
from xaso.modules.speakers.link.carrier import Broker, Carrier, Heard
from xaso.modules.speakers.link.intake import Batch
from xaso.modules.speakers.link.outgoing import Outgoing, answer_time
from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.vendor import shape

log = logging.getLogger(__name__)
ROUND, BUSY = 0.05, 0.02
"""Seconds between rounds, and while orders go out or answers come in."""
STORES_BEATS = 2.0
WATCHES = 5.0
LOOKS_ANEW = 3600.0
PAUSE_AFTER_ERROR = 1.0
AT_ONCE = 10_000


def run() -> None:
    """What `xaso up` starts when there are speakers."""
    link = Link(config.broker())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: link.stop())
    link.run()


class Link:
    def __init__(self, broker: Broker) -> None:
        listens = (*topics.everything_said(), *sorted(shape.HEARD))
        self.carrier = Carrier(broker, listens, self._urgent)
        self.outgoing = Outgoing(self.carrier)
        self.batch = Batch()
        self._stopping = threading.Event()
        self._connections = 0
        self._is_busy = self._is_telling = False
        self._next_beats = self._next_watch = self._next_look = 0.0

    def run(self) -> None:
        self.carrier.start()
        try:
            while not self._stopping.is_set():
                pause = (BUSY if self._is_busy else ROUND) if self.round() else PAUSE_AFTER_ERROR
                self._stopping.wait(pause)
        finally:
            self.carrier.stop()

    def stop(self) -> None:
        self._stopping.set()

    def round(self) -> bool:
        """One round. False when the database is away: everything heard is kept and stored in a later round."""
        try:
            self._take()
            self._send()
            self._look_after(time.monotonic())
        except Error as error:
            log.warning("speakers: the database is away: %s", type(error).__name__)
            connection.close()
            return False
        return True

    def _urgent(self, heard: Heard) -> bool:
        if answer := answer_time(heard):
            self.carrier.publish(*answer)
        return False

    def _take(self) -> None:
        # While the database is away the rest stays in the inbox, which has an end.
        room = max(0, AT_ONCE - self.batch.waiting)
        self.batch.add([self.carrier.inbox.popleft() for _ in range(min(room, len(self.carrier.inbox)))])
        self._is_busy = bool(self.batch.acks or self.batch.rows)
        kept = self.batch.store_urgent()
        self.outgoing.acknowledge(kept, self.batch.addresses)

    def _send(self) -> None:
        while self.outgoing.send_queued() or self._is_telling:
            # Stays so when the database goes away here: the next round goes on with the rest of the order.
            self._is_busy = self._is_telling = True
            self._is_telling = bool(tell_more())
        self.outgoing.send_again(self.batch.back)

    def _look_after(self, now: float) -> None:
        if now >= self._next_beats:
            self._next_beats = now + STORES_BEATS
            self._mend_programmes()
            self.batch.store_beats()
        if now >= self._next_watch:
            self._next_watch = now + WATCHES
            close_old_connections()
            watch(SYSTEM)
        if self.carrier.is_up and (self.carrier.connections != self._connections or now >= self._next_look):
            # A broker that was restarted may have forgotten what it retained.
            anew = self.carrier.connections != self._connections
            self._connections, self._next_look = self.carrier.connections, now + LOOKS_ANEW
            self.outgoing.send_programmes(_known(), anew=anew)
            self._is_telling = True  # the last link may have ended in the middle of an order

    def _mend_programmes(self) -> None:
        wrong = {serial for serial, beat, _ in self.batch.beats if self.outgoing.differs(beat, serial)}
        if wrong:
            self.outgoing.send_programmes({key: value for key, value in _known().items() if key in wrong}, anew=True)


def _known() -> dict[str, tuple[str, str]]:
    return {serial: (commune, protocol) for serial, commune, _, protocol in queries.addresses()}
