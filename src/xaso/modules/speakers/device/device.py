"""One loudspeaker: what it hears, what it plays, what it says. Its host drives it and carries its messages."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from xaso.modules.speakers.device.clock import Clock, ServerClock
from xaso.modules.speakers.device.player import Ended, Output, Player
from xaso.modules.speakers.device.relay import Relay
from xaso.modules.speakers.device.shelf import OwnShelf
from xaso.modules.speakers.device.store import Store
from xaso.modules.speakers.device.telemetry import Telemetry
from xaso.modules.speakers.device.turns import Turn, due_turns, next_due
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.codec import Message, decode, encode
from xaso.modules.speakers.protocol.ids import row_id
from xaso.modules.speakers.protocol.shapes import Malformed

BEAT = 60.0
ROWS_A_TIME = 50
SENDS_AGAIN = 15.0
ASKS_TIME = 900.0
ASKS_AGAIN = 5.0
FETCHES_AGAIN = 30.0
WAITS_FOR_TIME = 10.0
NEW_ITEM_LOOKS_BACK = 120.0


class Device:
    """Everything it has to say lands in `outbox` (channel, message); the host sends it after a commit."""

    def __init__(
        self, auth: tuple[str, str], store: Store, clock: Clock, telemetry: Telemetry, told: Callable[[str], None]
    ) -> None:
        self.serial, self.auth = auth[0], auth
        self.outbox: list[tuple[str, Message]] = []
        self.is_connected = False
        self._store, self._clock, self._telemetry, self._told = store, clock, telemetry, told
        self._cursor = _float(store.memory(self.serial, "looked_until"))
        self.time = ServerClock(clock, self._known_error())
        self.programme = self._remembered_programme()
        self._relay: Relay | None = None
        self._held: list[m.Command] = []
        self._born = clock.steady()
        self._next_due = 0.0
        self._next_beat = clock.steady() + zlib.crc32(self.serial.encode()) % 600 / 10
        self._next_ask = self._next_send = 0.0
        self._next_tidy = 0.0
        self._next_fetch = 0.0

    def equip(self, output: Output, shelf: OwnShelf, relay: Relay | None = None) -> None:
        """Give it something to play with, and let it go on where the power left it."""
        self._shelf, self._relay = shelf, relay
        self.player = Player(output, shelf, self)
        self.player.restore(self._store.open_turns(self.serial))

    # What the network says

    def connected(self) -> None:
        self.is_connected = True
        self.outbox.append(("lwt", m.Presence(online=True, at=self._moment())))
        self._next_ask = self._next_beat = self._next_send = 0.0

    def disconnected(self) -> None:
        self.is_connected = False

    def hear(self, channel: str, payload: bytes) -> None:
        try:
            message = decode(channel, payload)
        except Malformed as error:
            self._told(f"bỏ một tin không đọc được: {error}")
            return
        if isinstance(message, m.ServerTime):
            self._learn(message)
        elif isinstance(message, m.Programme):
            self._adopt(message, payload)
        elif isinstance(message, m.Kept):
            self._store.forget_rows(self.serial, message.rows)
            self._next_send = 0.0
        elif isinstance(message, m.Command):
            self._held.append(message)

    def tick(self) -> float:
        """Do what is due. Returns how many seconds may pass until the next time."""
        steady, now = self._clock.steady(), self.time.now()
        knows_time = self.time.is_known or steady - self._born >= WAITS_FOR_TIME
        if self.time.is_known:
            # An order says until when it holds: without the server's time it might be refused for the clock's fault.
            self._obey_all()
        if knows_time:
            self._look(now)
            self.player.step(now)
        if self._relay is not None:
            self._relay.follow(is_playing=self.player.current is not None, steady=steady)
        self._speak(steady)
        if steady >= self._next_fetch:
            self._next_fetch = steady + FETCHES_AGAIN
            self._fetch_all()
        if steady >= self._next_tidy:
            self._next_tidy = steady + 3600
            self._store.forget_turns(self.serial, now)
        return self._pause(steady, now, knows_time)

    def silence(self) -> None:
        self.player.silence()

    def needed_files(self) -> set[str]:
        """What this device still has a use for; expired items have none."""
        turns = [*self.player.waiting, *([self.player.current] if self.player.current else [])]
        items = [*self._items(), *(turn.item for turn in turns)]
        return {item.sound.sha256 for item in items if item.sound}

    # What the player writes down

    def keep(self, turn: Turn) -> None:
        self._store.keep_turn(self.serial, turn)

    def end(self, turn: Turn) -> None:
        self._store.end_turn(self.serial, turn)

    def row(self, turn: Turn, ended: Ended) -> None:
        started = None if turn.began_at is None else _moment(turn.began_at)
        self._store.add_row(
            self.serial,
            m.LogRow(
                id=row_id(self.serial, turn.item.id, turn.due_ms, turn.sequence),
                item=turn.item.id,
                version=turn.item.version,
                due_at=_moment(turn.due),
                sequence=turn.sequence,
                started_at=started,
                ended_at=_moment(ended.at) if started else None,
                seconds=round(max(0.0, ended.seconds), 2),
                result=ended.result,
                by=ended.by,
                reason=ended.reason,
                volume=turn.volume,
                rms=ended.rms,
                command=turn.command,
            ),
        )
        self._next_send = 0.0

    def changed(self) -> None:
        self._next_beat = 0.0

    # Inside

    def _known_error(self) -> float | None:
        """The error measured in an earlier life. Time never lies before what was already looked at: a dead battery
        makes a clock start in 1970."""
        kept = self._store.memory(self.serial, "clock_error")
        if kept is None:
            return None
        error = _float(kept)
        return min(error, self._clock.wall() - self._cursor)

    def _remembered_programme(self) -> m.Programme:
        kept = self._store.memory(self.serial, "programme")
        found = decode("cfg", kept) if kept else m.Programme("none")
        return found if isinstance(found, m.Programme) else m.Programme("none")

    def _moment(self) -> datetime:
        return _moment(self.time.now())

    def _learn(self, answer: m.ServerTime) -> None:
        self.time.learn(answer.asked_at.timestamp(), answer.server_at.timestamp())
        if not self.time.is_known:
            return
        self._next_ask = self._clock.steady() + ASKS_TIME
        now = self.time.now()
        # What was looked at ahead of time is known to the store; it will not play twice.
        self._look_from(min(self._cursor, now) if self._cursor else now)
        self._next_due = 0.0
        self._store.remember(self.serial, "clock_error", repr(self.time.error).encode())

    def _adopt(self, programme: m.Programme, payload: bytes) -> None:
        if programme.version == self.programme.version:
            return
        old = {item.id: item for item in self._items()}
        self.programme = programme
        self._store.remember(self.serial, "programme", payload)
        now = self.time.now()
        kept = {item.id for item in programme.items}
        for turn in [*self.player.waiting, *([self.player.current] if self.player.current else [])]:
            if turn.item.id in old and turn.item.id not in kept:
                self.player.stop(turn.item.id, "Lịch đã bị xoá.", now)
        for item in programme.items:
            if item.id not in old and not item.slots and self._cursor:
                self._offer(due_turns(item, now - NEW_ITEM_LOOKS_BACK, self._cursor))
        self._next_due = 0.0
        self.changed()
        self._next_fetch = 0.0

    def _items(self) -> list[m.Item]:
        now = self._moment()
        return [item for item in self.programme.items if item.expires_at is None or item.expires_at > now]

    def _fetch_all(self) -> None:
        for item in self._items():
            self._shelf.want(item)

    def _offer(self, turns) -> None:  # type: ignore[no-untyped-def]
        for turn in turns:
            if self._store.is_new(self.serial, turn):
                self.player.offer(turn)

    def _look(self, now: float) -> None:
        """Find what has become due since the last look."""
        if not self._cursor:
            self._look_from(now)
        if now < self._next_due or now <= self._cursor:
            return
        items = self._items()
        for item in items:
            self._offer(due_turns(item, self._cursor, now))
        self._look_from(now)
        moments = [due for item in items if (due := next_due(item, now)) is not None]
        self._next_due = min([*moments, now + 3600])

    def _look_from(self, moment: float) -> None:
        self._cursor = moment
        self._store.remember(self.serial, "looked_until", repr(moment).encode())

    def _obey_all(self) -> None:
        while self._held:
            command = self._held.pop(0)
            known = self._store.answer(self.serial, command.id)
            verdict, reason = known or self._obey(command)
            if known is None:
                self._store.keep_answer(self.serial, command.id, verdict, reason, command.exp.timestamp())
            self.outbox.append(("state", m.Ack(command.id, verdict, self._moment(), reason)))

    def _obey(self, command: m.Command) -> tuple[str, str]:
        now = self.time.now()
        if command.exp.timestamp() < now:
            return m.EXPIRED, "Lệnh đến loa khi đã quá hạn."
        if command.kind == m.PLAY and command.item is not None:
            return self._play(command, command.item)
        if command.kind == m.STOP:
            self.player.stop(command.item_id, command.reason, now)
        elif command.kind == m.VOLUME and command.volume is not None:
            self.player.set_volume(command.volume)
        self.changed()
        return m.ACCEPTED, ""

    def _play(self, command: m.Command, item: m.Item) -> tuple[str, str]:
        due = (item.starts_at or command.sent_at).timestamp()
        if item.until is not None and item.until.timestamp() <= self.time.now():
            return m.EXPIRED, "Nội dung đã hết thời hạn phát."
        turn = Turn(item, due, item.volume, command.id, waits_since=max(due, self.time.now()))
        self._offer([turn])
        return m.ACCEPTED, ""

    def _speak(self, steady: float) -> None:
        if not self.is_connected:
            return
        if steady >= self._next_beat:
            self._next_beat = steady + (BEAT if self.time.is_known else ASKS_AGAIN)
            self._beat(steady)
        if steady >= self._next_send:
            rows = self._store.unsent(self.serial, ROWS_A_TIME)
            self._next_send = steady + SENDS_AGAIN
            if rows:
                self.outbox.append(("log", m.Log(tuple(rows))))

    def _beat(self, steady: float) -> None:
        asks = steady >= self._next_ask
        current = self.player.current
        beat = m.Beat(
            # A question carries the wall clock: the answer is laid against it.
            at=_moment(self._clock.wall()) if asks else self._moment(),
            uptime=round(steady - self._born),
            programme=self.programme.version,
            relay=self._relay.is_on if self._relay else None,
            volume=current.volume if current else self.programme.volume,
            playing=current.item.id if current else "",
            offset=round(current.offset, 1) if current else 0.0,
            clock_offset=round(self.time.error, 3) if self.time.is_known else None,
            unsent=self._store.count_unsent(self.serial),
            asks_time=asks,
            **self._telemetry.now(),
        )
        self.outbox.append(("state", beat))

    def _pause(self, steady: float, now: float, knows_time: bool) -> float:
        pauses = [FETCHES_AGAIN]
        if not knows_time:
            pauses.append(0.2)
        else:
            pauses += [self.player.next_at(now) - now, self._next_due - now]
        if self.is_connected:
            pauses += [self._next_beat - steady, self._next_send - steady]
        if self._relay is not None and self._relay.is_on:
            pauses.append(1.0)
        return max(0.02, min(pauses))


def will() -> bytes:
    """What the broker says for a device that is gone without a word."""
    return encode(m.Presence(online=False, why="lost"))


def goodbye() -> bytes:
    """What a device says that is switched off properly: the broker keeps its last will to itself then."""
    return encode(m.Presence(online=False, why="left"))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds, 3), UTC)


def _float(kept: bytes | None) -> float:
    return float(kept) if kept else 0.0
