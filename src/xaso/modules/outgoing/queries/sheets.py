"""The sheet a draft would be printed as, and what is wrong with its layout. Slow: outside every transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xaso.core.files.models import StoredFile
from xaso.core.files.queries import files_of
from xaso.core.files.rules import DOCX, PDF
from xaso.core.files.stores import store
from xaso.kit import subject
from xaso.kit.errors import Refused
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.rules.naming import ORGANS, written

LOST = "Không đọc được tệp {name}. Hãy báo người quản trị khôi phục từ bản sao lưu."
ANNEX = "outgoing.annex"
MUST = "must"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the format check said of the draft as it was at that revision."""

    revision: int
    faults: tuple[Any, ...]

    @property
    def musts(self) -> list[Any]:
        return [fault for fault in self.faults if fault.severity == MUST]

    def for_audit(self) -> list[str]:
        return [fault.code for fault in self.faults]


def agency_of(document: Document) -> str:
    unit = document.unit
    return f"{ORGANS[document.organ]} {unit.get_kind_display()} {unit.name}"


def sheet_of(document: Document) -> Any:
    """As it stands now; number and day only when they were given."""
    return layouts.sheet_from(
        document.text,
        kind=document.kind,
        agency=agency_of(document),
        place=document.unit.name,
        number="" if document.number is None else written(document.number),
        symbol=document.symbol or symbol_of(document),
        dated_on=document.dated_on,
        subject=document.subject,
        addressees=tuple(document.addressees),
        authority_lines=tuple(document.authority),
        signer_title=document.signer_title,
        signer=document.signer_name,
        recipients=tuple(recipient_names(document)),
        urgency=document.urgency,
    )


def symbol_of(document: Document) -> str:
    return layouts.symbol_of(document.kind, document.organ, document.department)


def recipient_names(document: Document) -> list[str]:
    """As they stand under “Nơi nhận”, with the line that says where it is kept."""
    names = list(dict.fromkeys(one.name for one in document.recipients.all() if one.channel != "portal"))
    kept = f"Lưu: VT, {document.department}" if document.department else "Lưu: VT"
    return [*(["Như trên"] if document.addressees else []), *names, kept]


def content_of(stored: StoredFile) -> bytes:
    """The bytes. Raises Refused when the store lost them."""
    try:
        with store().open(stored.blob_id) as kept:
            return kept.read()
    except FileNotFoundError as lost:
        raise Refused(LOST.format(name=stored.name)) from lost


def checked(document: Document) -> Checked:
    """The faults of the draft: of the uploaded file, else of the sheet drawn from the text.

    What a PDF does not tell is no news about a sheet that we draw ourselves.
    """
    if document.draft_file:
        content, media_type = content_of(document.draft_file), document.draft_file.media_type
        return Checked(document.revision, tuple(layouts.check(content, media_type, document.kind)))
    found = layouts.check(layouts.pdf_of(sheet_of(document)).content, PDF.media_type, document.kind)
    return Checked(document.revision, tuple(fault for fault in found if fault.code != "unjudged"))


def pdf_of(document: Document) -> bytes:
    """The draft as PDF, to be looked at. Raises Refused for a Word file."""
    if document.draft_file is None:
        return layouts.pdf_of(sheet_of(document)).content
    if document.draft_file.media_type == DOCX.media_type:
        raise Refused("Dự thảo là tệp Word. Hãy tải tệp về để xem.")
    return content_of(document.draft_file)


def docx_of(document: Document) -> bytes:
    return layouts.docx_of(sheet_of(document))


def annexes_of(document: Document) -> list[StoredFile]:
    return [one for one in files_of(subject.ref(document)) if one.kind == ANNEX]
