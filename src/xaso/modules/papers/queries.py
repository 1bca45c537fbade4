"""Questions about papers."""

from uuid import UUID

from xaso.core.files.models import StoredFile
from xaso.core.files.queries import files_of
from xaso.kit import subject
from xaso.kit.errors import Missing
from xaso.modules.papers.editions import edition, edition_named, has_edition
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.papers.rules import amount_in_words
from xaso.modules.papers.typeface import FONTS_DIR, breakable, printable

__all__ = [
    "FONTS_DIR",
    "PrintedPaper",
    "amount_in_words",
    "breakable",
    "edition",
    "edition_named",
    "has_edition",
    "latest_of",
    "paper",
    "papers_of",
    "printable",
    "signed_sheet",
]

SHEET = "paper"
"""The kind of the stored file; a signed copy has it too."""


def paper(uuid: UUID) -> PrintedPaper:
    """Raises Missing."""
    found = PrintedPaper.objects.filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy giấy này. Hãy mở lại hồ sơ và chọn giấy trong danh sách.")
    return found


def papers_of(subject_ref: str) -> list[PrintedPaper]:
    """Every paper of a thing, oldest first, reprints among them."""
    return list(PrintedPaper.objects.filter(subject=subject_ref).order_by("id"))


def latest_of(subject_ref: str, code: str) -> PrintedPaper | None:
    """The newest original of that form, if one was issued."""
    return PrintedPaper.objects.filter(subject=subject_ref, code=code, reprint_no=0).order_by("-id").first()


def signed_sheet(paper: PrintedPaper) -> StoredFile | None:
    """The sheet with the newest electronic signature on it, when it was signed."""
    if paper.file_id is None:
        return None
    signed = [one for one in files_of(subject.ref(paper)) if one.kind == SHEET and one.pk != paper.file_id]
    return signed[-1] if signed else None
