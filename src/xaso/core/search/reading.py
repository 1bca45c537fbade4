"""The text of a stored file: its own, or what Tesseract reads off its pages. Slow: outside transactions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.kit.fold import plain

CHILD_SECONDS = 90
PAGE_SECONDS = 60
OCR_SECONDS = 240.0
OCR_PAGES = 100
LETTERS_OF_A_PAGE = 16
"""A page with fewer letters than this is a picture with a stamp on it."""
MOST_LETTERS = 1_000_000
LANGUAGE = "vie"
PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PICTURES = ("image/jpeg", "image/png", "image/webp")
TEXTS = ("text/plain", "text/csv")
ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")

SWITCHED_OFF = "Nhận dạng chữ trên bản quét đang tắt (XASO_OCR=off)."
NOT_INSTALLED = "Máy chủ chưa cài chương trình nhận dạng chữ (Tesseract), nên chưa đọc được bản quét."
NO_VIETNAMESE = "Chương trình nhận dạng chữ thiếu dữ liệu tiếng Việt (vie), nên chưa đọc được bản quét."
FAULTS = {
    "locked": "Tệp đặt mật khẩu nên không đọc được chữ.",
    "broken": "Tệp hỏng hoặc không đúng định dạng nên không đọc được chữ.",
    "large": "Tệp bung ra quá lớn nên không đọc chữ.",
    "stopped": "Đọc tệp quá lâu hoặc tốn quá nhiều bộ nhớ nên đã dừng.",
}
NOT_READ = "Loại tệp này không đọc được chữ để tìm kiếm."
# Recognising one page takes a core and some 200 MB; an old PC bears one at a time.
_ROOM = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """`why` is a sentence when there is no text, or not all of it."""

    text: str
    origin: Literal["text", "ocr", "none"]
    pages: int
    why: str = ""


def text_of(stored: StoredFile) -> Reading:
    """What can be read in a stored file, within limits of pages, time and memory. What a file holds raises nothing."""
    media_type = stored.blob.media_type
    with tempfile.TemporaryDirectory(prefix="xaso-doc-") as folder:
        source = Path(folder) / "source"
        if media_type in {PDF, DOCX, *PICTURES, *TEXTS}:
            with store().open(stored.blob_id) as content, source.open("wb") as target:
                shutil.copyfileobj(content, target)
        return text_in(source, media_type)


def text_in(source: Path, media_type: str) -> Reading:
    """The same for a file that lies in a folder of its own; the folder is used for pages as pictures."""
    if media_type == PDF:
        return _of_pdf(source)
    if media_type == DOCX:
        answer = _child("words", str(source))
        return _fault(answer) or _told(answer["texts"], 0)
    if media_type in TEXTS:
        return _told([_decoded(source.read_bytes())], 0)
    if media_type in PICTURES:
        return _of_picture(source)
    return Reading("", "none", 0, NOT_READ)


def why_no_ocr() -> str:
    """Empty when scans can be read here; otherwise what is missing."""
    if not settings.OCR:
        return SWITCHED_OFF
    program = shutil.which("tesseract")
    if program is None:
        return NOT_INSTALLED
    return "" if LANGUAGE in _languages(program) else NO_VIETNAMESE


@cache
def _languages(program: str) -> frozenset[str]:
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return frozenset(line.strip() for line in told.stdout.splitlines())


def _of_pdf(source: Path) -> Reading:
    answer = _child("text", str(source))
    if fault := _fault(answer):
        return fault
    pages, texts = answer["pages"], answer["texts"]
    if sum(len(text.strip()) for text in texts) >= LETTERS_OF_A_PAGE * len(texts):
        cut = f"Tệp có {pages} trang; chỉ đọc {len(texts)} trang đầu." if len(texts) < pages else ""
        return _told(texts, pages, cut)
    if missing := why_no_ocr():
        return Reading(_joined(texts), "text" if _joined(texts) else "none", pages, missing)
    return _recognised(source, texts, pages)


def _of_picture(source: Path) -> Reading:
    if missing := why_no_ocr():
        return Reading("", "none", 1, missing)
    target = source.with_name("page.png")
    fault = _fault(_child("picture", str(source), str(target)))
    if fault:
        return fault
    with _ROOM:
        text = _recognise(target, PAGE_SECONDS)
    return Reading(_joined([text or ""]), "ocr", 1, FAULTS["stopped"] if text is None else "")


def _recognised(source: Path, texts: list[str], pages: int) -> Reading:
    """Page by page until the time is up. A page with letters of its own keeps them."""
    target = source.with_name("page.png")
    until = time.monotonic() + OCR_SECONDS
    read: list[str] = []
    with _ROOM:
        for number, own in enumerate(texts[:OCR_PAGES]):
            left = until - time.monotonic()
            if left <= 0:
                break
            read.append(own if len(own.strip()) >= LETTERS_OF_A_PAGE else _page(source, number, target, left))
    why = f"Bản quét có {pages} trang; mới nhận dạng {len(read)} trang đầu." if len(read) < pages else ""
    return Reading(_joined(read), "ocr", pages, why)


def _page(source: Path, number: int, target: Path, seconds: float) -> str:
    if "fault" in _child("page", str(source), str(number), str(target)):
        return ""
    return _recognise(target, min(PAGE_SECONDS, seconds)) or ""


def _recognise(picture: Path, seconds: float) -> str | None:
    """None when Tesseract did not come to an end."""
    program = shutil.which("tesseract") or "tesseract"
    command = [program, str(picture), "stdout", "-l", LANGUAGE, "--dpi", "300"]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=max(seconds, 1),
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _child(*arguments: str) -> dict[str, Any]:
    """Ask a process that may die of the file."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "xaso.core.search.extracting", *arguments],
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except subprocess.TimeoutExpired:
        return {"fault": "stopped"}
    if done.returncode != 0:
        return {"fault": "stopped"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _fault(answer: dict[str, Any]) -> Reading | None:
    return Reading("", "none", 0, FAULTS[answer["fault"]]) if "fault" in answer else None


def _told(texts: list[str], pages: int, why: str = "") -> Reading:
    text = _joined(texts)
    return Reading(text, "text", pages, why) if text else Reading("", "none", pages, why or "Tệp không có chữ nào.")


def _joined(texts: list[str]) -> str:
    """One spelling (NFC); half letter pairs of damaged fonts are dropped."""
    text = "\n".join(texts)[:MOST_LETTERS].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain(text).strip()


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
