"""Questions about the layout of documents: kinds, symbols, sheets, files and faults.

Free places: `pdf_of` returns the boxes "so" (digits only) and "ngay" (the whole phrase `dated_words(day)`) for what the
sheet does not say yet, and always "ky_ca_nhan" and "ky_co_quan".
"""

from __future__ import annotations

from xaso.modules.layouts import rules
from xaso.modules.layouts.checking.faults import Fault
from xaso.modules.layouts.checking.judging import check
from xaso.modules.layouts.definitions import Kind, Layout, kind_of, kinds, layout_on
from xaso.modules.layouts.printed import pdf_of
from xaso.modules.layouts.registers import COLUMNS, register_pdf
from xaso.modules.layouts.rules import authority_lines, dated_words, drafter_mark, shown_number
from xaso.modules.layouts.sheets import Annex, Block, Rendered, Sheet
from xaso.modules.layouts.stamps import Arrival, arrival_slip, copied, is_signed, stamped
from xaso.modules.layouts.typed import sheet_from
from xaso.modules.layouts.word import docx_of

__all__ = [
    "COLUMNS",
    "Annex",
    "Arrival",
    "Block",
    "Fault",
    "Kind",
    "Layout",
    "Rendered",
    "Sheet",
    "arrival_slip",
    "authority_lines",
    "check",
    "copied",
    "dated_words",
    "docx_of",
    "drafter_mark",
    "is_signed",
    "kind_of",
    "kinds",
    "layout_on",
    "pdf_of",
    "register_pdf",
    "sheet_from",
    "shown_number",
    "stamped",
    "symbol_of",
]


def symbol_of(kind: str, agency: str, unit_abbreviation: str = "") -> str:
    """`QĐ-UBND`, or `UBND-VP` for a letter. `kind`: code, abbreviation or title. Raises Missing."""
    return rules.symbol_of(kind_of(kind), agency, unit_abbreviation)
