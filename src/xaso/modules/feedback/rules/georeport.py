"""GeoReport v2 on the wire: moments, lists, XML. Pure.

Written from the public standard (Open311 GeoReport v2); read again before relying on a corner of it: the order of
elements, and which empty ones a strict client expects, are not fixed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

# What every list is called, and each of its items.
ITEMS = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
         "values": "value"}  # fmt: skip
SHAPE = "thời điểm phải có dạng 2026-03-16T08:00:00+07:00 hoặc 2026-03-16T01:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")


def moment_in(text: str) -> datetime | None:
    """A moment with its offset. Raises ValueError with what is wrong; None for nothing."""
    if not text:
        return None
    # A plus sign in an address is a space unless the client escaped it.
    typed = text.replace(" ", "+")
    if not _W3.fullmatch(typed):
        raise ValueError(SHAPE)
    try:
        return datetime.fromisoformat(typed.replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(SHAPE) from error


def listed(text: str) -> tuple[str, ...]:
    """`a,b, c` as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def as_xml(root: str, content: Any) -> str:
    """The same content as the JSON, under the names of the standard."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, content)}'


def _element(name: str, content: Any) -> str:
    return f"<{name}>{_inside(name, content)}</{name}>"


def _inside(name: str, content: Any) -> str:
    if isinstance(content, Mapping):
        return "".join(_element(key, value) for key, value in content.items())
    if isinstance(content, Iterable) and not isinstance(content, str):
        return "".join(_element(ITEMS.get(name, "item"), one) for one in content)
    if isinstance(content, bool):
        return "true" if content else "false"
    return escape(_NOT_XML.sub("", str(content)))
