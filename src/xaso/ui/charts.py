"""Drawings worked out on the server: where each line, bar and letter stands. No colour carries a meaning by itself.

Coordinates are per cent of the drawing, so that a phone and a wall get the same chart with letters of a readable size.
What is missing leaves a hole: nothing is drawn between its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor, log10

from xaso.ui.templatetags.ui import so

Number = int | float | Decimal
PATTERNS = 5
FEW_LABELS = 6
NARROWEST_LABEL = 14.0
HEADROOM = 1.12
MISSING = "chưa có số liệu"


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a series. `short` stands under the axis, `text` is the value as people read it."""

    label: str
    value: Number | None
    text: str = ""
    short: str = ""
    url: str = ""

    @property
    def shown(self) -> str:
        return MISSING if self.value is None else self.text or so(self.value)


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    text: str
    anchor: str = "middle"
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series on paper: its path, its dots, and the label at its end."""

    name: str
    path: str
    dots: str
    end: Mark | None


@dataclass(frozen=True, slots=True)
class LineChart:
    title: str
    said: str
    series: tuple[Drawn, ...]
    target: Mark | None
    """Its words stand above the line, or below where the last value is on or above it."""
    lines: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[Point, ...], ...]
    has_data: bool


def line_chart(
    title: str,
    series: dict[str, Sequence[Point]],
    *,
    target: Number | None = None,
    target_text: str = "",
    most: Number | None = None,
    end_labels: bool = True,
) -> LineChart:
    """Months from left to right. `series`: name → points, all of the same moments; `most` fixes the top (100 for %)."""
    everything = [float(p.value) for points in series.values() for p in points if p.value is not None]
    highest = max([*everything, float(target or 0)], default=0.0)
    top = float(most) if most is not None else nice_top(highest)
    span = (top * HEADROOM) or 1.0
    drawn = tuple(_drawn(name, points, span, labelled=end_labels) for name, points in series.items())
    first = next(iter(series.values()), ())
    lines = tuple(Mark("0", _y(value, span), so(round(value, 2)), "start") for value in (0.0, top / 2, top) if top)
    return LineChart(
        title=title,
        said=_said(title, series, target_text),
        series=drawn,
        target=_target_mark(series, float(target), span, target_text) if target is not None else None,
        lines=lines,
        ticks=_ticks(first),
        head=tuple(series),
        rows=tuple(zip(*series.values(), strict=True)) if series else (),
        has_data=bool(everything),
    )


def _target_mark(series: dict[str, Sequence[Point]], target: float, span: float, text: str) -> Mark:
    last = [known[-1] for points in series.values() if (known := [p for p in points if p.value is not None])]
    is_above = any(float(point.value or 0) >= target for point in last)
    return Mark("50", _y(target, span), text, is_minor=is_above)


def _drawn(name: str, points: Sequence[Point], span: float, *, labelled: bool) -> Drawn:
    path, dots, joined = [], [], False
    for number, point in enumerate(points):
        if point.value is None:
            joined = False
            continue
        at = f"{_x(number, len(points))} {_y(float(point.value), span)}"
        path.append(f"{'L' if joined else 'M'}{at}")
        dots.append(f"M{at}h0")
        joined = True
    known = [(number, point) for number, point in enumerate(points) if point.value is not None]
    end = None
    if known and labelled:
        number, point = known[-1]
        x, anchor = _x(number, len(points)), "end" if number > len(points) / 2 else "start"
        end = Mark(x, _y(float(point.value or 0), span), point.shown, anchor)
    return Drawn(name, "".join(path), "".join(dots), end)


def _ticks(points: Sequence[Point]) -> tuple[Mark, ...]:
    """Every label on a wide page; on a phone only as many as fit beside each other, the last one among them."""
    step = max(1, ceil(len(points) / FEW_LABELS))
    last = len(points) - 1
    return tuple(
        Mark(
            _x(number, len(points)),
            "100",
            point.short or point.label,
            "start" if number == 0 else "end" if number == last else "middle",
            bool((last - number) % step),
        )
        for number, point in enumerate(points)
    )


def _said(title: str, series: dict[str, Sequence[Point]], target_text: str) -> str:
    """The chart in a sentence, for those who hear it."""
    parts = []
    for name, points in series.items():
        known = [point for point in points if point.value is not None]
        if not known:
            parts.append(f"{name}: {MISSING}")
            continue
        low, high = min(known, key=_value), max(known, key=_value)
        holes = len(points) - len(known)
        parts.append(
            f"{name}: {known[-1].label} {known[-1].shown}, thấp nhất {low.shown} ({low.label}), "
            f"cao nhất {high.shown} ({high.label})" + (f", {holes} kỳ {MISSING}" if holes else "")
        )
    return f"{title}. {'; '.join(parts)}." + (f" Đường đứt nét: {target_text}." if target_text else "")


def _value(point: Point) -> float:
    return float(point.value or 0)


@dataclass(frozen=True, slots=True)
class Spark:
    """A line as small as a word: no axis, its sentence says the rest."""

    said: str
    path: str
    end: str
    target: str


def spark(
    name: str, points: Sequence[Point], *, target: Number | None = None, most: Number | None = None
) -> Spark | None:
    """None when there is nothing to draw. The scale begins at zero: a small change must look small."""
    known = [float(point.value) for point in points if point.value is not None]
    if not known:
        return None
    highest = max([*known, float(target or 0), float(most or 0)])
    span = (highest * HEADROOM) or 1.0
    drawn = _drawn(name, points, span, labelled=False)
    last = max(drawn.dots.rfind("M"), 0)
    return Spark(
        said=_said("Xu hướng", {name: points}, ""),
        path=drawn.path,
        end=drawn.dots[last:],
        target=_y(float(target), span) if target is not None else "",
    )


@dataclass(frozen=True, slots=True)
class Trend:
    """A line in the row of a table, and which way it went: a sign for the eye, a word for the ear."""

    path: str
    sign: str
    word: str
    amount: str


WAYS = {1: ("▲", "tăng"), -1: ("▼", "giảm"), 0: ("=", "không đổi")}


def trend(values: Sequence[Number | None], change: Number | None, *, most: Number | None = None) -> Trend | None:
    """None when nothing is known. From zero, and in whole numbers: a hundred of them must not outweigh their table."""
    known = [float(value) for value in values if value is not None]
    if not known and change is None:
        return None
    path = _thin(values, max([*known, float(most or 0)], default=0.0)) if len(known) > 1 else ""
    if change is None:
        return Trend(path, "", "", "")
    moved = Decimal(str(change)).quantize(Decimal("0.1"))
    sign, word = WAYS[(moved > 0) - (moved < 0)]
    return Trend(path, sign, word, so(_rounded(float(abs(moved)))) if moved else "")


def _thin(values: Sequence[Number | None], top: float) -> str:
    steps, joined, last = [], False, max(len(values) - 1, 1)
    for number, value in enumerate(values):
        if value is None:
            joined = False
            continue
        at = f"{round(99 * number / last)} {round(95 - 90 * min(float(value) / (top or 1.0), 1.0))}"
        steps.append(f"{'L' if joined else 'M'}{at}")
        joined = True
    return "".join(steps)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a ranking. Without a value there is no bar, and the row says why."""

    label: str
    value: Number | None
    text: str = ""
    detail: str = ""
    url: str = ""
    value_url: str = ""
    rank: str = ""
    notes: tuple[str, ...] = ()
    pattern: int = 1
    width: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    title: str
    rows: tuple[Bar, ...]
    target: str = ""
    target_text: str = ""
    head: tuple[str, str, str] = ("Hạng", "Đơn vị", "Giá trị")
    note: str = ""


def bar_chart(
    title: str,
    rows: Iterable[Bar],
    *,
    most: Number | None = None,
    target: Number | None = None,
    target_text: str = "",
    **more: object,
) -> BarChart:
    """Bars from zero, in the order given. `more`: head, note."""
    listed = list(rows)
    highest = max([float(bar.value) for bar in listed if bar.value is not None] + [float(target or 0)], default=0.0)
    top = float(most) if most is not None else highest
    return BarChart(
        title,
        tuple(_sized(bar, top) for bar in listed),
        _part(float(target), top) if target is not None else "",
        target_text,
        **more,  # type: ignore[arg-type]
    )


def _sized(bar: Bar, top: float) -> Bar:
    width = "" if bar.value is None else _part(float(bar.value), top)
    text = MISSING if bar.value is None and not bar.text else bar.text or so(bar.value or 0)
    return Bar(bar.label, bar.value, text, bar.detail, bar.url, bar.value_url, bar.rank, bar.notes, bar.pattern, width)


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a whole."""

    label: str
    value: Number
    url: str = ""
    share: str = ""
    pattern: int = 1
    x: str = ""
    width: str = ""
    middle: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class StackedChart:
    title: str
    said: str
    parts: tuple[Part, ...] = ()
    whole: Number = 0
    unit: str = ""


def stacked_chart(title: str, parts: Iterable[Part], *, unit: str = "") -> StackedChart:
    """Parts of one whole, each with a pattern of its own and its number written out."""
    listed = list(parts)
    whole = sum(part.value for part in listed)
    placed, x = [], 0.0
    for number, part in enumerate(listed):
        wide = 100 * float(part.value) / float(whole) if whole else 0.0
        share = f"{so(_rounded(wide))} %" if whole else MISSING
        shown = wide >= NARROWEST_LABEL
        ends = (_f(x), _f(wide), _f(x + wide / 2))
        placed.append(Part(part.label, part.value, part.url, share, number % PATTERNS + 1, *ends, shown))
        x += wide
    words = ", ".join(f"{part.label} {so(part.value)} ({part.share})" for part in placed)
    return StackedChart(title, f"{title}: {words or MISSING}.", tuple(placed), whole, unit)


@dataclass(frozen=True, slots=True)
class Square:
    """A commune on the schematic map: letter and pattern of its class."""

    name: str
    initials: str
    url: str
    text: str
    letter: str
    pattern: int


@dataclass(frozen=True, slots=True)
class Area:
    """A district: where its box stands on the grid of the map, and the squares in it."""

    name: str
    column: int
    row: int
    wide: int
    high: int
    squares: tuple[Square, ...] = ()


@dataclass(frozen=True, slots=True)
class TileMap:
    title: str
    areas: tuple[Area, ...]
    classes: tuple[tuple[str, int, str, int], ...] = field(default=())
    """Letter, pattern, what it means, how many squares."""
    is_placed: bool = True
    """False: nobody has said where the areas lie, they stand one below the other."""


def nice_top(highest: float) -> float:
    """The next round number above: 1, 2, 2.5, 5 or 10 times a power of ten."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(highest))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= highest * 0.999)


def _rounded(value: float) -> Decimal:
    exact = Decimal(str(value)).quantize(Decimal("0.1"))
    return exact if exact % 1 else exact.quantize(Decimal(1))


def _x(number: int, count: int) -> str:
    return _f(1.5 + 97 * (number / (count - 1) if count > 1 else 0.5))


def _y(value: float, span: float) -> str:
    """From 4 % of the height at the top to 96 % at zero."""
    return _f(96 - 92 * min(max(value / span, 0.0), 1.0))


def _part(value: float, top: float) -> str:
    return _f(100 * min(max(value / top, 0.0), 1.0)) if top else "0"


def _f(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
