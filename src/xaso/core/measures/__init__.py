"""Measures: named questions over live rows, and the cells that keep their answers.

A cell is measure × unit × month. An absent cell is 0, a marked one is counted anew by whoever reads it, so a figure is
never stale. The rows behind a figure come from the same declaration as its count.
"""
