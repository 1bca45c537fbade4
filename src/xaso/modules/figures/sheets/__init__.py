"""Spreadsheets of figures: read strictly, cell by cell, and the empty sheet to fill in."""

from xaso.modules.figures.sheets.reading import MAX_BYTES, read_sheet
from xaso.modules.figures.sheets.writing import template_of

__all__ = ["MAX_BYTES", "read_sheet", "template_of"]
