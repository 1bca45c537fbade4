"""Everything between an empty folder and a program that can serve. Each stage is skipped when nothing changed."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.utils import OperationalError

from xaso.command import tables
from xaso.command.state import PACKAGE, State, files_under, stamp
from xaso.command.words import Stop, say, stage

DEMO = "xaso.demo"
# Two machines that start at once on one PostgreSQL migrate in turn; the number only has to be ours.
TURN = 7_409_251


def prepare(state: State, *, demo: bool) -> None:
    """Tables, content, demonstration data, static files."""
    check_database()
    with _in_turn():
        _tables(state)
        _content(state)
        if demo:
            _demo(state)
    collect_static(state)


def check_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        where = "DATABASE_URL" if connection.vendor == "postgresql" else settings.DATABASES["default"]["NAME"]
        raise Stop(
            f"Không mở được cơ sở dữ liệu ({where}): {str(error).strip()}\n  Gõ “xaso doctor” để xem phải làm gì."
        ) from error


@contextmanager
def _in_turn() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


def require_tables() -> None:
    """For a part that runs alone: it does not change tables, `up` or `manage migrate` does."""
    check_database()
    if missing := tables.unapplied():
        raise Stop(f"Cơ sở dữ liệu chưa được cập nhật ({len(missing)} bước). Chạy “xaso manage migrate” trước.")


def _tables(state: State) -> None:
    migrations = [file for file in PACKAGE.glob("**/migrations/*.py") if "tests" not in file.parts]
    mark = stamp(migrations, os.environ.get("DATABASE_URL", ""), _version())
    if not tables.exist():
        # A fresh database, or one thrown away since: whatever was loaded into the old one is gone.
        state.keep(tables=None, content=None, demo_loaded=None)
    if state.get("tables") == mark:
        return
    with stage("Tạo và cập nhật bảng dữ liệu"):
        tables.bring_up_to_date()
    state.keep(tables=mark)


def content_mark(state: State) -> str:
    """What the loaded content was read from."""
    return stamp(files_under(*settings.CONTENT_DIRS), state.get("tables") or "", str(settings.DEMO))


def _content(state: State) -> None:
    mark = content_mark(state)
    if state.get("content") == mark:
        return
    with stage("Nạp nội dung: thủ tục, mẫu giấy, lịch làm việc, đơn vị"):
        try:
            call_command("load_content", verbosity=0, stdout=StringIO())
        except CommandError as error:
            raise Stop(f"Nội dung trong content/ có chỗ sai:\n{error}") from error
    state.keep(content=mark)


def demo_part() -> Any | None:
    """`xaso.demo`: `load_demo(*, dossiers=None)`, and `sign_ins()` that gives lines to print. None when not shipped."""
    return importlib.import_module(DEMO) if find_spec(DEMO) else None


def _demo(state: State) -> None:
    part = demo_part()
    if part is None:
        say("  – Chưa có dữ liệu minh hoạ; bỏ qua.")
        return
    # Once per database: people play with it, and an upgrade must not put things back.
    mark = stamp([], os.environ.get("DATABASE_URL", ""), _version())
    if state.get("demo_loaded") == mark:
        return
    with stage("Nạp tỉnh minh hoạ"):
        part.load_demo()
    state.keep(demo_loaded=mark)


def collect_static(state: State) -> None:
    """Copy, hash and compress what browsers load, so that serving costs nothing."""
    mark = stamp(files_under(*PACKAGE.glob("**/static")), _version())
    if state.get("static") == mark and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    with stage("Chuẩn bị giao diện"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    state.keep(static=mark)


def _version() -> str:
    return f"{settings.STATIC_ROOT}|{settings.DATABASES['default']['NAME']}"
