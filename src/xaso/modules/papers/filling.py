"""Checks what is written on a paper against its form, and makes it plain JSON. Pure: no clock, no database."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xaso.modules.papers.definitions import PaperEdition, PaperField
from xaso.modules.papers.typeface import printable

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE_LENGTH = len("2025-10-01T08:15")


class BadFilling(ValueError):
    """The data do not fit the form. The message is Vietnamese and names the blanks."""


def filled(edition: PaperEdition, data: dict[str, Any]) -> dict[str, Any]:
    """The data of one paper: cleaned, complete, nothing that the form does not know."""
    return _row(edition.fields, data, edition.title)


def _row(blanks: tuple[PaperField, ...], data: dict[str, Any], what: str) -> dict[str, Any]:
    by_name = {blank.name: blank for blank in blanks}
    if strange := sorted(set(data) - set(by_name)):
        raise BadFilling(f"“{what}” không có ô {', '.join(strange)}; các ô có: {', '.join(sorted(by_name))}.")
    missing = [blank.label for blank in blanks if blank.required and _is_empty(data.get(blank.name))]
    if missing:
        raise BadFilling(f"Chưa in được “{what}” vì còn thiếu: {', '.join(missing)}.")
    return {name: _value(by_name[name], value) for name, value in data.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def _value(blank: PaperField, value: Any) -> Any:
    if blank.kind == "table":
        return [_row(blank.columns, row, blank.label) for row in value]
    if blank.kind in {"int", "money"}:
        return _whole(blank, value)
    if blank.kind == "flag":
        return bool(value)
    if blank.kind in {"date", "moment"}:
        return _day_or_minute(blank, value)
    return printable(str(value).strip())


def _whole(blank: PaperField, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadFilling(f"“{blank.label}” phải là số nguyên.")
    return value


def _day_or_minute(blank: PaperField, value: Any) -> str:
    """A date stays a date; a moment becomes the minute on a Vietnamese clock, because paper has no time zone."""
    if isinstance(value, str):
        value = _parsed(blank, value)
    if isinstance(value, datetime):
        local = value.astimezone(VIETNAM) if value.tzinfo else value
        text = local.replace(tzinfo=None).isoformat()[:MINUTE_LENGTH]
        return text[:10] if blank.kind == "date" else text
    if isinstance(value, date):
        return value.isoformat()
    raise BadFilling(f"“{blank.label}” phải là ngày hoặc thời điểm.")


def _parsed(blank: PaperField, value: str) -> date | datetime:
    try:
        return date.fromisoformat(value) if len(value) == len("2025-10-01") else datetime.fromisoformat(value)
    except ValueError as wrong:
        raise BadFilling(f"“{blank.label}” ghi ngày chưa đúng: {value[:20]}.") from wrong
