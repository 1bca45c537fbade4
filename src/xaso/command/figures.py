"""`xaso figures`: the figures of a unit and a period, a set's score, or the rows of the articles."""

import importlib
import json
from collections.abc import Iterable
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from xaso.command.options import Options
from xaso.command.preparing import require_tables
from xaso.command.words import Stop, say
from xaso.core.measures.periods import Period, find_period, this
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.figures import queries as figures
from xaso.modules.indicators import queries as indicators

ARTICLES = "articles"
SHORT = {"dti": "dti-", "766": "qd-766", "ntm": "ntm-"}
"""Short names of sets: what the code of the set in force begins with."""
ORIGINS = {"computed": "tính từ dữ liệu", "declared": "khai báo", "missing": ""}
BAD_PERIOD = "Không hiểu kỳ “{text}”. Viết 2024, 2024-H1, 2024-9M, 2024-Q1 hoặc 2024-03."
NO_ARTICLES = "Bản cài này không kèm dữ liệu minh hoạ nên không có các dòng của bài báo."


def run(arguments: list[str]) -> int:
    options = Options("figures")
    options.add_argument("--unit", default="")
    options.add_argument("--period", default="")
    options.add_argument("--set", default="", dest="chosen")
    options.add_argument("--json", action="store_true", dest="as_json")
    given = options.parse_args(arguments)
    require_tables()
    try:
        lines = _articles() if given.chosen == ARTICLES else _of_unit(given)
    except Refused as refusal:
        raise Stop(refusal.message) from refusal
    if given.as_json:
        say(json.dumps(lines, ensure_ascii=False, indent=1, default=_plain))
    else:
        _tell(lines)
    return 0


def _of_unit(given: Any) -> Any:
    if not given.unit:
        raise Stop("Hãy ghi mã đơn vị, ví dụ: xaso figures --unit 09157 --period 2024", code=2)
    period = find_period(given.period) if given.period else this("year")
    if period is None:
        raise Stop(BAD_PERIOD.format(text=given.period), code=2)
    unit = _unit(given.unit, period)
    about = {"unit": unit.code, "unit_name": str(unit), "period": period.key, "period_label": period.label}
    if given.chosen:
        return about | _score(given.chosen, unit, period)
    return about | {"figures": _figures(unit, period)}


def _unit(code: str, period: Period) -> Unit:
    """As it was on the last day of the period, or today while it runs. Raises Missing."""
    return unit_by_code(code, min(period.last, clock.today()))


def _figures(unit: Unit, period: Period) -> list[dict[str, Any]]:
    catalogue = figures.catalogue()
    values = figures.values(list(catalogue), [unit], period)
    return [
        {"key": key, "label": kind.label, "group": kind.group, "unit": kind.unit} | _value(values[key, unit.path])
        for key, kind in catalogue.items()
    ]


def _value(value: Any) -> dict[str, Any]:
    return {
        "type": value.type,
        "comparator": value.comparator,
        "number": value.number,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "text": value.text,
        "shown": figures.shown_with_unit(value),
        "origin": value.origin,
        "verified": value.is_verified,
        "source": value.source,
        "supplier": value.supplier,
        "document": value.document,
        "as_of": str(value.as_of or ""),
        "gap": value.gap,
    }


def _score(chosen: str, unit: Unit, period: Period) -> dict[str, Any]:
    code = _set_code(chosen, period)
    view = indicators.set_named(code, period.last)
    score = indicators.score(view, unit, period)
    return {
        "set": view.code,
        "title": view.title,
        "version": view.version,
        "points": score.points,
        "max": score.max,
        "counted_max": score.counted_max,
        "level": score.level_label,
        "to_verify": view.to_verify,
        "items": [
            {
                "code": item.code,
                "label": item.label,
                "points": item.points,
                "max": item.max,
                "state": item.state,
                "explanation": item.explanation,
            }
            for item in score.items()
        ],
    }


def _set_code(chosen: str, period: Period) -> str:
    """A code, or a short name of the set in force at the end of the period."""
    in_force = [one.code for one in indicators.sets_on(period.last)]
    found = [code for code in in_force if code == chosen or (chosen in SHORT and code.startswith(SHORT[chosen]))]
    if not found:
        known = ", ".join([*SHORT, ARTICLES, *in_force])
        raise Stop(f"Không có bộ chỉ số “{chosen}” cho {period.label}. Dùng được: {known}.", code=2)
    return found[-1]


def _articles() -> Any:
    """The rows of the five articles, with how each was obtained."""
    if not find_spec("xaso.demo") or not find_spec("xaso.demo.articles"):
        raise Stop(NO_ARTICLES)
    return importlib.import_module("xaso.demo.articles").article_rows()


def _plain(value: Any) -> Any:
    """Whole numbers stay whole."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _tell(lines: Any) -> None:
    if isinstance(lines, list):
        for row in lines:
            say("  ".join(str(cell) for cell in row.values() if cell not in (None, "")))
        return
    say(f"{lines['unit_name']} ({lines['unit']}), {lines['period_label']}")
    if "items" in lines:
        _tell_score(lines)
    else:
        _tell_figures(lines["figures"])


def _tell_score(score: dict[str, Any]) -> None:
    level = f", {score['level']}" if score["level"] else ""
    say(f"{score['title']}, bản {score['version']}: {_said(score['points'])}/{_said(score['max'])} điểm{level}")
    for item in score["items"]:
        points = "–" if item["points"] is None else _said(item["points"])
        say(f"  {item['code']:<8}{points:>8}/{_said(item['max']):<8}{item['label']}. {item['explanation']}")


def _said(number: Decimal) -> str:
    return figures.show_number(number)


def _tell_figures(rows: Iterable[dict[str, Any]]) -> None:
    group = ""
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            say(f"\n{group}")
        told = [ORIGINS[row["origin"]], row["source"], "" if row["verified"] or not row["shown"] else "chưa kiểm chứng"]
        notes = "; ".join(note for note in told if note) if row["origin"] != "missing" else ""
        say(f"  {row['label']}: {row['shown']}{f' ({notes})' if notes else ''}")
