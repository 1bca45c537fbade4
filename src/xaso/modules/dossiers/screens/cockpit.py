"""The leader's figures of the one-stop shop. Every figure opens the dossiers behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.access.roles import titles
from xaso.core.measures.periods import Period, key_of, period_of
from xaso.core.screens import Answer, screen
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.dossiers import figures as asked
from xaso.modules.dossiers.figures import FIGURES

SHOWN = 30
UNITS_SHOWN = 70
KINDS = {"month": "Tháng", "quarter": "Quý", "year": "Năm"}
NO_DATA = "chưa có số liệu"
BOTTOM = 40
NOW_TILES = ("open", "overdue", "due_today", "supplement", "ready")
TIME_TILES = ("on_time_legal", "on_time_shown", "on_time_766")
WAY_TILES = ("self", "assisted", "paper")
OTHER_TILES = ("digitised", "e_result", "paid")
HOME_TILES = ("overdue", "due_today", "supplement", "ready", "received", "on_time_legal", "self", "assisted", "paper")


def share(part: int, whole: int) -> float | None:
    """Per cent, or None when there is nothing to share. Never rounds up to a whole that is not one."""
    if not whole:
        return None
    exact = 100 * part / whole
    return exact if part in {0, whole} else min(max(exact, 0.1), 99.9)


def _address(key: str, unit: Unit, period: Period, **narrowed: str) -> str:
    query = {"ky": period.key, "don-vi": unit.code} | narrowed
    return f"{reverse('cockpit-dossiers:rows', args=[key])}?{urlencode(query)}"


def _tile(key: str, counted: dict[str, int], unit: Unit, period: Period) -> dict[str, Any]:
    """One figure: a share with its parts, or a number of dossiers."""
    figure = FIGURES[key]
    tile = {"label": figure.label, "url": _address(key, unit, period), "tone": "", "percent": None, "text": ""}
    if figure.among:
        part, whole = counted[key], counted[figure.among]
        if whole:
            return tile | {"percent": share(part, whole), "part": part, "whole": whole}
        return tile | {"text": NO_DATA, "url": ""}
    tone = ("bad" if counted[key] else "good") if key == "overdue" else ""
    return tile | {"count": counted[key], "tone": tone}


def _tiles(keys: tuple[str, ...], counted: dict[str, int], unit: Unit, period: Period) -> list[dict[str, Any]]:
    return [_tile(key, counted, unit, period) for key in keys]


@screen("dossiers/cockpit/figures.html", permission="cockpit.use")
def figures(request: HttpRequest) -> Answer:
    """On time, online, overdue and workload of a unit: one commune, or communes side by side."""
    period = period_of(request.GET.get("ky", ""))
    unit = asked.unit_for(request.actor, request.GET.get("don-vi", ""))
    part = _side_by_side(request, unit, period) if asked.is_tree(unit) else _one_unit(request, unit, period)
    counted = part["counted"]
    groups = [
        ("Bây giờ", _tiles(NOW_TILES, counted, unit, period)),
        (f"Đúng hạn, hồ sơ nhận trong {period.label}", _tiles(("received", *TIME_TILES), counted, unit, period)),
        ("Cách nộp", _tiles(WAY_TILES, counted, unit, period)),
        ("Số hoá, kết quả điện tử, thu phí", _tiles(OTHER_TILES, counted, unit, period)),
    ]
    return part | {"unit": unit, "period": period, "groups": groups, "picker": _picker(unit, period)}


def _one_unit(request: HttpRequest, unit: Unit, period: Period) -> dict[str, Any]:
    procedures = asked.by_procedure(request.actor, unit, period)
    load = asked.workload(request.actor, unit, period)
    months = asked.months(request.actor, unit, period)
    counted = asked.summed(procedures) | {key: asked.summed(load)[key] for key in NOW_TILES}
    return {
        "counted": counted,
        "load": [_load_row(row, unit, period) for row in load[:SHOWN]],
        "months": _bars(months, unit),
        **_procedures(request, procedures, unit, period),
    }


def _side_by_side(request: HttpRequest, unit: Unit, period: Period) -> dict[str, Any]:
    found = asked.by_unit(request.actor, unit, period)
    procedures = asked.by_procedure(request.actor, unit, period, asked.PER_PROCEDURE)
    order = request.GET.get("xep", "")
    if order in SORTS:
        found = sorted(found, key=lambda pair: SORTS[order](pair[1]))
    first = _number(request.GET.get("tu", ""))
    shown = found[first : first + UNITS_SHOWN]
    following = f"?{_query(request, tu=first + UNITS_SHOWN)}#cac-xa" if len(found) > first + UNITS_SHOWN else ""
    return {
        "counted": asked.summed(counted for _, counted in found),
        "units": [_unit_row(one, counted) for one, counted in shown],
        "unit_count": len(found),
        "units_next": following,
        "units_prev": f"?{_query(request, tu=max(0, first - UNITS_SHOWN))}#cac-xa" if first else "",
        "unit_head": _unit_head(request, order),
        **_procedures(request, procedures, unit, period),
    }


SORTS: dict[str, Callable[[dict[str, int]], Any]] = {
    "nhan": lambda row: -row["received"],
    "dung-han": lambda row: _worst_first(row["on_time_legal"], row["judged_legal"]),
    "tu-nop": lambda row: _worst_first(row["self"], row["received"]),
    "qua-han": lambda row: -row["overdue"],
}


def _worst_first(part: int, whole: int) -> tuple[bool, float]:
    """Units without a figure come last, not first."""
    return (not whole, part / whole if whole else 0)


def _unit_head(request: HttpRequest, order: str) -> list[Any]:
    names = {"nhan": "Tiếp nhận", "dung-han": "Đúng hạn", "tu-nop": "Tự nộp", "qua-han": "Quá hạn"}
    heads = [
        {
            "label": label,
            "num": True,
            "url": f"?{_query(request, xep=key, tu='')}#cac-xa",
            "sorted": ("ascending" if key in {"dung-han", "tu-nop"} else "descending") if order == key else "",
        }
        for key, label in names.items()
    ]
    return ["Đơn vị", *heads]


def _unit_row(unit: Unit, counted: dict[str, int]) -> dict[str, Any]:
    return {
        "unit": unit,
        "received": counted["received"],
        "on_time": share(counted["on_time_legal"], counted["judged_legal"]),
        "on_time_part": counted["on_time_legal"],
        "on_time_whole": counted["judged_legal"],
        "self": share(counted["self"], counted["received"]),
        "overdue": counted["overdue"],
    }


def _procedures(request: HttpRequest, rows: list[dict[str, Any]], unit: Unit, period: Period) -> dict[str, Any]:
    first = _number(request.GET.get("tt", ""))
    shown = [
        {
            "code": row["procedure__code"],
            "name": row["procedure__name"],
            "received": row["received"],
            "received_url": _address("received", unit, period, **{"thu-tuc": row["procedure__code"]}),
            "on_time": share(row["on_time_legal"], row["judged_legal"]),
            "on_time_part": row["on_time_legal"],
            "on_time_whole": row["judged_legal"],
            "on_time_url": _address("on_time_legal", unit, period, **{"thu-tuc": row["procedure__code"]}),
            "late": row["late_legal"],
            "late_url": _address("late_legal", unit, period, **{"thu-tuc": row["procedure__code"]}),
            "self": share(row["self"], row["received"]),
            "self_url": _address("self", unit, period, **{"thu-tuc": row["procedure__code"]}),
        }
        for row in rows[first : first + SHOWN]
    ]
    return {
        "procedures": shown,
        "procedures_next": f"?{_query(request, tt=first + SHOWN)}#thu-tuc" if len(rows) > first + SHOWN else "",
        "procedures_prev": f"?{_query(request, tt=max(0, first - SHOWN))}#thu-tuc" if first else "",
    }


def _load_row(row: dict[str, Any], unit: Unit, period: Period) -> dict[str, Any]:
    who = {"buoc": row["step_role"], "nguoi": str(row["assignee__uuid"] or asked.NOBODY)}
    return {
        "step": titles().get(row["step_role"], "Chưa chuyển bước"),
        "who": row["assignee__person__full_name"] or "Chưa giao ai",
        "figures": [
            (FIGURES[key].label, row[key], _address(key, unit, period, **who)) for key in NOW_TILES if key != "ready"
        ],
        "is_late": row["overdue"] > 0,
    }


def _bars(months: list[tuple[str, int]], unit: Unit) -> dict[str, Any] | None:
    """Twelve bars in a drawing 120 wide and 40 high, and the same numbers for the table."""
    most = max(count for _, count in months)
    if not most:
        return None
    bars = []
    for number, (key, count) in enumerate(months):
        height = round(BOTTOM * count / most, 1)
        period = period_of(key)
        bars.append(
            {
                "x": number * 10 + 1,
                "y": round(BOTTOM - height, 1),
                "height": height,
                "label": period.label,
                "count": count,
                "url": _address("received", unit, period),
            }
        )
    return {"bars": bars, "most": most}


def _picker(unit: Unit, period: Period) -> dict[str, Any]:
    def address(key: str) -> str:
        return f"?{urlencode({'ky': key, 'don-vi': unit.code})}" if key else ""

    inside = max(period.since, min(period.until - timedelta(days=1), clock.today()))
    tabs = [
        {"label": label, "url": address(key_of(kind, inside)), "current": kind == period.kind}
        for kind, label in KINDS.items()
    ]
    return {"tabs": tabs, "previous": address(period.previous), "following": address(period.following)}


def _query(request: HttpRequest, **changed: Any) -> str:
    kept = {name: value for name, value in request.GET.items() if name in {"ky", "don-vi", "xep", "tu", "tt"}}
    return urlencode({name: value for name, value in (kept | changed).items() if value != ""})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


@screen("dossiers/cockpit/rows.html", permission="cockpit.use")
def rows(request: HttpRequest, figure: str) -> Answer:
    """The dossiers behind one figure."""
    period = period_of(request.GET.get("ky", ""))
    unit = asked.unit_for(request.actor, request.GET.get("don-vi", ""))
    narrowed = _narrowed(request)
    family = asked.family(request.actor, unit, period, figure, narrowed)
    page = asked.page_of(asked.rows_of(request.actor, unit, period, figure, narrowed), request.GET.get("after", ""))
    back = {"ky": period.key, "don-vi": unit.code}
    return {
        "figure": FIGURES[figure],
        "unit": unit,
        "period": period,
        "count": next(count for one, count in family if one.key == figure),
        "tabs": [
            {
                "label": one.label,
                "url": _address(one.key, unit, period, **narrowed),
                "count": count,
                "current": one.key == figure,
            }
            for one, count in family
        ],
        "rows": page.rows,
        "next": f"?{urlencode(back | narrowed | {'after': page.after})}" if page.after else "",
        "first": f"?{urlencode(back | narrowed)}" if request.GET.get("after") else "",
        "back": f"{reverse('cockpit-dossiers:figures')}?{urlencode(back)}",
        "is_tree": asked.is_tree(unit),
        "now": clock.now(),
    }


def _narrowed(request: HttpRequest) -> dict[str, str]:
    found = {name: request.GET[name] for name in asked.NARROWED_BY if name in request.GET}
    who = found.get("nguoi", asked.NOBODY)
    if who != asked.NOBODY:
        try:
            UUID(who)
        except ValueError:
            raise Missing(asked.NO_FIGURE) from None
    return found


def tiles(request: HttpRequest) -> dict[str, Any] | None:
    """Figures of this month for the cockpit's first page. Three statements."""
    unit = asked.own_unit(request.actor)
    if unit is None:
        return None
    period = period_of("")
    counted = asked.totals(request.actor, unit, period)
    return {
        "template": "dossiers/parts/cockpit_tiles.html",
        "unit": unit,
        "period": period,
        "tiles": _tiles(HOME_TILES, counted, unit, period),
        "url": f"{reverse('cockpit-dossiers:figures')}?{urlencode({'ky': period.key, 'don-vi': unit.code})}",
    }


urlpatterns = [
    path("", figures, name="figures"),
    path("rows/<slug:figure>/", rows, name="rows"),
]
