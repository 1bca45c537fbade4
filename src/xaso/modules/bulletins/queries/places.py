"""Who sends, and which places can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.bulletins.rules.content import above

VILLAGES = (Unit.Kind.VILLAGE, Unit.Kind.QUARTER)


def sender_of(unit: Unit) -> Unit:
    """Whose name, budget and pages a bulletin uses: a village writes in the name of its commune."""
    return unit.parent if unit.kind in VILLAGES and unit.parent else unit


def sender_name(unit: Unit) -> str:
    """Thôn Đồng Mới, xã Ngũ Kiên · UBND xã Ngũ Kiên."""
    if unit.kind in VILLAGES and unit.parent:
        return f"{unit}, {unit.parent.get_kind_display()} {unit.parent.name}"
    return unit.full_name


def places_under(unit: Unit) -> list[Unit]:
    """What an audience is picked from: the unit itself, and the next level below that has people."""
    kinds = Unit.COMMUNE_KINDS if unit.kind in (Unit.Kind.PROVINCE, Unit.Kind.CITY, Unit.Kind.DISTRICT) else VILLAGES
    below = Unit.objects.on(clock.today()).under(unit.path).filter(kind__in=kinds).exclude(pk=unit.pk)
    return [unit, *below.order_by("name")]


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """path → what people call it. One statement."""
    wanted = list(paths)
    rows = Unit.objects.filter(path__in=wanted).order_by("valid_from")
    return {one.path: str(one) for one in rows} if wanted else {}


def audience_words(paths: Sequence[str], names: dict[str, str], most: int = 6) -> str:
    """Thôn Đồng Mới, Thôn Tân An và 4 nơi khác."""
    found = [names.get(path, path) for path in paths]
    if len(found) <= most:
        return ", ".join(found)
    return f"{', '.join(found[:most])} và {len(found) - most} nơi khác"


def level_of(unit: Unit) -> str:
    return "province" if unit.kind in (Unit.Kind.PROVINCE, Unit.Kind.CITY) else "commune"


def villages_of(paths: Iterable[str]) -> list[Unit]:
    """Every village of an audience, by name."""
    wanted = list(paths)
    rows = Unit.objects.on(clock.today()).filter(kind__in=VILLAGES)
    found = {one.path: one for path in wanted for one in rows.under(path)}
    return sorted(found.values(), key=lambda one: one.name)


def communes_of(paths: Iterable[str]) -> list[tuple[Unit, tuple[str, ...]]]:
    """Communes with the part of the audience that lies in each: an upper bulletin is relayed by each of them."""
    wanted = list(paths)
    today = Unit.objects.on(clock.today()).communes()
    found: dict[str, tuple[Unit, list[str]]] = {}
    for path in wanted:
        for one in today.under(path):
            found.setdefault(one.path, (one, []))[1].append(one.path)
        for one in today.filter(path__in=above(path)).exclude(path=path):
            found.setdefault(one.path, (one, []))[1].append(path)
    return [(one, tuple(parts)) for one, parts in found.values()]
