"""Alerts for pages, machines and those above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.alerts.definitions import Feed, alerts
from xaso.modules.alerts.models import Alert, Drill, FeedState, Issued
from xaso.modules.alerts.rules.cap import Area
from xaso.modules.alerts.rules.shapes import circle_of, polygon_of
from xaso.modules.speakers import queries as speakers

GONE = "Không tìm thấy cảnh báo này. Có thể đường dẫn đã cũ; hãy quay lại danh sách và chọn lại."
MOST_IN_FEED = 200
MOST_SHAPES = 100


@dataclass(frozen=True, slots=True)
class Places:
    """Where an alert holds, as far as codes and drawn areas say it: our paths, and whether all of it lies elsewhere.

    `unplaced`: villages of which no point is known, so that no drawn area can be said to hold them. `unread`: shapes
    that are none. `of_no_village`: how many speakers inside a drawn area
    belong to no village; no path names them alone.
    """

    paths: tuple[str, ...]
    is_elsewhere: bool
    unplaced: tuple[str, ...] = ()
    unread: int = 0
    of_no_village: int = 0


def listed(by: Actor, klass: str = "", state: str = "") -> QuerySet[Alert]:
    rows = visible(by, "alerts.view", Alert.objects.select_related("unit").defer("source"))
    if klass:
        rows = rows.filter(klass=klass)
    return rows.filter(state=state) if state else rows


def alert_for(by: Actor, key: UUID, permission: str = "alerts.view") -> Alert:
    found = visible(by, permission, Alert.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def waiting_of(by: Actor) -> QuerySet[Alert]:
    return listed(by, state=Alert.State.WAITING)


def drill_of(unit_path: str) -> Drill | None:
    """The drill that is on now for the unit, armed there or above it."""
    paths = [unit_path[: at + 1] for at, sign in enumerate(unit_path) if sign == "."]
    rows = Drill.objects.filter(unit_path__in=paths, until__gt=clock.now(), ended_at=None)
    return rows.select_related("unit").order_by("-until").first()


def drill_for(by: Actor, key: UUID) -> Drill:
    found = visible(by, "alerts.disarm_drill", Drill.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy đợt diễn tập này. Hãy tải lại trang.")
    return found


def places_of(unit: Unit, areas: Sequence[Area]) -> Places:
    """Codes of units and drawn areas to paths: what lies above means all of the unit, what lies beside is left out."""
    named, coded = _named(unit, [code for area in areas for code in area.geocodes])
    drawn = _drawn(unit, areas, named)
    inside = named | set(drawn.paths)
    outermost = tuple(sorted(p for p in inside if not any(p != q and p.startswith(q) for q in inside)))
    is_open = drawn.unplaced or drawn.unread or drawn.of_no_village
    is_elsewhere = not inside and (coded or drawn.is_elsewhere) and not is_open
    return Places(outermost, is_elsewhere, drawn.unplaced, drawn.unread, drawn.of_no_village)


def _named(unit: Unit, geocodes: Iterable[tuple[str, str]]) -> tuple[set[str], bool]:
    """(paths inside the unit, whether any code was known)."""
    known = {name.upper() for name in alerts().geocodes.names}
    codes = {value.strip() for name, value in geocodes if name.strip().upper() in known}
    rows = Unit.objects.on(clock.today()).filter(code__in=codes).values_list("path", flat=True)
    paths = list(rows)
    inside = {unit.path if unit.path.startswith(path) else path for path in paths if _touch(unit.path, path)}
    return inside, bool(paths)


def _drawn(unit: Unit, areas: Sequence[Area], named: set[str]) -> Places:
    """Villages with a loudspeaker inside a polygon or circle. Where codes name the whole unit, nothing is drawn."""
    polygons = [polygon_of(text) for area in areas for text in area.polygons][:MOST_SHAPES]
    circles = [circle_of(text) for area in areas for text in area.circles][:MOST_SHAPES]
    shapes = [shape for shape in [*polygons, *circles] if shape is not None]
    unread = len(polygons) + len(circles) - len(shapes)
    if unit.path in named or not shapes:
        return Places((), is_elsewhere=False, unread=unread)
    kinds = [Unit.Kind.VILLAGE, Unit.Kind.QUARTER]
    rows = Unit.objects.on(clock.today()).under(unit.path).filter(kind__in=kinds).order_by("name")
    villages: dict[str, str] = dict(rows.values_list("path", "name"))
    points = [(path, (lat, lon)) for path, lat, lon in speakers.points_under(unit.path)]
    held = [path for path, point in points if any(shape.holds(point) for shape in shapes)]
    inside = villages.keys() & held
    of_no_village = sum(path not in villages for path in held)
    placed = {path for path, _ in points}
    missing = [name for path, name in villages.items() if path not in placed and not _in(path, named)]
    is_elsewhere = not inside and bool(villages)
    return Places(tuple(inside), is_elsewhere, unplaced=tuple(missing), unread=unread, of_no_village=of_no_village)


def _in(path: str, named: set[str]) -> bool:
    return any(path.startswith(one) for one in named)


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def choices_under(unit: Unit, chosen: Iterable[str] = ()) -> list[Unit]:
    """The unit itself, what lies directly below it and what is chosen already, for a person who chooses the places."""
    now = Unit.objects.on(clock.today())
    below = list(now.filter(parent=unit).order_by("name")[:200])
    known = {unit.path, *(one.path for one in below)}
    further = now.filter(path__in=[path for path in chosen if path not in known]).order_by("name")[:MOST_SHAPES]
    return [unit, *below, *further]


def superseding(alert: Alert) -> Alert | None:
    """An Update or Cancel of the same sender that came before the message it speaks of."""
    rows = Alert.objects.filter(unit_id=alert.unit_id, sender=alert.sender, message_type__in=["Update", "Cancel"])
    known = rows.exclude(pk=alert.pk).order_by("-pk")[:500]
    same = (row for row in known if alert.reference in row.references and (alert.is_drill or not row.is_drill))
    return next(same, None)


def referred(unit: Unit, references: Sequence[str]) -> list[Alert]:
    """What an Update or Cancel speaks of, as far as it came to us. The moment may be written otherwise."""
    wanted = {tuple(one.split(",")[:2]) for one in references}
    rows = Alert.objects.filter(unit=unit, identifier__in=[identifier for _, identifier in wanted])
    return [row for row in rows.order_by("pk") if (row.sender, row.identifier) in wanted]


def spoken_as(recording: str) -> list[Alert]:
    """Drills whose words are this recording."""
    return list(Alert.objects.select_related("unit").filter(recording=recording, state=Alert.State.DRILL))


def issued_for(bulletin: str) -> Issued | None:
    return Issued.objects.filter(bulletin=bulletin, message_type="Alert").select_related("unit").first()


def issued_of(unit: Unit | None, now: datetime) -> list[Issued]:
    """What stands in the public feed, newest first."""
    rows = Issued.objects.filter(sent_at__gt=now - timedelta(days=alerts().feed_days)).defer("xml")
    if unit is not None:
        rows = rows.filter(unit_path__gte=unit.path, unit_path__lt=unit.path[:-1] + "/")
    return list(rows.order_by("-sent_at", "-pk")[:MOST_IN_FEED])


def issued(key: UUID) -> Issued:
    found = Issued.objects.filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def feed_states() -> dict[str, FeedState]:
    return {row.code: row for row in FeedState.objects.all()}


def feeds() -> tuple[Feed, ...]:
    return alerts().feeds


def unit_of(feed: Feed) -> Unit | None:
    return Unit.objects.on(clock.today()).filter(code=feed.unit).first()
