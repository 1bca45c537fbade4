"""Questions about papers."""

from uuid import UUID

from xaso.kit.errors import Missing
from xaso.modules.papers.editions import edition, edition_named, has_edition
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.papers.rules import amount_in_words
from xaso.modules.papers.typeface import FONTS_DIR, breakable, printable

__all__ = [
    "FONTS_DIR",
    "amount_in_words",
    "breakable",
    "edition",
    "edition_named",
    "has_edition",
    "latest_of",
    "paper",
    "papers_of",
    "printable",
]


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
