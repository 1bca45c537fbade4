"""A power cut in the middle of an upload: a real process, really killed."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

SOURCE = Path(settings.PACKAGE).parent
CHILD = '''
import io, os, sys, time
from pathlib import Path
from xaso.core.files.stores import FolderStore, sha256_of

content = b"%PDF-" + os.urandom(3_000_000)

class Stalls(io.BytesIO):
    """Delivers two thirds, says so, and hangs."""
    def read(self, size=-1):
        if self.tell() > 2_000_000:
            print("stalled", flush=True)
            time.sleep(60)
        return super().read(size)

FolderStore(Path(sys.argv[1])).put(sha256_of(io.BytesIO(content)), Stalls(content))
print("done", flush=True)
'''


def _kill_in_the_middle(script: str, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdout.readline().strip() == "stalled"
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait(20) == -signal.SIGKILL


def test_killed_while_the_content_comes_in(store_folder, stored_contents):
    _kill_in_the_middle(CHILD, str(store_folder))
    assert stored_contents() == []
    (leftover,) = (store_folder / "incoming").iterdir()
    assert leftover.stat().st_size < 3_000_005


WITH_ROWS = """
import io, os, sys, time
import django
django.setup()
from django.conf import settings
from pathlib import Path
settings.DATA_DIR = Path(sys.argv[1])
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from xaso.core.access import SYSTEM
from xaso.core.actions import action
from xaso.core.files import actions
from xaso.core.files.tests import samples

received = actions.receive_upload(samples.sent("don.pdf", samples.pdf()))

@action("files_crash.submit", "x")
def submit(by, _, /):
    actions.attach(by, received, subject="d:1", unit_path="26.", kind="don")
    print("stalled", flush=True)
    time.sleep(60)

submit(SYSTEM, None)
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies the database file")
@pytest.mark.django_db(transaction=True)
def test_killed_between_content_and_commit(store_folder, stored_contents, tmp_path):
    """The content is whole and without a row: the sweeper's, a day later. No row is half there."""
    database = tmp_path / "crash.sqlite3"
    _copy_schema(database)
    _kill_in_the_middle(WITH_ROWS, str(tmp_path), str(database))
    assert len(stored_contents()) == 1
    with sqlite3.connect(database) as after:
        assert after.execute("select count(*) from files_storedfile").fetchone() == (0,)
        assert after.execute("select count(*) from files_blob").fetchone() == (0,)
        assert after.execute("pragma integrity_check").fetchone() == ("ok",)
    after.close()


def _copy_schema(database: Path) -> None:
    connection.ensure_connection()
    target = sqlite3.connect(database)
    connection.connection.backup(target)
    target.close()
