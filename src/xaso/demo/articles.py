"""The rows of figures in the articles as the live database gives them: what was counted, declared, promised, shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from xaso.core.measures.periods import find_period
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.article_figures import declare_articles
from xaso.demo.article_list import Articles, Row, read_articles
from xaso.kit.sure import sure
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import Value
from xaso.modules.targets import queries as targets
from xaso.modules.targets.models import Target

__all__ = ["article_rows", "declare_articles", "said"]

ROUNDED = {">": ROUND_FLOOR, "~<": ROUND_CEILING, "=": ROUND_HALF_UP}
LEVELS = {"province": "province", "city": "province", "district": "district", "town": "district"}
Said = tuple[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says of a row, before it is put into the row's words."""

    comparator: str = "="
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    exact: Decimal | None = None
    type: str = ""
    how: str = ""
    shown: str = ""
    is_verified: bool | None = None
    source: str = ""
    supplier: str = ""
    more: tuple[tuple[str, Any], ...] = ()


def article_rows() -> list[dict[str, Any]]:
    """Every row, in the articles' order, as plain values: id, place, period, comparator, value, how it was obtained."""
    content = read_articles()
    found = []
    for row in content.rows:
        # As the unit was then: a name or a border may have changed since.
        unit = unit_by_code(row.place, content.as_of(row))
        found.append(_plain(content, row, unit, _found(row, unit)))
    return found


def _found(row: Row, unit: Unit) -> Found:
    if row.how == "displayed":
        return Found(value=row.value, comparator=row.cmp, type=row.type, how="displayed", shown=row.text)
    return {"results": _results, "target": _target}.get(row.how, _figure)(row, unit)


def _figure(row: Row, unit: Unit) -> Found:
    value = figures.value(row.figure, unit, sure(find_period(row.period)), row.among)
    beside = [figures.value(key, unit, sure(find_period(row.period)), row.among) for key in row.also]
    comparator, number = said(row, value)
    return Found(
        comparator=comparator,
        value=number,
        numerator=value.numerator,
        denominator=value.denominator,
        exact=value.number,
        type=value.type,
        how=value.origin,
        shown=figures.shown_with_unit(value),
        is_verified=value.is_verified,
        source="; ".join(dict.fromkeys(one.source for one in value.sources if one.source)),
        supplier="; ".join(dict.fromkeys(one.supplier for one in value.sources if one.supplier)),
        more=tuple((one.key, _number(one.number)) for one in (*value.parts, *beside)),
    )


def said(row: Row, value: Value) -> Said:
    """The number as the article words it: "hơn 25 %" for 26,3 % when it speaks in steps of five."""
    if value.number is None:
        return value.comparator, None
    number = value.number / row.scale
    if row.say is None:
        return value.comparator, number
    step = Decimal(row.say.to)
    rounded = (number / step).quantize(Decimal(1), ROUNDED[row.say.cmp]) * step
    if row.say.cmp == "=" or (rounded == number and value.comparator == "="):
        return value.comparator, rounded
    return row.say.cmp, rounded


def _target(row: Row, unit: Unit) -> Found:
    """A promise, whether it still stands or another has taken its place."""
    promise = (
        Target.objects.select_related("plan", "replaced_by")
        .filter(unit_path=unit.path, source_article=row.same_as or row.id)
        .first()
    )
    if promise is None:
        return Found(type="target", how="missing")
    newer = getattr(promise, "replaced_by", None)
    return Found(
        comparator=promise.comparator,
        value=promise.value,
        exact=promise.value,
        type=figures.kind_of(row.figure).type,
        how="declared",
        shown=targets.wanted_words(promise),
        source=promise.source_document,
        supplier=promise.plan.issuer,
        more=(("plan", promise.plan.title), ("state", promise.state), ("replaced_by", newer and newer.source_article)),
    )


def _results(row: Row, unit: Unit) -> Found:
    """How many of the year's targets came to this result."""
    year = int(row.period)
    counts = targets.counts_of([unit], year)[unit.path]
    count = Decimal(counts.of(targets.Result(row.result)))
    failed = counts.of(targets.Result.FAILED)
    if not counts.total:
        return Found(type="ratio", how="missing")
    return Found(
        value=count,
        numerator=count,
        denominator=Decimal(counts.total),
        exact=count,
        type="ratio",
        how="computed",
        shown=counts.line,
        is_verified=True,
        more=(("failed", failed),),
    )


def _plain(content: Articles, row: Row, unit: Unit, found: Found) -> dict[str, Any]:
    article = content.articles[row.article]
    return {
        "id": row.id,
        "article": article.id,
        "place": str(unit),
        "unit_code": row.place,
        "level": row.level or LEVELS.get(unit.kind, "commune"),
        "period": row.period,
        "as_of": content.as_of(row).isoformat(),
        "kind": row.kind,
        "label": row.label,
        "among": row.among,
        "figure": row.figure,
        "type": found.type or row.type,
        "comparator": found.comparator,
        "value": _number(found.value) if found.value is not None else row.text or None,
        "unit": row.unit,
        "numerator": _number(found.numerator),
        "denominator": _number(found.denominator),
        "exact": _number(found.exact),
        "text": row.text,
        "how": found.how,
        "is_target": row.kind == "T",
        "is_verified": found.is_verified,
        "shown": found.shown or row.text,
        "source": found.source or _source(content, row),
        "supplier": found.supplier,
        "parts": dict(found.more),
    }


def _source(content: Articles, row: Row) -> str:
    article = content.articles[row.article]
    return f"Bài {article.id}: {article.about} ({article.published})"


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
