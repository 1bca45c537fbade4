"""Figures of the one-stop shop. A figure is a name for rows: its count and the list behind it are the same question.

Two bases: dossiers accepted in a period (index `unit_path, accepted_at`), and dossiers open now (partial index
`dossier_work`). Every page groups in SQL; nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.measures.periods import Period, key_of, months_on, start_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, newest
from xaso.modules.dossiers.models import Dossier, SubmittedPaper

PAGE = 30
PERIOD, NOW = "period", "now"
OPEN_STATES = [1, 2, 4, 5, 6, 9]  # as the partial index dossier_work is written
DONE_STATES = [9, 10]
NO_UNIT = "Bạn không được xem số liệu của đơn vị này, hoặc đơn vị không tồn tại. Hãy chọn lại đơn vị."
NO_FIGURE = "Không có số liệu tên này. Hãy quay lại trang Số liệu một cửa và chọn lại."


def _files_only() -> Q:
    """No paper lies there only on paper: each has its file, or is data that the State already holds (QĐ 766, 4.2)."""
    papers = SubmittedPaper.objects.filter(dossier=OuterRef("pk"))
    on_paper_only = papers.filter(is_handed_in=True, from_data=False, file=None)
    electronic = papers.filter(Q(from_data=True) | Q(file__isnull=False))
    return Q(Exists(electronic)) & ~Q(Exists(on_paper_only))


def _tonight(now: datetime) -> datetime:
    day = clock.local(now).date() + timedelta(days=1)
    return start_of(day)


@dataclass(frozen=True, slots=True)
class Figure:
    """`where(moment)` says which rows; `among` names the figure it is a share of."""

    key: str
    label: str
    basis: str
    where: Callable[[datetime], Q]
    among: str = ""


def _fixed(condition: Q) -> Callable[[datetime], Q]:
    return lambda _now: condition


def _verdicts() -> Iterable[Figure]:
    """Three clocks, three answers: the law's, the date shown to the resident, and the formula of QĐ 766."""
    for name, label in (("legal", "theo luật"), ("shown", "theo ngày hẹn"), ("766", "theo QĐ 766")):
        column = f"on_time_{name}"
        judged = f"judged_{name}"
        yield Figure(judged, f"Đã có kết quả ({label})", PERIOD, _fixed(Q(**{f"{column}__isnull": False})))
        yield Figure(f"on_time_{name}", f"Đúng hạn {label}", PERIOD, _fixed(Q(**{column: True})), judged)
        yield Figure(f"late_{name}", f"Trễ hạn {label}", PERIOD, _fixed(Q(**{column: False})), judged)


ASSISTED = Q(filing="assisted")
ONLINE = Q(channel="online")
FIGURES: dict[str, Figure] = {
    one.key: one
    for one in (
        Figure("received", "Hồ sơ đã tiếp nhận", PERIOD, _fixed(Q())),
        *_verdicts(),
        Figure("self", "Tự nộp trực tuyến", PERIOD, _fixed(ONLINE & ~ASSISTED), "received"),
        Figure("assisted", "Được hỗ trợ nộp", PERIOD, _fixed(ASSISTED), "received"),
        Figure("paper", "Nộp giấy", PERIOD, _fixed(~ONLINE & ~ASSISTED), "received"),
        Figure("done", "Đã có kết quả giải quyết", PERIOD, _fixed(Q(state__in=DONE_STATES))),
        Figure(
            "e_result",
            "Kết quả điện tử",
            PERIOD,
            _fixed(Q(state__in=DONE_STATES, result__file__isnull=False)),
            "done",
        ),
        Figure("digitised", "Số hoá đủ giấy tờ", PERIOD, lambda _now: _files_only(), "received"),
        Figure("charged", "Hồ sơ có phí, lệ phí", PERIOD, _fixed(Q(payment_state__in=["due", "part", "paid"]))),
        Figure("paid", "Đã nộp đủ phí, lệ phí", PERIOD, _fixed(Q(payment_state="paid")), "charged"),
        Figure("open", "Đang giải quyết", NOW, _fixed(Q(state__in=[1, 2, 4, 5, 6]))),
        Figure("overdue", "Đang quá hạn", NOW, lambda now: Q(state__in=[2, 4, 6], due_at__lt=now)),
        Figure(
            "due_today",
            "Đến hạn hôm nay",
            NOW,
            lambda now: Q(state__in=[2, 4], due_at__gte=now, due_at__lt=_tonight(now)),
        ),
        Figure("supplement", "Chờ người dân bổ sung", NOW, _fixed(Q(state=5, supplement_answered_at=None))),
        Figure("ready", "Chờ trả kết quả", NOW, _fixed(Q(state=9))),
    )
}


def unit_for(by: Actor, code: str) -> Unit:
    """The unit whose figures are asked: by code, or the officer's own. Raises Missing when it may not be seen."""
    units = Unit.objects.filter(code=code) if code else Unit.objects.filter(pk=by.unit_id)
    found = units.order_by("-valid_from").first()
    if found is None or not _may_see(by, found):
        raise Missing(NO_UNIT)
    return found


def own_unit(by: Actor) -> Unit | None:
    """Where the officer works, when its dossiers are the officer's to see."""
    found = Unit.objects.filter(pk=by.unit_id).first()
    return found if found and _may_see(by, found) else None


def _may_see(by: Actor, unit: Unit) -> bool:
    return by.may("cockpit.use", on=unit) and by.may("dossiers.view", on=unit)


def is_tree(unit: Unit) -> bool:
    """Does the unit have communes below it?"""
    return unit.kind in {Unit.Kind.PROVINCE, Unit.Kind.CITY, Unit.Kind.DISTRICT, Unit.Kind.TOWN}


def _base(by: Actor, unit: Unit, basis: str, period: Period) -> QuerySet[Dossier]:
    rows = visible(by, "dossiers.view", Dossier.objects.all())
    # A list of paths, not one range: the index then seeks each commune's month instead of walking all its years.
    paths = Unit.objects.under(unit.path).values("path") if is_tree(unit) else [unit.path]
    rows = rows.filter(unit_path__in=paths)
    if basis == NOW:
        return rows.filter(state__in=OPEN_STATES)
    return rows.filter(accepted_at__gte=start_of(period.since), accepted_at__lt=start_of(period.until))


def _counts(basis: str, now: datetime, keys: Iterable[str] = ()) -> dict[str, Count]:
    wanted = set(keys) or {one.key for one in FIGURES.values() if one.basis == basis}
    # Counted under a prefix: "paid" or "done" must not hide a column of the same name.
    return {f"n_{key}": Count("pk", filter=FIGURES[key].where(now) or None) for key in wanted}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("n_"): value for name, value in row.items()}


def totals(by: Actor, unit: Unit, period: Period) -> dict[str, int]:
    """Every figure of a unit. Two statements."""
    now = clock.now()
    found: dict[str, int] = {}
    for basis in (PERIOD, NOW):
        found |= _plain(_base(by, unit, basis, period).aggregate(**_counts(basis, now)))
    return found


PER_PROCEDURE = ("received", "judged_legal", "on_time_legal", "late_legal", "self", "assisted", "paper")


def by_procedure(by: Actor, unit: Unit, period: Period, keys: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Figures of the period per procedure, most dossiers first; all figures unless `keys` names some. One statement."""
    rows = _base(by, unit, PERIOD, period).values("procedure__code", "procedure__name")
    counted = rows.annotate(**_counts(PERIOD, clock.now(), keys))
    return [_plain(row) for row in counted.order_by("-n_received", "procedure__code")]


def workload(by: Actor, unit: Unit, period: Period) -> list[dict[str, Any]]:
    """Open work per step and officer, the most overdue first. One statement."""
    names = ("step_role", "assignee__uuid", "assignee__person__full_name")
    rows = _base(by, unit, NOW, period).values(*names)
    counted = rows.annotate(**_counts(NOW, clock.now()))
    return [_plain(row) for row in counted.order_by("-n_overdue", "-n_open", "step_role", "assignee__uuid")]


def by_unit(by: Actor, unit: Unit, period: Period) -> list[tuple[Unit, dict[str, int]]]:
    """Every figure of the communes of a province or district side by side, in the order of the map. Three statements.

    A commune that exists today is shown even without a row; one that ended is shown when it has rows.
    """
    now, today = clock.now(), clock.today()
    found: dict[str, dict[str, int]] = {}
    for basis in (PERIOD, NOW):
        rows = _base(by, unit, basis, period).values("unit_path").annotate(**_counts(basis, now))
        for row in rows.order_by("unit_path"):
            found.setdefault(row.pop("unit_path"), {}).update(_plain(row))
    units = {one.path: one for one in Unit.objects.under(unit.path).order_by("path", "valid_from")}
    nothing = dict.fromkeys(FIGURES, 0)
    return [
        (one, nothing | found.get(path, {}))
        for path, one in units.items()
        if path in found or (one.kind in Unit.COMMUNE_KINDS and (one.valid_to is None or one.valid_to >= today))
    ]


def summed(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The whole of grouped rows: what the parts add up to."""
    whole = dict.fromkeys(FIGURES, 0)
    for row in rows:
        for key in FIGURES.keys() & row.keys():
            whole[key] += row[key]
    return whole


def months(by: Actor, unit: Unit, period: Period, count: int = 12) -> list[tuple[str, int]]:
    """Dossiers accepted in each of the months up to the period's end, oldest first: (period key, rows). One
    statement, one range."""
    last = period.until - timedelta(days=1)
    firsts = [months_on(last.year, last.month, 1 - back) for back in range(count, -1, -1)]
    whole = Period("", "", "", firsts[0], firsts[-1])
    asked = {
        f"m{number}": Count("pk", filter=Q(accepted_at__gte=start_of(since), accepted_at__lt=start_of(until)))
        for number, (since, until) in enumerate(pairwise(firsts))
    }
    found = _base(by, unit, PERIOD, whole).aggregate(**asked)
    return [(key_of("month", since), found[f"m{number}"]) for number, since in enumerate(firsts[:-1])]


NARROWED_BY = {"thu-tuc": "procedure__code", "buoc": "step_role", "nguoi": "assignee__uuid"}
NOBODY = "-"


def rows_of(by: Actor, unit: Unit, period: Period, key: str, narrowed: dict[str, str]) -> QuerySet[Dossier]:
    """The rows behind a figure. `narrowed`: procedure code, step or officer, as NARROWED_BY names them."""
    figure = figure_named(key)
    return _narrow(_base(by, unit, figure.basis, period), narrowed).filter(figure.where(clock.now()))


def family(by: Actor, unit: Unit, period: Period, key: str, narrowed: dict[str, str]) -> list[tuple[Figure, int]]:
    """A figure with what it is a share of and the other shares: on time, late, all judged. One statement."""
    figure = figure_named(key)
    whole = figure.among or key
    keys = [one.key for one in FIGURES.values() if whole in {one.key, one.among}]
    if key == "received":
        keys = ["received"]
    elif whole == "received":
        keys = ["received", "self", "assisted", "paper"] if key != "digitised" else ["received", "digitised"]
    rows = _narrow(_base(by, unit, figure.basis, period), narrowed)
    counted = _plain(rows.aggregate(**_counts(figure.basis, clock.now(), keys)))
    return [(FIGURES[one], counted[one]) for one in keys]


def figure_named(key: str) -> Figure:
    if key not in FIGURES:
        raise Missing(NO_FIGURE)
    return FIGURES[key]


def _narrow(rows: QuerySet[Dossier], narrowed: dict[str, str]) -> QuerySet[Dossier]:
    for name, value in narrowed.items():
        nobody = name == "nguoi" and value == NOBODY
        rows = rows.filter(assignee=None) if nobody else rows.filter(**{NARROWED_BY[name]: value})
    return rows


def page_of(rows: QuerySet[Dossier], after: str = "", size: int = PAGE) -> Page[Dossier]:
    """A keyset page, newest first."""
    return newest(rows.select_related("procedure", "unit", "assignee__person"), after, size)
