"""A report as a Word document, from a template that an office may edit. The same report gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from xaso.modules.reports.printed import Printed

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""What a packed file says of its parts. The moment of signing is told in the document's properties."""


def docx_of(sheet: Printed, template: Path) -> bytes:
    """Text is put in as text: nothing typed becomes markup or code of the template."""
    document = DocxTemplate(template)
    document.render(_words(sheet), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    _tell(document.docx.core_properties, sheet)
    raw = io.BytesIO()
    document.save(raw)
    return _still(raw)


def _words(sheet: Printed) -> dict[str, Any]:
    """Dates and lines as the sheet shows them."""
    return sheet.as_json() | {
        "agency": sheet.agency.upper(),
        "agency_lines": _split(sheet.agency.upper()),
        "signed_on": long_date(sheet.signed_at),
        "as_of": f"ngày {date.fromisoformat(sheet.as_of):%d/%m/%Y}",
        "parts": [
            {"title": part.title, "lines": _lines(part.text) or ["Không có nội dung trong kỳ."]} for part in sheet.parts
        ],
        "authority_lines": [line.upper() for line in _lines(sheet.authority)],
        "signer_title": sheet.signer_title.upper(),
    }


def _split(agency: str) -> list[str]:
    """ỦY BAN NHÂN DÂN over XÃ NGŨ KIÊN, as NĐ 30/2020 sets it."""
    head = "ỦY BAN NHÂN DÂN"
    return [head, agency.removeprefix(head).strip()] if agency.startswith(f"{head} ") else [agency]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def long_date(iso: str) -> str:
    """Days below ten, January and February carry a leading zero; other months do not."""
    if not iso:
        return "ngày …… tháng …… năm ……"
    day = date.fromisoformat(iso[:10])
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _tell(properties: Any, sheet: Printed) -> None:
    made = datetime.fromisoformat(sheet.signed_at).replace(tzinfo=VIETNAM).astimezone(UTC)
    properties.title = f"Báo cáo {sheet.subject} {sheet.period}"[:255]
    properties.author = properties.last_modified_by = sheet.signer[:255]
    properties.created = properties.modified = made
    properties.revision = 1


def _still(raw: io.BytesIO) -> bytes:
    """The same parts, in the order of their names and without the clock of the machine."""
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        # The list of content types comes first: some readers look no further.
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = zipfile.ZipInfo(name, LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return made.getvalue()
