"""Báo cáo định kỳ: the periodic reports, from the same numbers, on a calendar."""
