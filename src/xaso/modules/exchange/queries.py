"""Questions about parcels, organisations and connections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.modules.exchange.models import Connection, Organisation, Parcel, Seen, Status
from xaso.modules.exchange.rules import statuses

AT_ONCE = 200
GONE = "Không tìm thấy gói này, hoặc gói không thuộc đơn vị của bạn. Hãy mở lại danh sách gói."
NO_ORGANISATION = "Không tìm thấy cơ quan này trong danh bạ. Hãy mở lại danh bạ."


def parcels(by: Actor, direction: str = "", state: str = "") -> QuerySet[Parcel]:
    """Of the units this person keeps; ordered by whoever pages."""
    found = visible(by, "exchange.view", Parcel.objects.all())
    if direction in Parcel.Direction.values:
        found = found.filter(direction=direction)
    if state in Parcel.State.values:
        found = found.filter(state=state)
    return found


def parcel_for(by: Actor, key: UUID, permission: str = "exchange.view") -> Parcel:
    rows = visible(by, permission, Parcel.objects.select_related("unit", "raw__blob", "about"))
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def parcel_with(key: str) -> Parcel | None:
    """For the worker, who asks no permission."""
    return Parcel.objects.select_related("unit", "raw__blob", "about").filter(uuid=key).first()


def failed_count(by: Actor) -> int:
    """Parcels that wait for a person: not sent, or not readable."""
    return parcels(by).filter(state__in=["failed", "refused"]).count()


def statuses_of(parcel: Parcel) -> list[Status]:
    return list(parcel.statuses.order_by("at", "id"))


def sent_of(document: UUID | str) -> list[Parcel]:
    """Parcels that carry a document of ours, without its recalls."""
    rows = Parcel.objects.select_related("unit").filter(document_uuid=document, direction="out")
    return list(rows.exclude(business=1).order_by("id"))


def came_with(document: UUID | str) -> Parcel | None:
    """The parcel an incoming document came in; the first, when it came again."""
    rows = Parcel.objects.select_related("unit").filter(document_uuid=document, direction="in", channel="edxml")
    return rows.exclude(business=1).order_by("id").first()


def recall_of(parcel: Parcel) -> Parcel | None:
    """The latest message of the same sender that takes this one back or replaces it."""
    return parcel.later.filter(direction="in", business__in=[1, 3]).order_by("-id").first()


def came_as(document_ref: str) -> Parcel | None:
    rows = Parcel.objects.filter(document_ref=document_ref, direction="in", channel="edxml")
    return rows.exclude(business=1).order_by("id").first() if document_ref else None


def first_with(unit: Unit, document_id: str, sender: str) -> Parcel | None:
    """The message of that sender that brought this document to this unit."""
    rows = Parcel.objects.filter(unit_path=unit.path, direction="in", document_id=document_id, organ_code=sender)
    return rows.exclude(business=1).order_by("id").first() if document_id else None


def ours_with(document_ids: Iterable[str], unit: Unit) -> Parcel | None:
    """What this unit sent under one of these ids: an answer names it."""
    wanted = [one for one in document_ids if one]
    rows = Parcel.objects.filter(unit_path=unit.path, direction="out", document_id__in=wanted)
    return rows.order_by("id").first() if wanted else None


def out_with_axis_ref(unit: Unit, refs: Iterable[str]) -> dict[str, Parcel]:
    rows = Parcel.objects.filter(unit_path=unit.path, direction="out", axis_ref__in=list(refs))
    return {row.axis_ref: row for row in rows.select_related("unit", "about")}


def heard_of(parcels: Iterable[Parcel]) -> dict[int, set[str]]:
    """Parcel → the states heard of it so far; every asked parcel has an entry."""
    heard: dict[int, set[str]] = {parcel.pk: set() for parcel in parcels}
    rows = Status.objects.filter(parcel__in=list(heard), direction="heard").values_list("parcel_id", "code")
    for parcel, code in rows:
        heard[parcel].add(code)
    return heard


def waiting_parcels(now: datetime) -> list[Parcel]:
    """Due to be sent, oldest first."""
    rows = Parcel.objects.select_related("unit", "raw__blob", "about").filter(state="queued", retry_at__lte=now)
    return list(rows.order_by("retry_at", "id")[:AT_ONCE])


def parcels_with_waiting_statuses(now: datetime) -> list[Parcel]:
    waiting = Status.objects.filter(direction="told", sent_at=None, retry_at__lte=now)
    ids = list(waiting.order_by("retry_at", "id").values_list("parcel_id", flat=True)[:AT_ONCE])
    return list(Parcel.objects.select_related("unit", "about").filter(pk__in=ids).order_by("id"))


def waiting_statuses(parcel: Parcel) -> list[Status]:
    """Not yet told, in the order they came about: a later one never overtakes an earlier."""
    return list(parcel.statuses.filter(direction="told", sent_at=None).order_by("id"))


def unit_of(organ_code: str) -> Unit | None:
    return Unit.objects.on(clock.today()).filter(agency_code=organ_code).first() if organ_code else None


def unit_coded(code: str) -> Unit | None:
    return Unit.objects.on(clock.today()).filter(code=code).first() if code else None


def connection_of(channel: str, account: str) -> Connection | None:
    return Connection.objects.filter(channel=channel, account=account).first()


def connections_of(by: Actor) -> list[Connection]:
    return list(visible(by, "exchange.view", Connection.objects.all()).order_by("channel", "account"))


def seen_among(connection: Connection | None, refs: Iterable[str]) -> set[str]:
    wanted = list(refs)
    if connection is None or not wanted:
        return set()
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        found.update(Seen.objects.filter(connection=connection, ref__in=part).values_list("ref", flat=True))
    return found


def organisations(words: str = "", only_unknown: bool = False) -> QuerySet[Organisation]:
    """The register, for whoever may see it; ordered by whoever pages."""
    found = Organisation.objects.all()
    if only_unknown:
        found = found.filter(is_active=False)
    if words.strip():
        folded = fold(words)[:100]
        found = found.filter(Q(folded__contains=folded) | Q(code__istartswith=words.strip()[:35]))
    return found


def organisation(key: UUID) -> Organisation:
    found = Organisation.objects.filter(uuid=key).first()
    if found is None:
        raise Missing(NO_ORGANISATION)
    return found


def organisation_coded(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()


def receivers() -> list[Organisation]:
    """Whom a document can be sent to by edXML, by name."""
    return list(Organisation.objects.filter(is_active=True).order_by("folded", "id"))


def last_success(connection: Connection | None) -> datetime | None:
    return connection.succeeded_at if connection else None


def since(connection: Connection | None) -> datetime:
    return statuses.ask_since(last_success(connection), clock.now())
