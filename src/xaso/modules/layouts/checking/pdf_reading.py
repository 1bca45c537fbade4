"""Looks at a PDF: glyphs become lines, lines become paragraphs. A process of its own does it, with limits of memory and
time, because a hostile file may want both. Knows no Django."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import Any

from xaso.modules.layouts.checking.seen import Seen, Unreadable, seen_from

MAX_MEMORY = 3 * 1024**3
MAX_SECONDS = 20
LOCKED_CODE = 3
LOCKED = "Tệp PDF này có mật khẩu nên không mở được. Hãy lưu một bản không đặt mật khẩu rồi kiểm tra lại."
BROKEN = "Không mở được tệp PDF này: tệp hỏng hoặc quá lớn. Hãy xuất lại PDF từ bản soạn thảo rồi kiểm tra lại."


def read_pdf(content: bytes) -> Seen:
    """Raises Unreadable with a sentence."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "xaso.modules.layouts.checking.pdf_reading"],
            input=content,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS + 10,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise Unreadable(BROKEN) from slow
    if done.returncode:
        raise Unreadable(LOCKED if done.returncode == LOCKED_CODE else BROKEN)
    return seen_from(json.loads(done.stdout))


def _limit() -> None:
    """Where the system knows limits (not on Windows, where the time limit of the parent holds)."""
    if sys.platform != "win32":
        resource: Any = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def _main() -> int:
    _limit()
    # Only this process needs them, after its limits are set.
    pdfium: Any = importlib.import_module("pypdfium2")
    looking: Any = importlib.import_module("xaso.modules.layouts.checking.pdf_glyphs")
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
        seen = looking.look(document)
    except pdfium.PdfiumError as wrong:
        return LOCKED_CODE if "assword" in str(wrong) else 1
    json.dump(seen.as_json(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
