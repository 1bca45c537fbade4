"""Which unit and which period a page is about."""

from __future__ import annotations

from datetime import date

from xaso.core.access import Actor
from xaso.core.measures.periods import Period, find_period, this
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing

NO_UNIT = "Bạn không được xem số liệu của đơn vị này, hoặc đơn vị không tồn tại. Hãy chọn lại đơn vị."
KINDS = {"month": "Tháng", "quarter": "Quý", "half": "6 tháng", "nine": "9 tháng", "year": "Năm"}
USUAL = "quarter"


def day_of(period: Period) -> date:
    """The day the map of a period is read on: its last one, or today while it runs."""
    return max(min(period.last, clock.today()), period.since)


def period_asked(text: str, *, cumulative: bool = False) -> Period:
    """The period named, this quarter when none is; with `cumulative` from 1 January to its end."""
    period = find_period(text) or this(USUAL)
    return period.cumulative if cumulative else period


def unit_asked(by: Actor, code: str, period: Period) -> Unit:
    """The unit whose figures are asked, as it was in the period: by code, or the officer's own. Raises Missing."""
    units = Unit.objects.filter(code=code) if code else Unit.objects.filter(pk=by.unit_id)
    found = _as_it_was(list(units.order_by("-valid_from")), day_of(period))
    if found is None or not by.may("overview.view", on=found):
        raise Missing(NO_UNIT)
    return found


def public_unit(code: str, period: Period) -> Unit:
    """The same for everybody. Raises Missing."""
    found = _as_it_was(list(Unit.objects.filter(code=code).order_by("-valid_from")), day_of(period))
    if found is None:
        raise Missing("Không có đơn vị này. Hãy chọn lại trong danh sách.")
    return found


def _as_it_was(units: list[Unit], day: date) -> Unit | None:
    living = [one for one in units if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)]
    return next(iter([*living, *units]), None)


def is_tree(unit: Unit) -> bool:
    """Does the unit have communes below it?"""
    return unit.kind in {Unit.Kind.PROVINCE, Unit.Kind.CITY, Unit.Kind.DISTRICT, Unit.Kind.TOWN}


def communes_under(unit: Unit, period: Period) -> list[Unit]:
    """As they were in the period, in the order of the map. One statement."""
    rows = Unit.objects.on(day_of(period)).under(unit.path).communes().select_related("parent")
    return list(rows.order_by("path"))


def all_communes(period: Period) -> list[Unit]:
    """Of every province, by the map of the period."""
    rows = Unit.objects.on(day_of(period)).communes().select_related("parent")
    return list(rows.order_by("path"))


def provinces(period: Period) -> list[Unit]:
    return list(Unit.objects.on(day_of(period)).filter(kind=Unit.Kind.PROVINCE).order_by("path"))
