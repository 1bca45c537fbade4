"""Alerts handed in by systems of upper levels."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from xaso.core.api import Invalid, answer, operation
from xaso.core.units.models import Unit
from xaso.modules.alerts import actions, queries
from xaso.modules.alerts.models import Alert
from xaso.modules.alerts.rules import reading

router = Router(tags=["alerts"])
NO_UNIT = "Tài khoản chưa thuộc đơn vị nào nên không nhận cảnh báo được."


class AlertOut(BaseModel):
    """What became of an alert.

    `state`: waiting, sent, drafted, drill, noted, dismissed, replaced, cancelled, expired.
    """

    uuid: UUID
    identifier: str
    klass: str
    state: str
    remarks: list[str]
    received_at: datetime


def _out(found: Alert) -> AlertOut:
    return AlertOut(
        uuid=found.uuid,
        identifier=found.identifier,
        klass=found.klass,
        state=found.state,
        remarks=found.remarks,
        received_at=found.received_at,
    )


@router.post("/", response={201: AlertOut}, summary="Gửi một cảnh báo CAP 1.2")
@operation(permission="alerts.take_in")
def hand_in(request: HttpRequest) -> HttpResponseBase:
    """Body: the CAP 1.2 message itself (application/cap+xml), at most 1 MB. The same message again, the same answer.

    An Actual emergency for a place of ours is broadcast at once; everything else waits for a duty officer.
    """
    if int(request.headers.get("Content-Length") or 0) > reading.MOST_BYTES:
        raise Invalid({"body": reading.TOO_LARGE})
    unit = Unit.objects.filter(pk=request.actor.unit_id).first()
    if unit is None:
        raise Invalid({"unit": NO_UNIT})
    found = actions.take_in(request.actor, unit, source=request.body, via=Alert.Via.API)
    return answer(_out(found), status=201)


@router.get("/{uuid}", response=AlertOut, summary="Xem một cảnh báo đã gửi")
@operation(permission="alerts.view")
def seen(request: HttpRequest, uuid: UUID) -> Any:
    """State and remarks of one alert."""
    return answer(_out(queries.alert_for(request.actor, uuid)))
