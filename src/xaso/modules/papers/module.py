"""Giấy in: the slips, receipts and result sheets that other modules issue."""

from xaso.kit.module import Module

MODULE = Module("papers", "Giấy in")
