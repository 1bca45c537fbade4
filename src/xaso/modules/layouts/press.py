"""Typst at work: a template and a payload become PDF/A-2b, and the places kept free come back in points.

The payload is one JSON string, so what a person typed is text and never code. Knows no Django: a long document is set
by a process of its own, which gives its memory back when it ends.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

STANDARD: Final = "a-2b"
LONGEST_HERE = 60_000
"""Letters of payload that are set in this process; more leave too much memory behind."""
A_LONG_WHILE = 120


@dataclass(frozen=True, slots=True)
class Job:
    """What to set: the template, the folder of the typeface and the words. `day` is the date the file carries."""

    template: Path
    fonts: Path
    payload: str
    day: date
    has_boxes: bool = True


@dataclass(slots=True)
class _Press:
    """A kept compiler and the lock that keeps two threads off it."""

    compiler: typst.Compiler
    lock: threading.Lock = field(default_factory=threading.Lock)


def printed(job: Job) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF and its free places: name, page, x, y (of the top left corner), width, height."""
    return _in_a_child(job) if len(job.payload) > LONGEST_HERE else _compiled(job)


def _compiled(job: Job) -> tuple[bytes, list[dict[str, Any]]]:
    press = _press(job.template, job.fonts)
    with press.lock:
        made = press.compiler.compile(
            format="pdf",
            sys_inputs={"payload": job.payload},
            pdf_standards=STANDARD,
            pdf_tags=len(job.payload) <= LONGEST_HERE,
            timestamp=datetime(job.day.year, job.day.month, job.day.day, tzinfo=UTC),
        )
        places = press.compiler.query("<khung>", field="value") if job.has_boxes else "[]"
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made, json.loads(places)


def _in_a_child(job: Job) -> tuple[bytes, list[dict[str, Any]]]:
    told = [str(job.template), str(job.fonts), job.day.isoformat(), "1" if job.has_boxes else ""]
    done = subprocess.run(
        [sys.executable, "-m", "xaso.modules.layouts.press", *told],
        input=job.payload.encode(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=A_LONG_WHILE,
    )
    answer = json.loads(done.stdout)
    return base64.b64decode(answer["pdf"]), answer["places"]


@cache
def _fonts(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


@cache
def _press(template: Path, fonts: Path) -> _Press:
    compiler = typst.Compiler(
        input=str(template), root=str(template.parent), font_paths=_fonts(fonts), ignore_system_fonts=True
    )
    return _Press(compiler)


def _main(template: str, fonts: str, day: str, has_boxes: str) -> None:
    job = Job(Path(template), Path(fonts), sys.stdin.read(), date.fromisoformat(day), bool(has_boxes))
    content, places = _compiled(job)
    json.dump({"pdf": base64.b64encode(content).decode(), "places": places}, sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
