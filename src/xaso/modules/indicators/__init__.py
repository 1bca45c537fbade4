"""Bộ chỉ số: sets of indicators as dated content, and the score of a unit under each.

Missing is never 0; every point names the figures it came from.
"""
