"""A throw-away PostgreSQL cluster for the tests, from the binaries on this machine."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import psycopg

from xaso.command.ports import free_port
from xaso.command.words import Stop

USER = "xaso"
PATIENCE = 60.0
# Nothing here survives the tests, so nothing needs to survive a power cut.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB", "max_connections=100")


class Identity(TypedDict, total=False):
    """As whom a program runs; empty: as we do."""

    user: int
    group: int
    extra_groups: list[int]


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, newest version first."""
    found = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in [*packaged, *found]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


@contextmanager
def throwaway(folder: Path) -> Iterator[str]:
    """A running cluster; gives its URL. It is stopped and removed at the end, also after a failure."""
    home = Path(tempfile.mkdtemp(prefix="xaso-pg-"))
    identity = _identity()
    if identity:
        os.chown(home, identity["user"], identity["group"])
    server = None
    try:
        data = home / "data"
        _initialise(folder, data, identity)
        port = free_port()
        server = _start(folder, data, home, port, identity)
        _wait(server, port, home)
        yield f"postgres://{USER}@127.0.0.1:{port}/xaso"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _identity() -> Identity:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Stop("Đang chạy bằng root mà máy không có người dùng postgres hay nobody để chạy PostgreSQL.")


def _initialise(folder: Path, data: Path, identity: Identity) -> None:
    command: list[str | Path] = [
        folder / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    done = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, check=False, **identity)
    if done.returncode:
        raise Stop(f"Không tạo được cụm PostgreSQL tạm:\n{done.stderr.strip()}")


def _start(folder: Path, data: Path, home: Path, port: int, identity: Identity) -> subprocess.Popen[bytes]:
    chosen = [*FAST, "listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={home}"]
    command: list[str | Path] = [
        folder / "postgres",
        "-D",
        data,
        *(part for setting in chosen for part in ("-c", setting)),
    ]
    with (home / "log").open("wb") as log:
        # Its own session, so that Ctrl-C reaches the tests first and the server is stopped after them.
        return subprocess.Popen(command, cwd=home, stdout=log, stderr=log, start_new_session=True, **identity)


def _wait(server: subprocess.Popen[bytes], port: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise Stop(f"PostgreSQL tạm không khởi động được:\n{(home / 'log').read_text(errors='replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": open connections are cut
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
