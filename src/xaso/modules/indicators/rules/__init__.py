"""Decisions of the indicators: shares, points, totals, levers, what differs between versions."""
