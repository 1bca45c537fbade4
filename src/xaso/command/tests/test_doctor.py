"""The doctor names what is wrong and what to do; `verify` proves or names the damage."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from xaso.command import doctor, verify
from xaso.command.preparing import content_mark
from xaso.command.state import State
from xaso.core.access import SYSTEM
from xaso.core.audit import lock
from xaso.core.audit.actions import Draft, seal, write
from xaso.core.audit.models import Entry
from xaso.core.outbox.models import Delivery, JobRun
from xaso.core.outbox.worker import HEARTBEAT
from xaso.core.units.models import Unit
from xaso.kit import clock

pytestmark = pytest.mark.django_db


def examine(capsys):
    code = doctor.run(["--port", "45871"])
    return code, capsys.readouterr().out


@pytest.fixture(autouse=True)
def _content_is_loaded():
    """Reading all of content takes seconds; one test below does it."""
    memory = State(Path(settings.DATA_DIR))
    memory.keep(content=content_mark(memory))


@pytest.fixture
def worker_runs():
    now = clock.now()
    return JobRun.objects.create(name=HEARTBEAT, due_at=now, started_at=now, finished_at=now)


def test_all_is_well(worker_runs, capsys):
    code, told = examine(capsys)
    assert (code, "✗" in told) == (0, False)
    assert "Mọi thứ đều ổn." in told


def test_a_missing_worker_is_named(capsys):
    code, told = examine(capsys)
    assert code == 1
    assert "✗ Phần việc nền không chạy" in told
    assert "xaso up" in told


def test_a_silent_worker_is_named(worker_runs, capsys):
    JobRun.objects.update(finished_at=clock.now() - timedelta(hours=1))
    assert "✗ Phần việc nền không chạy từ" in examine(capsys)[1]


def test_stuck_deliveries_and_failed_jobs_are_named(worker_runs, capsys):
    now = clock.now()
    Delivery.objects.create(
        event="x.Y",
        handler="h",
        payload={},
        created_at=now,
        next_at=now,
        state="stuck",
        attempts=8,
        error="OSError: hỏng",
    )
    JobRun.objects.create(name="files.verify", due_at=now, error="DamagedFilesError: tệp hỏng")
    code, told = examine(capsys)
    assert code == 1
    assert "1 việc nền đã thử 8 lần" in told
    assert "xaso manage retry_stuck" in told
    assert "files.verify (DamagedFilesError: tệp hỏng)" in told


def test_unsealed_entries_are_named(worker_runs, capsys):
    entry = Draft(SYSTEM, "test.old")
    write([entry])
    lock.remove(connection)
    Entry.objects.update(at=clock.now() - timedelta(hours=1))
    lock.install(connection)
    assert "1 dòng nhật ký chưa được nối" in examine(capsys)[1]


def test_a_readable_secret_is_named(worker_runs, capsys, monkeypatch):
    monkeypatch.delenv("XASO_SECRET_KEY", raising=False)
    secret = settings.DATA_DIR / "secret-key"
    secret.chmod(0o644)
    try:
        assert f"chmod 600 {secret}" in examine(capsys)[1]
    finally:
        secret.chmod(0o600)


def test_mail_and_backups_are_looked_at(worker_runs, capsys, monkeypatch, tmp_path, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    monkeypatch.setenv("XASO_BACKUP", str(tmp_path))
    told = examine(capsys)[1]
    assert "✗ Máy chủ thư 127.0.0.1:1 không trả lời" in told
    assert "✗ Không có bản sao lưu mới" in told
    (tmp_path / "copy").touch()
    assert "✓ Bản sao lưu gần nhất" in examine(capsys)[1]


@pytest.mark.long
def test_content_that_waits_is_checked_and_not_loaded(worker_runs, capsys):
    State(Path(settings.DATA_DIR)).keep(content="")
    code, told = examine(capsys)
    assert code == 0
    assert "• Nội dung hợp lệ nhưng chưa được nạp." in told
    assert not Unit.objects.exists()


def test_verify_proves_an_untouched_chain(capsys):
    write([Draft(SYSTEM, "test.one"), Draft(SYSTEM, "test.two")])
    seal()
    assert verify.run([]) == 0
    assert "Nhật ký nguyên vẹn: 2 dòng" in capsys.readouterr().out


def test_verify_names_the_altered_row_and_the_missing_lock(capsys):
    write([Draft(SYSTEM, "test.one"), Draft(SYSTEM, "test.two")])
    seal()
    lock.remove(connection)
    assert verify.run([]) == 1
    assert "Khoá chống sửa nhật ký" in capsys.readouterr().err
    Entry.objects.filter(position=2).update(verb="test.other")
    lock.install(connection)
    assert verify.run([]) == 1
    altered = Entry.objects.get(position=2)
    assert f"Dòng nhật ký số {altered.pk} " in capsys.readouterr().err


def test_scans_that_cannot_be_read_are_a_hint_and_no_fault(worker_runs, capsys, settings):
    settings.OCR = False
    code, told = examine(capsys)
    assert code == 0
    assert "• Nhận dạng chữ trên bản quét đang tắt" in told
