"""The shape of CAP 1.2 as a schema. `cap12.xsd` is ours, written from the standard's rules; it is not OASIS's file.

It fixes the order of elements, what must be there, the words allowed, and how moments and identifiers are written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

FILE = Path(__file__).parent / "cap12.xsd"


@cache
def _schema() -> Any:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(FILE), parser))


def faults(root: Any) -> list[str]:
    """What does not fit, with lines; empty when all fits."""
    known = _schema()
    if known.validate(root):
        return []
    return [f"dòng {fault.line}: {_short(fault.message)}" for fault in known.error_log]


def _short(message: str) -> str:
    """Without the namespace before every name."""
    return message.replace("{urn:oasis:names:tc:emergency:cap:1.2}", "")[:200]
