"""Giấy in: the slips, receipts and result sheets that other modules issue."""

from xaso.kit.module import Module
from xaso.modules.papers.editions import all_editions

MODULE = Module("papers", "Giấy in", content=(all_editions,))
