"""The door: a file goes in, sentences come out. Whatever the file is, nothing breaks and nothing is kept."""

from __future__ import annotations

import io

from xaso.core.files import rules as kinds_of_files
from xaso.modules.layouts.checking.docx_reading import read_docx
from xaso.modules.layouts.checking.faults import Case, Fault
from xaso.modules.layouts.checking.finding import find
from xaso.modules.layouts.checking.looks import looks
from xaso.modules.layouts.checking.pages import pages
from xaso.modules.layouts.checking.pdf_reading import read_pdf
from xaso.modules.layouts.checking.seen import Seen, Unreadable
from xaso.modules.layouts.checking.wording import wording
from xaso.modules.layouts.definitions import kind_of, kinds, layout_on

MAX_BYTES = 30 * 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 30 MB nên không kiểm tra được. Hãy bỏ bớt ảnh hoặc tách phụ lục rồi kiểm tra lại."
NEITHER = "Chỉ kiểm tra được tệp Word (.docx) và PDF. Hãy chọn tệp khác."
MACRO = "Tệp Word có macro hoặc nén bất thường nên không mở. Hãy lưu lại thành .docx không có macro rồi kiểm tra lại."


def check(content: bytes, media_type: str, kind: str = "") -> list[Fault]:
    """What is wrong with the form of a document, the graver first. `kind` may be empty: the name on the sheet tells.

    A file that cannot be looked at is one fault with the code "unreadable". Raises Missing for an unknown `kind`.
    """
    del media_type  # a name proves nothing: the content tells
    asked = kind_of(kind) if kind else None
    try:
        seen = _seen(content)
    except Unreadable as wrong:
        return [Fault("unreadable", str(wrong))]
    layout = layout_on(None)
    if not seen.pieces:
        return [Fault("unjudged", sentence, severity="should") for sentence in seen.unjudged] or [
            Fault("unreadable", "Tệp không có chữ nào để kiểm tra. Hãy chọn tệp khác.")
        ]
    case = Case(seen, find(seen, kinds(), layout.urgencies.values(), asked), layout)
    found = dict.fromkeys((*wording(case), *looks(case), *pages(case)))
    return sorted(found, key=lambda one: (one.severity != "must", one.code == "unjudged"))


def _seen(content: bytes) -> Seen:
    """By what the file is, not by what it calls itself."""
    if len(content) > MAX_BYTES:
        raise Unreadable(TOO_LARGE)
    what = kinds_of_files.sniff(content[: kinds_of_files.HEAD])
    if what is kinds_of_files.PDF:
        return read_pdf(content)
    if what is not kinds_of_files.ZIP:
        raise Unreadable(NEITHER)
    try:
        inside = kinds_of_files.look_into_zip(io.BytesIO(content))
    except (kinds_of_files.Bomb, kinds_of_files.Locked, kinds_of_files.Broken) as wrong:
        raise Unreadable(MACRO) from wrong
    if inside is not kinds_of_files.DOCX:
        raise Unreadable(MACRO if "macro" in inside.title else NEITHER)
    return read_docx(content)
