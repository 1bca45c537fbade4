"""How a value is said."""

from __future__ import annotations

from decimal import Decimal

from xaso.modules.figures.rules.numbers import SAID, show_money, show_number
from xaso.modules.figures.rules.values import Value

MISSING = "chưa có số liệu"
TRENDS = {"up": "tăng", "down": "giảm", "flat": "giữ nguyên"}
YES, NO = "có", "không"


def shown(value: Value, unit: str = "", options: dict[str, str] | None = None) -> str:
    """“hơn 46 %”, “14/14”, “gần 90 triệu đồng”; a count takes its unit when it is given."""
    if value.is_missing:
        return value.text or MISSING
    if value.type == "ratio" and value.numerator is not None and value.denominator is not None:
        return f"{SAID[value.comparator]}{show_number(value.numerator)}/{show_number(value.denominator)}"
    if value.number is None:
        return _words(value, options or {})
    if value.type == "yes_no":
        return YES if value.number else NO
    return SAID[value.comparator] + _amount(value.type, value.number, unit)


def _amount(value_type: str, number: Decimal, unit: str) -> str:
    if value_type in {"percent", "ratio"}:
        return f"{show_number(number)} %"
    if value_type == "money":
        return show_money(number)
    return f"{show_number(number)} {unit}".rstrip()


def _words(value: Value, options: dict[str, str]) -> str:
    if value.type == "trend":
        return TRENDS.get(value.text, value.text)
    if value.type == "date":
        return "/".join(reversed(value.text.split("-")))
    return options.get(value.text, value.text)
