"""The door for systems whose dossiers we follow: the national portal, the bundles, a ministry's own software."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Path, Router
from pydantic import AwareDatetime, Field, StringConstraints

from xaso.core.api import Invalid, answer, operation
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions import filing, mirroring
from xaso.modules.dossiers.screens import machine
from xaso.modules.dossiers.screens.shapes import ApplicantIn, Channel, DossierRow, In, Line
from xaso.modules.dossiers.screens.taking import unit_for
from xaso.modules.procedures.queries import VersionView, current

router = Router(tags=["dossiers"])
Moment = AwareDatetime | None
Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
ForeignId = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,80}$")]
STATE = rules.State
ACCEPTED = {STATE.ACCEPTED, STATE.PROCESSING, STATE.DUTY, STATE.FINISHED, STATE.RETURNED}
ENDED = {STATE.DECLINED, STATE.WITHDRAWN, STATE.STOPPED, STATE.FINISHED, STATE.RETURNED}


class MirrorIn(In):
    """The dossier as it is in the other system now. `version` is a number that grows with each change there."""

    version: Annotated[int, Field(ge=0, le=2**62)]
    procedure: Annotated[str, Field(max_length=8)]
    unit: Annotated[str, Field(max_length=20)] = ""
    number: Annotated[Line, Field(max_length=40, pattern=r"^[A-Z0-9.\-/]*$")] = ""
    state: Annotated[int, Field(ge=1, le=10)]
    channel: Channel = "online"
    filing: Literal["self"] = "self"
    applicant: ApplicantIn
    content: Annotated[Line, Field(max_length=300)] = ""
    submitted_at: AwareDatetime
    accepted_at: Moment = None
    due_at: Moment = None
    finished_at: Moment = None
    returned_at: Moment = None


@router.put(
    "/mirror/{source}/{external_id}",
    response={200: DossierRow, 201: DossierRow},
    summary="Nhận hồ sơ từ hệ thống khác",
)
@operation(permission="dossiers.mirror")
def mirror(
    request: HttpRequest, source: Path[Source], external_id: Path[ForeignId], data: MirrorIn
) -> HttpResponseBase:
    """201 when it is seen for the first time, 200 afterwards. The same or an older version changes nothing."""
    by = request.actor
    version = _checked(data)
    filed = filing.Filing(
        version=version,
        applicant=filing.Applicant(**dict(data.applicant)),
        answers={},
        content=data.content,
    )
    times = data.model_dump(include={"submitted_at", "accepted_at", "due_at", "finished_at", "returned_at"})
    foreign = mirroring.Foreign(
        source=source,
        external_id=external_id,
        version=data.version,
        number=data.number,
        state=STATE(data.state),
        filed=filed,
        channel=data.channel,
        **times,
    )
    followed = mirroring.mirror(by, unit_for(by, data.unit), foreign)
    return answer(machine.row(followed), 201 if followed.is_new else 200)


def _checked(data: MirrorIn) -> VersionView:
    """The procedure's version on the day it was filed. Raises Invalid when state and times contradict each other."""
    errors = {
        name: sentence
        for name, wrong, sentence in (
            ("accepted_at", data.state in ACCEPTED and not data.accepted_at, "Trạng thái này cần giờ tiếp nhận."),
            ("finished_at", data.state in ENDED and not data.finished_at, "Trạng thái này cần giờ kết thúc."),
            ("finished_at", data.state not in ENDED and bool(data.finished_at), "Hồ sơ chưa xong thì chưa có giờ này."),
            ("returned_at", (data.state == STATE.RETURNED) != bool(data.returned_at), "Chỉ hồ sơ đã trả có giờ này."),
        )
        if wrong
    } | _in_order(data)
    try:
        version = current(data.procedure, clock.local(data.submitted_at).date())
    except Missing as missing:
        raise Invalid(errors | {"procedure": missing.message}) from missing
    if errors:
        raise Invalid(errors)
    return version


def _in_order(data: MirrorIn) -> dict[str, str]:
    errors: dict[str, str] = {}
    before: datetime = data.submitted_at
    if before > clock.now():
        errors["submitted_at"] = "Giờ này ở tương lai."
    for name in ("accepted_at", "finished_at", "returned_at"):
        moment: datetime | None = getattr(data, name)
        if moment is None:
            continue
        if moment < before or moment > clock.now():
            errors[name] = "Giờ này trước bước trước hoặc ở tương lai."
        before = moment
    return errors
