"""What is known of a figure: computed from live rows, declared, both side by side, or missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from xaso.core.access import Actor, require, visible
from xaso.core.accounts.queries import own_unit
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import files_of_many
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.kit.subject import ref
from xaso.modules.figures.definitions import FigureKind, read_figures
from xaso.modules.figures.models import Declared, Import
from xaso.modules.figures.reading import Sheet, current, value_of
from xaso.modules.figures.rules import showing
from xaso.modules.figures.rules.given import Given
from xaso.modules.figures.rules.intervals import compare, interval
from xaso.modules.figures.rules.numbers import SAID, show_money, show_number, write_number
from xaso.modules.figures.rules.values import NOT_APPLICABLE, Value


def catalogue() -> dict[str, FigureKind]:
    """Every figure by its key. Raises ContentError when content is wrong."""
    return _catalogue(tuple(settings.CONTENT_DIRS))


@cache
def _catalogue(folders: tuple[Path, ...]) -> dict[str, FigureKind]:
    return read_figures(folders, measures.catalogue())


def kind_of(key: str) -> FigureKind:
    """Raises Missing."""
    found = catalogue().get(key)
    if found is None:
        raise Missing(f"Không có số liệu tên “{key}”. Hãy quay lại danh sách và chọn lại.")
    return found


def value(key: str, unit: Unit, period: Period, sub_population: str = "") -> Value:
    """One figure of one unit. Raises Missing for an unknown key."""
    return values([key], [unit], period, sub_population)[key, unit.path]


def values(
    keys: Iterable[str], units: Sequence[Unit], period: Period, sub_population: str = ""
) -> dict[tuple[str, str], Value]:
    """{(key, unit path): value}, in the same few statements for one unit and for all communes of a province.

    A flow is what was declared for exactly that period, or the sum of its months, quarters or halves when none is
    lacking. A stock is the latest one of the year up to the period's end; `as_of` says how old it is.
    """
    wanted = list(dict.fromkeys(keys))
    kinds = {key: kind_of(key) for key in wanted}
    sheet = Sheet(catalogue(), [unit.path for unit in units], period, sub_population)
    sheet.fill(kinds)
    return {(key, unit.path): sheet.value(key, unit.path) for unit in units for key in wanted}


def shown(of: Value) -> str:
    """“hơn 46 %”, “14/14”, “gần 90 triệu đồng”, “1.412”, “chưa có số liệu”."""
    return showing.shown(of, options=_options(of.key))


def shown_with_unit(of: Value) -> str:
    """The same, a count with what is counted: “hơn 1.400 hồ sơ”."""
    kind = catalogue().get(of.key)
    return showing.shown(of, kind.unit if kind else "", _options(of.key))


def said(row: Declared) -> str:
    """What one declaration says, without looking at what else is known."""
    kind = catalogue().get(row.key)
    blank = Value(row.key, kind.type if kind else "count", row.unit_path, row.period_key)
    return shown_with_unit(value_of(blank, row))


def history(unit: Unit, key: str) -> list[Declared]:
    """Everything that was ever declared of it for that unit, the newest first. At most the last hundred."""
    rows = Declared.objects.filter(unit_path=unit.path, key=key).select_related("replaced_by", "batch")
    return list(rows.order_by("-as_of", "-pk")[:100])


def evidence_of(rows: Iterable[Declared]) -> dict[int, list[StoredFile]]:
    """{declared pk: its files}, in one statement."""
    by_subject = {ref(row): row.pk for row in rows}
    return {by_subject[subject]: found for subject, found in files_of_many(by_subject).items()}


def declared(by: Actor, uuid: UUID) -> Declared:
    """Raises Missing for what the actor may not see."""
    rows = Declared.objects.select_related("unit", "batch", "replaced_by")
    found = visible(by, "figures.view", rows).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy số liệu này ở đơn vị của bạn.")
    return found


def waiting(by: Actor, permission: str = "figures.view") -> QuerySet[Declared]:
    """What waits for a decision, where the actor has the permission."""
    rows = Declared.objects.filter(state=Declared.State.WAITING).select_related("unit", "batch")
    return visible(by, permission, rows)


def waiting_units(by: Actor, permission: str = "figures.view") -> list[tuple[str, str, int]]:
    """(code, name, how many wait) of every unit where something waits, most first. One statement."""
    names = ("unit__code", "unit__kind", "unit__name")
    rows = waiting(by, permission).order_by().values_list(*names).annotate(n=Count("pk"))
    found = [(code, f"{Unit.Kind(kind).label.capitalize()} {name}", n) for code, kind, name, n in rows]
    return sorted(found, key=lambda one: (-one[2], fold(one[1])))


def imports(by: Actor) -> QuerySet[Import]:
    return visible(by, "figures.view", Import.objects.select_related("unit"))


def import_of(by: Actor, uuid: UUID) -> Import:
    """Raises Missing for what the actor may not see."""
    found = imports(by).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy lần nhập này ở đơn vị của bạn.")
    return found


def unit_named(by: Actor, code: str, on: date) -> Unit:
    """The unit of that day whose figures are looked at, or the actor's own. Raises Missing, Forbidden, Refused."""
    found = unit_by_code(code, on) if code else own_unit(by)
    require(by, "figures.view", found)
    return found


def units_to_choose(by: Actor, on: date) -> list[Unit]:
    """Provinces, districts and communes of that day whose figures the actor may see, where there are several."""
    over = [grant.unit_path for scope, grant in by.scopes_of("figures.view") if scope == "tree"]
    if not over:
        return []
    kinds = [*Unit.COMMUNE_KINDS, Unit.Kind.DISTRICT, Unit.Kind.TOWN, Unit.Kind.PROVINCE, Unit.Kind.CITY]
    units = Unit.objects.on(on).filter(kind__in=kinds, path__gte=over[0], path__lt=over[0][:-1] + "/")
    return list(units.order_by("path"))


def orphans() -> Iterator[str]:
    """What was declared under a key that content no longer has, one sentence each: for `xaso verify`."""
    gone = current().exclude(key__in=list(catalogue())).order_by("key").values_list("key", flat=True).distinct()
    for key in gone:
        yield f"Số liệu “{key}” đã có khai báo nhưng không còn trong content/figures. Hãy khai lại khoá này."


def level_of(unit: Unit) -> str:
    """province, district or commune; empty for what is none of them."""
    kinds = Unit.Kind
    if unit.kind in Unit.COMMUNE_KINDS:
        return "commune"
    others = {kinds.PROVINCE: "province", kinds.CITY: "province", kinds.DISTRICT: "district", kinds.TOWN: "district"}
    return others.get(kinds(unit.kind), "")


def kinds_for(unit: Unit) -> list[FigureKind]:
    """The figures that make sense for a unit of its level, in the order of content."""
    level = level_of(unit)
    return [kind for kind in catalogue().values() if not level or level in kind.levels]


def form_lines(unit: Unit, period: Period) -> list[dict[str, str]]:
    """One line of the form for each figure that must be declared, with what is known of it."""
    asked = [kind for kind in kinds_for(unit) if not kind.is_computed]
    keys = {kind.key for kind in asked}
    rows = Sheet(catalogue(), [unit.path], period, "").rows(keys).filter(period_key__in=["", period.key])
    kept = {(row.key, bool(row.period_key)): row for row in rows.order_by("as_of")}
    return [_form_line(kind, kept.get((kind.key, kind.kind == "flow"))) for kind in asked]


def _form_line(kind: FigureKind, row: Declared | None) -> dict[str, str]:
    line = {"key": kind.key, "label": f"{kind.label} ({kind.base})" if kind.base else kind.label, "unit": kind.unit}
    if row is None:
        return line
    is_pair = row.numerator is not None and row.denominator is not None
    confidence = {"high": "cao", "medium": "trung bình", "low": "thấp"}[row.confidence]
    return line | {
        "value": "" if is_pair else _written(kind, row),
        "numerator": write_number(row.numerator) if row.numerator is not None else "",
        "denominator": write_number(row.denominator) if row.denominator is not None else "",
        "as_of": f"{row.as_of:%d/%m/%Y}",
        "source": row.source,
        "supplier": row.supplier,
        "document_number": row.document_number,
        "document_title": row.document_title,
        "document_on": f"{row.document_on:%d/%m/%Y}" if row.document_on else "",
        "confidence": confidence,
    }


def _written(kind: FigureKind, row: Declared) -> str:
    """What `said` says, but to the last digit."""
    if kind.type == "percent" and row.number is not None:
        return f"{SAID[row.comparator]}{write_number(row.number)} %"
    return said(row)


def _options(key: str) -> dict[str, str]:
    kind = catalogue().get(key)
    return dict(kind.options) if kind else {}


__all__ = [
    "NOT_APPLICABLE", "FigureKind", "Given", "Value", "catalogue", "compare", "interval", "kind_of", "said",
    "show_money", "show_number", "shown", "shown_with_unit", "value", "values",
]  # fmt: skip
