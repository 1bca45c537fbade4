"""Sheets of paper from a template and data. Knows no database and no clock: the same input gives the same bytes.

Data reach Typst as one JSON string, so what a resident typed is text and can never become code of the template.
"""

import io
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst

from xaso.modules.papers.definitions import PaperEdition, load_edition
from xaso.modules.papers.filling import VIETNAM, filled
from xaso.modules.papers.typeface import FONTS_DIR, breakable

STANDARD: Final = "a-2b"
QUIET_ZONE = 2
MANY_ROWS = 200


@dataclass(slots=True)
class _Press:
    """A kept compiler (4 ms a sheet instead of 20) and the lock that keeps two threads off it."""

    compiler: typst.Compiler
    lock: threading.Lock = field(default_factory=threading.Lock)


def render_pdf(template_dir: Path, data: dict[str, Any]) -> bytes:
    """One paper as PDF/A-2b. `data["issued_at"]` is also the creation time that the file carries."""
    content = filled(load_edition(template_dir), data)
    if _rows(content) > MANY_ROWS:
        return _in_a_child(template_dir, content)
    return _compiled(template_dir, content)


def _rows(content: dict[str, Any]) -> int:
    return sum(len(value) for value in content.values() if isinstance(value, list))


def _in_a_child(template_dir: Path, content: dict[str, Any]) -> bytes:
    """A thousand rows leave some 150 MB in the memory of whoever sets them, so a process does it that ends."""
    done = subprocess.run(
        [sys.executable, "-m", "xaso.modules.papers.rendering", str(template_dir)],
        input=json.dumps(content).encode(),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout


def _compiled(template_dir: Path, content: dict[str, Any]) -> bytes:
    edition = load_edition(template_dir)
    payload = json.dumps({"paper": _about(edition), "data": breakable(content)}, ensure_ascii=False, sort_keys=True)
    press = _press(template_dir)
    with press.lock:
        made = press.compiler.compile(
            format="pdf",
            sys_inputs={"payload": payload, **_qr_codes(edition, content)},
            pdf_standards=STANDARD,
            # Reading aids make a register of a thousand rows twelve times as large; the screen has the same list.
            pdf_tags=edition.size != "a4-ngang",
            timestamp=_stamp(content["issued_at"]),
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made


def _about(edition: PaperEdition) -> dict[str, str]:
    return {
        "code": edition.code,
        "version": edition.version,
        "title": edition.title,
        "form_no": edition.form_no,
        "legal_basis": edition.legal_basis,
        "size": edition.size,
    }


def _qr_codes(edition: PaperEdition, content: dict[str, Any]) -> dict[str, str]:
    return {f"qr-{name}": _qr_svg(content[blank]) for name, blank in edition.qr if blank in content}


def _qr_svg(text: str) -> str:
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True)
    return target.getvalue().decode()


def _stamp(issued_at: str) -> datetime:
    return datetime.fromisoformat(issued_at).replace(tzinfo=VIETNAM).astimezone(UTC)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS_DIR)])


@cache
def _press(template_dir: Path) -> _Press:
    compiler = typst.Compiler(
        input=str(template_dir / "template.typ"),
        root=str(template_dir.parent.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )
    return _Press(compiler)


if __name__ == "__main__":
    sys.stdout.buffer.write(_compiled(Path(sys.argv[1]), json.load(sys.stdin)))
