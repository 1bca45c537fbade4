"""Questions about exports: whose, of what, which wait for a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.core.access import Actor
from xaso.core.measures import queries as measures
from xaso.core.measures.declaring import family_of, stock_of
from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, newest
from xaso.modules.reports.columns import Column, columns_of
from xaso.modules.reports.models import Export
from xaso.modules.reports.pieces import Heading
from xaso.modules.reports.queries.reports import PAGE

GONE = "Không tìm thấy bản xuất này. Chỉ người yêu cầu xem được bản xuất của mình."
RUNNING = (Export.State.WAITING, Export.State.COLLECTING)


def export(by: Actor, key: UUID) -> Export:
    """One's own. Raises Missing, so that nobody learns what another asked for."""
    found = _own(by).select_related("unit", "file__blob").filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def listed(by: Actor, after: str = "", size: int = PAGE) -> Page[Export]:
    """One's own, newest first."""
    return newest(_own(by).select_related("unit"), after, size)


def _own(by: Actor) -> QuerySet[Export]:
    return Export.objects.filter(owner_person=by.person_id) if by.person_id else Export.objects.none()


def running_of(by: Actor) -> int:
    return _own(by).filter(state__in=RUNNING).count()


def export_to_run(key: str) -> Export | None:
    """None when it is finished or gone."""
    return Export.objects.select_related("unit", "owner_person").filter(uuid=key, state__in=RUNNING).first()


def left_behind() -> list[Export]:
    """Unfinished, and no worker is at them: it died, or never came."""
    now = clock.now()
    return list(Export.objects.filter(Q(held_until=None) | Q(held_until__lt=now), state__in=RUNNING).order_by("pk"))


def finished_before(moment: datetime) -> list[Export]:
    """Those whose file is still there."""
    old = Export.objects.filter(finished_at__lt=moment).exclude(file=None)
    return list(old.select_related("file__made_from"))


def permission_of(measure: str) -> str:
    """What one must be allowed in order to see the rows; empty when there are none to show. Raises Missing."""
    if measure not in measures.catalogue():
        raise Missing(f"Không có số đo “{measure}”. Hãy chọn trong danh sách.")
    stock = stock_of(measure)
    family = family_of(measure)
    return stock.permission if stock else family.permission if family else ""


def exportable(by: Actor) -> list[tuple[str, str]]:
    """(key, label) of the measures whose rows the actor may see somewhere."""
    found = []
    for key, measure in measures.catalogue().items():
        permission = permission_of(key)
        if permission and by.may(permission):
            found.append((key, measure.label))
    return found


def rows_of(by: Actor, export: Export) -> QuerySet:
    """The rows it lists, as far as the actor may see them."""
    return measures.rows(by, export.measure, export.unit_path, period_of(export.period_key))


def heading_of(export: Export, model: str) -> Heading:
    columns: Sequence[Column] = columns_of(model, is_personal=export.is_personal)
    about = (
        ("Nội dung", export.label),
        ("Đơn vị", str(export.unit)),
        ("Kỳ", period_of(export.period_key).label),
        ("Người xuất", export.asked_by),
        ("Yêu cầu lúc", f"{clock.local(export.asked_at):%H:%M ngày %d/%m/%Y}"),
    )
    numbers = frozenset(at for at, one in enumerate(columns) if one.kind == "number")
    return Heading(tuple(one.title for one in columns), numbers, about)


def units_for(by: Actor) -> list[Unit]:
    """The actor's own unit and, for who works above communes, the communes under it."""
    own = list(Unit.objects.filter(path__in={grant.unit_path for grant in by.grants if grant.unit_path}))
    above = [one for one in own if one.kind not in Unit.COMMUNE_KINDS]
    today = clock.today()
    return own + [unit for one in above for unit in Unit.objects.on(today).under(one.path).communes().order_by("path")]
