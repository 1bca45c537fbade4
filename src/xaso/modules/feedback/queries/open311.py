"""GeoReport v2: what of our reports other systems read. Public reports and their approved words only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.feedback.definitions import Category, desk
from xaso.modules.feedback.models import Photo, Report
from xaso.modules.feedback.queries.public import public_photos, public_rows
from xaso.modules.feedback.rules import moves

SPAN = timedelta(days=90)
MOST = 1000
STATUSES = {"open": moves.OPEN, "closed": moves.ENDED}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks for. Without days: the last ninety."""

    ids: tuple[UUID, ...] = ()
    codes: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    statuses: tuple[str, ...] = ()
    after: int = 0
    size: int = MOST


def service_of(category: Category) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": category.help,
        "metadata": category.confidential or category.needs_place,
        "type": "realtime",
        "keywords": ",".join(category.keywords),
        "group": "phan-anh",
    }


def services() -> list[dict[str, Any]]:
    return [service_of(one) for one in desk().categories]


def definition_of(category: Category, villages: Sequence[Unit]) -> dict[str, Any]:
    """What a client should ask besides the words."""
    attributes: list[dict[str, Any]] = []
    if category.needs_place:
        values = [{"key": one.code, "name": one.name} for one in villages]
        attributes.append(_attribute("village", "singlevaluelist", "Thôn, tổ dân phố", 1, values))
    if category.confidential:
        attributes.append(_attribute("official", "string", "Cán bộ được nói đến", 2, []))
    return {"service_code": category.code, "attributes": attributes}


def _attribute(code: str, kind: str, description: str, order: int, values: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "variable": True, "code": code, "datatype": kind, "required": False, "datatype_description": "",
        "order": order, "description": description, "values": values,
    }  # fmt: skip


def requests_of(unit: Unit, wanted: Wanted) -> list[Report]:
    """The newest first; at most `size`, which is never more than a thousand. Ids override every other filter."""
    rows: QuerySet[Report] = public_rows().filter(unit_path=unit.path)
    if wanted.ids:
        return list(rows.filter(uuid__in=wanted.ids).order_by("-pk")[:MOST])
    since, until = _span(wanted)
    rows = rows.filter(received_at__gte=since, received_at__lte=until)
    if wanted.codes:
        rows = rows.filter(category__in=wanted.codes)
    if wanted.statuses:
        rows = rows.filter(state__in=[state for name in wanted.statuses for state in STATUSES[name]])
    if wanted.after:
        rows = rows.filter(pk__lt=wanted.after)
    return list(rows.order_by("-pk")[: min(wanted.size, MOST)])


def _span(wanted: Wanted) -> tuple[datetime, datetime]:
    """Ninety days at most: back from the end, or on from the beginning."""
    now = clock.now()
    if wanted.since and wanted.until is None:
        return wanted.since, min(now, wanted.since + SPAN)
    until = wanted.until or now
    return max(wanted.since or until - SPAN, until - SPAN), until


def as_requests(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """As the standard names things. Two statements at most."""
    photos = public_photos(reports)
    return [_as_request(one, photos[one.pk]) for one in reports]


def _as_request(one: Report, photos: list[Photo]) -> dict[str, Any]:
    has_point = one.shows_place and one.point is not None
    return {
        "service_request_id": str(one.uuid),
        "status": "open" if one.state in moves.OPEN else "closed",
        "status_notes": one.public_answer or one.get_state_display(),
        "service_name": one.category_name,
        "service_code": one.category,
        "description": one.public_text,
        "agency_responsible": one.agency or one.unit.full_name,
        "service_notice": "",
        "requested_datetime": moment(one.received_at),
        "updated_datetime": moment(one.updated_at),
        "expected_datetime": moment(one.due_at) if one.due_at and one.state in moves.OPEN else "",
        "address": one.place_words if one.shows_place else "",
        "address_id": one.village.code if one.shows_place and one.village else "",
        "zipcode": "",
        "lat": float(one.latitude) if has_point and one.latitude is not None else "",
        "long": float(one.longitude) if has_point and one.longitude is not None else "",
        "media_url": _media_url(one, photos),
    }


def _media_url(one: Report, photos: list[Photo]) -> str:
    if not photos:
        return ""
    return settings.PUBLIC_URL.rstrip("/") + reverse("portal-feedback:public_photo", args=[one.uuid, photos[0].uuid])


def moment(at: datetime) -> str:
    """ISO 8601 with the offset, to the second."""
    return clock.local(at).replace(microsecond=0).isoformat()
