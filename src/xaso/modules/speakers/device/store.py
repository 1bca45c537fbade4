"""What a device remembers through a power cut, in one SQLite file for all devices of the process.

Nothing here commits by itself: the host commits once a round, before anything of that round is said to the server.
"""

import json
import sqlite3
from pathlib import Path

from xaso.modules.speakers.device.turns import Turn
from xaso.modules.speakers.protocol.messages import Item, LogRow
from xaso.modules.speakers.protocol.shapes import read_record, write_record

TABLES = """
CREATE TABLE IF NOT EXISTS memory (serial TEXT, name TEXT, value BLOB, PRIMARY KEY (serial, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS turn (
    serial TEXT, item TEXT, due_ms INTEGER, is_done INTEGER, body TEXT, PRIMARY KEY (serial, item, due_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS row (
    serial TEXT, id TEXT, number INTEGER, body TEXT, PRIMARY KEY (serial, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answer (
    serial TEXT, id TEXT, verdict TEXT, reason TEXT, exp REAL, PRIMARY KEY (serial, id)
) WITHOUT ROWID;
"""
REMEMBERS_TURNS = 8 * 86_400.0


class Store:
    """WAL and synchronous=FULL: what a commit has returned from survives the plug being pulled."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(TABLES)
        path.chmod(0o600)
        self._number = self._one("SELECT coalesce(max(number), 0) FROM row") or 0
        self._is_open = False

    def commit(self) -> None:
        if self._is_open:
            self._base.execute("COMMIT")
            self._is_open = False

    def close(self) -> None:
        self.commit()
        self._base.close()

    def memory(self, serial: str, name: str) -> bytes | None:
        return self._one("SELECT value FROM memory WHERE serial = ? AND name = ?", serial, name)

    def remember(self, serial: str, name: str, value: bytes) -> None:
        self._write("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", serial, name, value)

    def is_new(self, serial: str, turn: Turn) -> bool:
        """False when this due moment has been dealt with, by the schedule or by a command."""
        query = "SELECT 1 FROM turn WHERE serial = ? AND item = ? AND due_ms = ?"
        return self._one(query, serial, *turn.key) is None

    def keep_turn(self, serial: str, turn: Turn) -> None:
        self._write("INSERT OR REPLACE INTO turn VALUES (?, ?, ?, 0, ?)", serial, *turn.key, _turn_text(turn))

    def end_turn(self, serial: str, turn: Turn) -> None:
        self._write("INSERT OR REPLACE INTO turn VALUES (?, ?, ?, 1, '')", serial, *turn.key)

    def open_turns(self, serial: str) -> list[Turn]:
        found = self._base.execute("SELECT body FROM turn WHERE serial = ? AND NOT is_done ORDER BY due_ms", (serial,))
        return [_turn(body) for (body,) in found]

    def forget_turns(self, serial: str, before: float) -> None:
        limit = round((before - REMEMBERS_TURNS) * 1000)
        self._write("DELETE FROM turn WHERE serial = ? AND is_done AND due_ms < ?", serial, limit)
        self._write("DELETE FROM answer WHERE serial = ? AND exp < ?", serial, before - 86_400)

    def add_row(self, serial: str, row: LogRow) -> None:
        self._number += 1
        body = json.dumps(write_record(row))
        self._write("INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)", serial, row.id, self._number, body)

    def unsent(self, serial: str, limit: int) -> list[LogRow]:
        query = "SELECT body FROM row WHERE serial = ? ORDER BY number LIMIT ?"
        return [read_record(LogRow, json.loads(body), "row") for (body,) in self._base.execute(query, (serial, limit))]

    def count_unsent(self, serial: str) -> int:
        return self._one("SELECT count(*) FROM row WHERE serial = ?", serial) or 0

    def forget_rows(self, serial: str, ids: tuple[str, ...]) -> None:
        for number in ids:
            self._write("DELETE FROM row WHERE serial = ? AND id = ?", serial, number)

    def answer(self, serial: str, command: str) -> tuple[str, str] | None:
        query = "SELECT verdict, reason FROM answer WHERE serial = ? AND id = ?"
        found = self._base.execute(query, (serial, command)).fetchone()
        return (found[0], found[1]) if found else None

    def keep_answer(self, serial: str, command: str, verdict: str, reason: str, exp: float) -> None:
        self._write("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", serial, command, verdict, reason, exp)

    def _write(self, statement: str, *values: object) -> None:
        if not self._is_open:
            self._base.execute("BEGIN IMMEDIATE")
            self._is_open = True
        self._base.execute(statement, values)

    def _one(self, query: str, *values: object):  # type: ignore[no-untyped-def]
        found = self._base.execute(query, values).fetchone()
        return found[0] if found else None


def _turn_text(turn: Turn) -> str:
    parts = {name: getattr(turn, name) for name in Turn.__slots__ if name != "item"}
    return json.dumps({"item": write_record(turn.item), **parts})


def _turn(body: str) -> Turn:
    parts = json.loads(body)
    return Turn(read_record(Item, parts.pop("item"), "item"), **parts)
