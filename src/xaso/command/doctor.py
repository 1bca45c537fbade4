"""`xaso doctor`: what is wrong, in words a person who is no technician understands, and what to do about it."""

import os
import platform
import shutil
import smtplib
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from xaso.command import options, tables, webserver
from xaso.command.preparing import content_mark
from xaso.command.state import State
from xaso.command.words import decimal, say
from xaso.core.audit import lock
from xaso.core.audit.models import Entry
from xaso.core.content.actions import load_content
from xaso.core.outbox import worker
from xaso.core.outbox.models import Delivery, JobRun
from xaso.core.search.reading import why_no_ocr
from xaso.kit import clock

GIGA = 1024**3
TIGHT, FULL = 5 * GIGA, GIGA
UNSEALED_FOR = timedelta(minutes=5)
BACKUP_AGE = timedelta(days=2)
OLDEST_PYTHON = (3, 11)
RELEASED = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `advice` says what to do; a hint is advice about something that is not wrong."""

    text: str
    wrong: bool = False
    advice: str = ""


def good(text: str) -> Finding:
    return Finding(text)


def hint(text: str, advice: str) -> Finding:
    return Finding(text, advice=advice)


def bad(text: str, advice: str) -> Finding:
    return Finding(text, wrong=True, advice=advice)


def run(arguments: list[str]) -> int:
    chosen = options.serving("doctor", arguments)
    findings = list(_examine(chosen.port))
    for finding in findings:
        mark = "✗" if finding.wrong else "✓" if not finding.advice else "•"
        say(f"{mark} {finding.text}")
        if finding.advice:
            say(f"    → {finding.advice}")
    wrong = sum(finding.wrong for finding in findings)
    say("\nMọi thứ đều ổn." if not wrong else f"\nCó {wrong} chỗ cần sửa (dòng có dấu ✗).")
    return 1 if wrong else 0


def _examine(port: int) -> Iterator[Finding]:
    yield _python()
    yield _disk()
    yield _secret()
    yield _clock()
    answer = _database()
    yield answer
    if not answer.wrong:
        for check in DATABASE_CHECKS:
            yield _safely(check)
    yield _port(port)
    yield _smtp()
    yield _ocr()
    yield _backup()


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0]
        return bad(f"Không đọc được bảng dữ liệu ({first}).", "Chạy “xaso up” để tạo và cập nhật bảng, rồi khám lại.")


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return bad(f"Python {version} quá cũ.", "Cài Python 3.11 trở lên.")
    return good(f"Python {version}.")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = f"Ổ đĩa chứa dữ liệu ở {settings.DATA_DIR} còn trống {decimal(free / GIGA)} GB."
    if free < FULL:
        return bad(text, "Sắp đầy: dọn bớt tệp không dùng hoặc chuyển dữ liệu sang ổ lớn hơn ngay.")
    return hint(text, "Nên dọn bớt hoặc thêm ổ đĩa trong tuần này.") if free < TIGHT else good(text)


def _secret() -> Finding:
    file = Path(settings.DATA_DIR) / "secret-key"
    if os.environ.get("XASO_SECRET_KEY"):
        return good("Khoá bí mật lấy từ XASO_SECRET_KEY.")
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return bad(f"Người khác trên máy đọc được khoá bí mật {file}.", f"Chạy: chmod 600 {file}")
    return good("Khoá bí mật chỉ chủ của nó đọc được.")


def _clock() -> Finding:
    now = clock.machine_now()
    local = f"{clock.local(now):%H:%M ngày %d/%m/%Y}"
    if now < RELEASED:
        return bad(f"Đồng hồ máy sai: {local}.", "Chỉnh giờ máy, hoặc bật tự chỉnh giờ: sudo timedatectl set-ntp true")
    return good(f"Đồng hồ máy: {local} (giờ Việt Nam).")


def _database() -> Finding:
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    started = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        advice = (
            "Kiểm tra máy chủ PostgreSQL có chạy không, và DATABASE_URL có đúng địa chỉ, tên, mật khẩu không."
            if kind == "PostgreSQL"
            else f"Kiểm tra quyền ghi vào thư mục {settings.DATA_DIR}; nếu tệp hỏng, lấy lại bản sao lưu."
        )
        return bad(f"Cơ sở dữ liệu {kind} không trả lời: {str(error).strip()}", advice)
    return good(f"Cơ sở dữ liệu {kind} trả lời sau {(time.monotonic() - started) * 1000:.0f} ms.")


def _migrations() -> Finding:
    if missing := tables.unapplied():
        return bad(
            f"Bảng dữ liệu chưa được cập nhật ({len(missing)} bước).", "Chạy “xaso up”, hoặc “xaso manage migrate”."
        )
    return good("Bảng dữ liệu đúng phiên bản của chương trình.")


def _worker() -> Finding:
    if worker.is_alive():
        return good("Phần việc nền đang chạy.")
    seen = worker.last_sign_of_life()
    when = f"từ {clock.local(seen.finished_at):%H:%M ngày %d/%m/%Y}" if seen and seen.finished_at else "lần nào"
    text = f"Phần việc nền không chạy {when}: tin nhắn và nhắc hạn không được gửi."
    return bad(text, "Chạy “xaso up” (hoặc “xaso worker” trên máy dành cho việc nền). Vừa bật thì chờ nửa phút.")


def _stuck() -> Finding:
    stuck = Delivery.objects.filter(state="stuck")
    count = stuck.count()
    if not count:
        return good("Không có việc nền nào bị kẹt.")
    first = stuck.order_by("id").first()
    reason = first.error.splitlines()[0] if first and first.error else ""
    return bad(
        f"{count} việc nền đã thử {first.attempts if first else 0} lần không được. Việc đầu tiên: {first} ({reason}).",
        "Sửa nguyên nhân, rồi chạy: xaso manage retry_stuck",
    )


def _jobs() -> Finding:
    failed = list(JobRun.objects.exclude(error="").order_by("name"))
    if not failed:
        return good("Các việc theo giờ đều chạy được.")
    lines = "; ".join(f"{run.name} ({run.error.splitlines()[0]})" for run in failed)
    return bad(
        f"Việc theo giờ bị lỗi ở lần chạy gần nhất: {lines}", "Xem nguyên nhân ở trên; việc sẽ tự chạy lại đúng giờ."
    )


def _sealing() -> Finding:
    if not lock.is_installed(connection):
        return bad("Khoá chống sửa nhật ký đã bị gỡ.", "Chạy “xaso verify” để xem cách đặt lại.")
    late = Entry.objects.filter(position=None, at__lt=clock.now() - UNSEALED_FOR).count()
    if late:
        return bad(
            f"{late} dòng nhật ký chưa được nối vào chuỗi.", "Bật phần việc nền (xaso up); nó nối trong vài giây."
        )
    return good("Nhật ký được nối chuỗi đầy đủ.")


def _content() -> Finding:
    missing = [str(folder) for folder in settings.CONTENT_DIRS if not folder.is_dir()]
    if missing:
        return bad(
            f"Không thấy thư mục nội dung {', '.join(missing)}.", "Kiểm tra XASO_CONTENT, hoặc cài lại chương trình."
        )
    memory = State(Path(settings.DATA_DIR))
    if memory.get("content") in {None, content_mark(memory)}:  # None: this machine only serves; another loads
        return good("Nội dung (thủ tục, mẫu giấy, lịch, vai trò) hợp lệ và đã nạp.")
    try:
        _try_content()
    except (ValueError, LookupError) as fault:
        return bad(f"Nội dung có chỗ sai: {fault}", "Sửa đúng tệp và dòng được nêu, rồi khám lại.")
    return hint("Nội dung hợp lệ nhưng chưa được nạp.", "Khởi động lại XãSố (xaso up) để nạp nội dung mới.")


def _try_content() -> None:
    """Load everything, as `up` would, and take it back."""
    with transaction.atomic():
        load_content()
        transaction.set_rollback(True)


def _port(port: int) -> Finding:
    try:
        webserver.bind("127.0.0.1", port).close()
    except OSError:
        if worker_is_here():
            return good(f"Cổng {port} đang được XãSố hoặc chương trình khác dùng.")
        return bad(f"Cổng {port} đang có chương trình khác dùng.", f"Chạy với cổng khác: xaso up --port {port + 80}")
    return good(f"Cổng {port} còn trống.")


def worker_is_here() -> bool:
    """A running `up` writes its signs of life; then the busy port is its own."""
    try:
        return worker.is_alive()
    except DatabaseError:
        return False


def _smtp() -> Finding:
    if not settings.EMAIL_HOST:
        return hint("Chưa đặt máy chủ thư điện tử; thư sẽ không được gửi.", "Nếu cần gửi thư, đặt XASO_SMTP_HOST.")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return bad(f"Máy chủ thư {where} không trả lời ({error}).", "Kiểm tra XASO_SMTP_HOST, XASO_SMTP_PORT và mạng.")
    return good(f"Máy chủ thư {where} trả lời.")


def _ocr() -> Finding:
    if missing := why_no_ocr():
        advice = "Nếu cần tìm chữ trong bản quét: sudo apt install tesseract-ocr tesseract-ocr-vie"
        return hint(missing, "Nếu cần, bỏ XASO_OCR=off rồi khởi động lại." if not settings.OCR else advice)
    return good("Nhận dạng chữ trên bản quét (Tesseract, tiếng Việt) sẵn sàng.")


def _backup() -> Finding:
    folder = Path(os.environ.get("XASO_BACKUP", ""))
    if not os.environ.get("XASO_BACKUP"):
        return hint(
            "Chưa biết bản sao lưu để ở đâu.",
            f"Hãy sao chép {settings.DATA_DIR} hằng ngày; đặt XASO_BACKUP để được nhắc.",
        )
    copies = [entry.stat().st_mtime for entry in folder.iterdir()] if folder.is_dir() else []
    if not copies or clock.machine_now() - datetime.fromtimestamp(max(copies), UTC) > BACKUP_AGE:
        return bad(
            f"Không có bản sao lưu mới trong {folder}.", "Sao lưu ngay hôm nay, và xem vì sao việc sao lưu đã ngừng."
        )
    return good(f"Bản sao lưu gần nhất: {clock.local(datetime.fromtimestamp(max(copies), UTC)):%H:%M ngày %d/%m/%Y}.")


DATABASE_CHECKS = (_migrations, _worker, _stuck, _jobs, _sealing, _content)
