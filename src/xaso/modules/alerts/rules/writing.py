"""An alert as CAP 1.2, strictly: in the order of the standard, nothing empty, checked against the schema. Pure."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from xaso.modules.alerts.rules import cap, schema


class NotStrict(ValueError):
    """Our own alert would break the standard: a fault of ours, never sent."""


def write(alert: cap.CapAlert) -> bytes:
    """UTF-8 with a declaration. Raises NotStrict."""
    root = etree.Element(f"{{{cap.NAMESPACE}}}alert", nsmap={None: cap.NAMESPACE})
    texts = (
        ("identifier", alert.identifier), ("sender", alert.sender), ("sent", alert.sent), ("status", alert.status),
        ("msgType", alert.message_type), ("source", alert.source), ("scope", alert.scope),
        ("restriction", alert.restriction), ("addresses", alert.addresses),
        *(("code", code) for code in alert.codes),
        ("note", alert.note), ("references", " ".join(map(str, alert.references))), ("incidents", alert.incidents),
    )  # fmt: skip
    for name, text in texts:
        _add(root, name, text)
    for info in alert.infos:
        _write_info(_add_node(root, "info"), info)
    if alert.message_type in cap.NEEDS_REFERENCES and not alert.references:
        raise NotStrict("references are missing")
    if found := schema.faults(root):
        raise NotStrict("; ".join(found))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _write_info(node: Any, info: cap.Info) -> None:
    texts = (
        ("language", info.language), *(("category", one) for one in info.categories), ("event", info.event),
        *(("responseType", one) for one in info.responses), ("urgency", info.urgency), ("severity", info.severity),
        ("certainty", info.certainty), ("effective", info.effective), ("onset", info.onset), ("expires", info.expires),
        ("senderName", info.sender_name), ("headline", info.headline), ("description", info.description),
        ("instruction", info.instruction), ("web", info.web), ("contact", info.contact),
    )  # fmt: skip
    for name, text in texts:
        _add(node, name, text)
    for area in info.areas:
        inner = _add_node(node, "area")
        _add(inner, "areaDesc", area.description)
        for polygon in area.polygons:
            _add(inner, "polygon", polygon)
        for circle in area.circles:
            _add(inner, "circle", circle)
        for name, value in area.geocodes:
            code = _add_node(inner, "geocode")
            _add(code, "valueName", name)
            _add(code, "value", value)


def _add_node(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{cap.NAMESPACE}}}{name}")


def _add(parent: Any, name: str, text: str) -> None:
    if text:
        _add_node(parent, name).text = "".join(c for c in text if c in "\n\t" or c.isprintable())
