"""SQLite with its writers in a queue.

SQLite lets one connection write at a time and makes the others sleep and try again, so under load some wait far too
long. Here a writing transaction first takes a lock on a file beside the database: the kernel wakes the waiters in
turn, across threads and processes, and releases the lock when a process dies.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: int | None = None
    _in_turn = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        name = str(self.settings_dict["NAME"])
        if self._queue is None and not self.is_in_memory_db():
            self._queue = os.open(f"{name}.writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return connection

    def _wait_for_turn(self) -> None:
        if self._queue is not None and not self._in_turn:
            fcntl.flock(self._queue, fcntl.LOCK_EX)
            self._in_turn = True

    def _end_turn(self) -> None:
        if self._queue is not None and self._in_turn:
            self._in_turn = False
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()
        finally:
            self._end_turn()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        super()._close()
        self._end_turn()
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
