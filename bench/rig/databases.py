"""Databases to measure on: a SQLite folder, or a throw-away PostgreSQL cluster that really writes to disk."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from xaso.command import postgres
from xaso.command.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DURABLE = ("shared_buffers=512MB", "max_connections=60", "max_wal_size=4GB", "checkpoint_timeout=30min")


@contextmanager
def cluster():
    """Gives a function name → URL of a new database. fsync and synchronous_commit stay on, as a commune needs them."""
    home = Path(tempfile.mkdtemp(prefix="xaso-bench-pg-"))
    identity = postgres._identity()
    if identity:
        os.chown(home, identity["user"], identity["group"])
    binaries, port, server = postgres.binaries(), free_port(), None
    try:
        postgres._initialise(binaries, home / "data", identity)
        fast, postgres.FAST = postgres.FAST, DURABLE
        server = postgres._start(binaries, home / "data", home, port, identity)
        postgres.FAST = fast
        postgres._wait(server, port, home)

        def make(name):
            command = [binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", postgres.USER, name]
            subprocess.run(command, check=True)
            return f"postgres://{postgres.USER}@127.0.0.1:{port}/{name}"

        yield make
    finally:
        if server is not None:
            postgres._stop(server)
        shutil.rmtree(home, ignore_errors=True)


def surroundings(folder, url="", *, bare=False):
    """The environment of a process that uses this folder and database."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XASO_", "DATABASE_", "DJANGO_"))}
    return kept | {
        "XASO_DATA": str(folder),
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "bench.yardstick.settings" if bare else "xaso.config.settings",
        "XASO_CONTENT": str(ROOT / "bench" / "content"),
    }


def prepare(folder, count, url="", *, bare=False, list_only=False):
    """Tables, cast and dossiers, in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = (["--bare"] if bare else []) + (["--list-only"] if list_only else [])
    command = [sys.executable, str(ROOT / "bench/rig/prepare.py"), str(folder), str(count), *flags]
    subprocess.run(command, check=True, env=surroundings(folder, url, bare=False), cwd=ROOT)
