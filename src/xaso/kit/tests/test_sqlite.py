"""Writers of one SQLite file take turns, across processes, and the dead hold nobody up."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import ConnectionHandler
from django.db.utils import OperationalError

# Without patience of SQLite's own: whoever does not wait in the queue is told "database is locked" at once.
WRITER = """
import sys, time
from django.conf import settings
settings.configure(USE_TZ=True, DATABASES={"default": {"ENGINE": "xaso.kit.sqlite", "NAME": sys.argv[1],
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0, "init_command": "PRAGMA journal_mode=WAL;"}}})
from django.db import connection, transaction
def bump(cursor):
    cursor.execute("SELECT value FROM book")
    value = cursor.fetchone()[0]
    cursor.execute("UPDATE book SET value = %s", [value + 1])
if sys.argv[2] == "hang":
    with transaction.atomic(), connection.cursor() as cursor:
        bump(cursor)
        print("in", flush=True)
        time.sleep(60)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    with transaction.atomic(), connection.cursor() as cursor:
        bump(cursor)
"""


def options(file, engine="xaso.kit.sqlite"):
    return {"default": {
        "ENGINE": engine, "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0, "init_command": "PRAGMA journal_mode=WAL;"},
    }}  # fmt: skip


@pytest.fixture
def file(tmp_path, django_db_blocker):
    """A database of its own, beside the one of the tests."""
    with django_db_blocker.unblock():
        yield _made(tmp_path)


def _made(tmp_path):
    place = tmp_path / "book.sqlite3"
    connection = ConnectionHandler(options(place))["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book (value integer)")
        cursor.execute("INSERT INTO book VALUES (0)")
    connection.close()
    return place


@pytest.fixture
def start(file):
    started = []

    def run(work):
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        started.append(subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), str(work)], env=surroundings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ))  # fmt: skip
        assert started[-1].stdout.readline().strip() in {"in", "ready"}
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def opened(file, engine="xaso.kit.sqlite"):
    return ConnectionHandler(options(file, engine))["default"]


def value(file):
    connection = opened(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM book")
        found = cursor.fetchone()[0]
    connection.close()
    return found


def write(connection):
    """One turn on this connection, by hand: atomic() knows only Django's own connections."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE book SET value = value + 1")
        connection.commit()
    finally:
        connection.set_autocommit(True)


@pytest.mark.long
def test_processes_that_write_at_once_take_turns(file, start):
    writers = [start(60) for _ in range(4)]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, complaints = writer.communicate(timeout=60)
        assert writer.returncode == 0, complaints
    assert value(file) == 240


def test_a_killed_writer_leaves_the_queue_and_nothing_behind(file, start):
    victim = start("hang")
    done = threading.Event()

    def wait_and_write():
        connection = opened(file)
        write(connection)
        connection.close()
        done.set()

    threading.Thread(target=wait_and_write, daemon=True).start()
    assert not done.wait(0.5), "it wrote while another was writing"
    os.kill(victim.pid, signal.SIGKILL)
    assert done.wait(10), "the dead writer still holds the queue"
    assert value(file) == 1


def test_without_the_queue_the_second_writer_is_turned_away(file, start):
    """What the queue is for; also proves that these tests can fail."""
    start("hang")
    plain = opened(file, "django.db.backends.sqlite3")
    with pytest.raises(OperationalError, match="locked"):
        write(plain)
    plain.close()


def test_readers_never_wait(file, start):
    start("hang")
    started = time.monotonic()
    assert value(file) == 0
    assert time.monotonic() - started < 0.5


def test_a_closed_connection_gives_its_turn_back(file):
    first, second = opened(file), opened(file)
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    first.close()
    write(second)
    second.close()
    assert value(file) == 1


def test_a_begin_that_fails_gives_its_turn_back(file):
    """Another program writes past the queue: our writer is refused, and the next one is not held up by it."""
    other = opened(file, "django.db.backends.sqlite3")
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    ours, next_one = opened(file), opened(file)
    with pytest.raises(OperationalError, match="locked"):
        write(ours)
    other.rollback()
    other.close()
    write(next_one)
    ours.close()
    next_one.close()
    assert value(file) == 1
