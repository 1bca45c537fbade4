"""`Range: bytes=…` of one part, as a device asks for the rest of a file after its connection broke."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """The part lies outside the file."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None when the whole file is meant (nothing asked, several parts, or not understood)."""
    found = _ONE.fullmatch(header.strip())
    if not found or found.group(0) == "bytes=-":
        return None
    start, end = found.groups()
    if not start:
        length = min(int(end), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    first, last = int(start), min(int(end) if end else size - 1, size - 1)
    if first >= size or last < first:
        raise Unsatisfiable
    return first, last
