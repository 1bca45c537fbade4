"""Our emergencies for machines: an Atom feed, and each message as CAP."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from lxml import etree  # type: ignore[import-untyped]

from xaso.core.access import PUBLIC
from xaso.core.screens import declare
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock
from xaso.modules.alerts import queries
from xaso.modules.alerts.models import Issued

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"


@declare(PUBLIC)
def feed(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """Of one unit and everything under it, or of all."""
    unit = unit_by_code(code, clock.today()) if code else None
    rows = queries.issued_of(unit, clock.now())
    return HttpResponse(_atom(request.path, unit, rows), content_type="application/atom+xml; charset=utf-8")


def _atom(address: str, unit: Unit | None, rows: list[Issued]) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", settings.PUBLIC_URL + address)
    _add(root, "title", f"Cảnh báo khẩn cấp – {unit}" if unit else "Cảnh báo khẩn cấp")
    _add(root, "updated", clock.local(rows[0].sent_at if rows else clock.now()).isoformat())
    for row in rows:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        link = settings.PUBLIC_URL + reverse("portal-alerts:issued", args=[row.uuid])
        _add(entry, "id", f"urn:uuid:{row.uuid}")
        _add(entry, "title", row.title)
        _add(entry, "updated", clock.local(row.sent_at).isoformat())
        etree.SubElement(entry, f"{{{ATOM}}}link", href=link, type=CAP_TYPE)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


@declare(PUBLIC)
def issued(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One message, unsigned."""
    del request
    return HttpResponse(queries.issued(key).xml.encode(), content_type=f"{CAP_TYPE}; charset=utf-8")


urlpatterns = [
    path("cap.atom", feed, name="feed"),
    path("<str:code>/cap.atom", feed, name="feed_of"),
    path("<uuid:key>.xml", issued, name="issued"),
]
