"""Questions about units."""

from datetime import date

from django.core.cache import cache

from xaso.core.units.models import Succession, Unit
from xaso.kit.errors import Missing


def unit_by_code(code: str, on: date) -> Unit:
    """The unit with that code on that day. Raises Missing."""
    found = Unit.objects.on(on).filter(code=code).first()
    if found is None:
        raise Missing(f"Không có đơn vị mã {code} vào ngày {on:%d/%m/%Y}.")
    return found


KEPT_SECONDS = 60


def unit(unit_id: int) -> Unit:
    """The unit's row, kept in this process for a minute: a row is never rewritten, at most it gets its last day."""
    key = f"units.unit:{unit_id}"
    found = cache.get(key)
    if found is None:
        found = Unit.objects.get(pk=unit_id)
        cache.set(key, found, KEPT_SECONDS)
    return found


def unit_at(path: str) -> Unit:
    """The unit with that path, the latest of its name. Raises Missing."""
    found = Unit.objects.filter(path=path).order_by("-valid_from").first()
    if found is None:
        raise Missing("Không tìm thấy đơn vị của bạn. Hãy liên hệ người quản trị.")
    return found


def places_near(unit: Unit, on: date) -> dict[str, list[str]]:
    """Names to choose from in an address: villages of the unit, communes around it, its province."""
    province = unit.path.split(".")[0] + "."
    around = list(Unit.objects.on(on).under(province).values_list("kind", "name", "parent_id"))
    return {
        "villages": [name for kind, name, parent in around if parent == unit.pk],
        "communes": sorted({name for kind, name, _ in around if kind in Unit.COMMUNE_KINDS}),
        "provinces": [name for kind, name, _ in around if kind == Unit.Kind.PROVINCE],
    }


def communes(on: date) -> list[Unit]:
    return list(Unit.objects.on(on).communes().order_by("path"))


def current_owner(unit: Unit, on: date) -> Unit:
    """The unit that answers on that day for what this unit began: itself, or its successor down the line.

    A split has several successors; the first by code is the answer until a person moves things one by one.
    """
    while unit.valid_to is not None and unit.valid_to < on:
        after = Succession.objects.filter(predecessor=unit, effective_on__lte=on).select_related("successor")
        step = after.order_by("successor__code").first()
        if step is None:
            return unit
        unit = step.successor
    return unit


def predecessors(unit: Unit) -> list[Unit]:
    """Every unit that became part of this one, directly or by steps."""
    found: list[Unit] = []
    waiting = [unit.pk]
    while waiting:
        steps = Succession.objects.filter(successor__in=waiting).select_related("predecessor")
        before = [step.predecessor for step in steps if step.predecessor not in found]
        found += before
        waiting = [one.pk for one in before]
    return found


def ended_with_one_successor(on: date) -> list[tuple[Unit, Unit]]:
    """Units that have ended by that day and went whole into one other, with that other, the earliest first."""
    links = Succession.objects.filter(effective_on__lte=on).exclude(kind=Succession.Kind.SPLIT)
    by_unit: dict[Unit, list[Unit]] = {}
    for link in links.select_related("predecessor", "successor").order_by("effective_on", "pk"):
        by_unit.setdefault(link.predecessor, []).append(link.successor)
    return [(unit, after[0]) for unit, after in by_unit.items() if len(after) == 1 and unit.valid_to is not None]
