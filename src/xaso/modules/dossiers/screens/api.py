"""Dossiers for machines: file, receive, read, list, follow, and every turn of a dossier's life."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from xaso.core.api import answer, idempotency_key, operation
from xaso.core.audit import actions as audit
from xaso.core.files import actions as files
from xaso.core.units.models import Unit
from xaso.kit import subject
from xaso.kit.fold import tidy
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions import filing, reception
from xaso.modules.dossiers.actions.bulk import receive_many
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens import machine, mirror_api, turns
from xaso.modules.dossiers.screens.shapes import (
    BulkIn,
    BulkMade,
    DossierIn,
    DossierMade,
    DossierPage,
    DossierWhole,
    Events,
    FileOut,
    ListIn,
)
from xaso.modules.dossiers.screens.taking import filing_of, intakes_of, price_of, same_as_before, unit_for

router = Router(tags=["dossiers"])


@router.post("/", response={201: DossierMade, 200: DossierMade}, summary="Nộp hoặc tiếp nhận một hồ sơ")
@operation(permission="dossiers.receive", instead="dossiers.submit", takes_key=True)
def create(request: HttpRequest, data: DossierIn) -> HttpResponseBase:
    """201 with the new dossier; 200 with the first one when the same key brings the same filing again.

    Needs `dossiers.submit` for the channel online, `dossiers.receive` for counter and post.
    """
    by = request.actor
    unit = unit_for(by, data.unit)
    filed = filing_of(data, idempotency_key(request))
    made = filing.once(filed.idempotency_key, lambda: _make(request, data, unit, filed))
    if made.is_new:
        return answer(machine.made(made), 201, {"Location": f"/api/v1/dossiers/{made.uuid}"})
    same_as_before(by, unit, filed, data.channel, made)
    return answer(machine.made(made))


def _make(request: HttpRequest, data: DossierIn, unit: Unit, filed: filing.Filing) -> Dossier:
    if data.channel == "online":
        return filing.submit_dossier(request.actor, unit, filed=filed)
    return reception.receive_dossier(
        request.actor, unit, filed=filed, channel=data.channel, price=price_of(data), forward=data.forward
    )


@router.post("/bulk", response={201: BulkMade}, summary="Tiếp nhận đến 100 hồ sơ một lần")
@operation(permission="dossiers.bulk_receive")
def create_many(request: HttpRequest, data: BulkIn) -> HttpResponseBase:
    """All of them or none; every mistake is told with its place (`items.3.applicant.phone`)."""
    unit = unit_for(request.actor, data.unit)
    return answer(
        machine.made_many(
            receive_many(request.actor, unit, intakes=intakes_of(data), channel=data.channel, forward=data.forward)
        ),
        201,
    )


@router.post("/files", response={201: FileOut}, summary="Tải tệp lên trước khi nộp")
@operation(permission="files.upload")
def upload(
    request: HttpRequest, file: Annotated[UploadedFile, File(...)], kind: Annotated[str, Form(max_length=60)] = ""
) -> HttpResponseBase:
    """The id goes into `papers[].upload` of a dossier that the same account files."""
    stored = files.upload_ahead(request.actor, file, kind=tidy(kind))
    return answer(machine.file(stored), 201)


@router.get("/", response=DossierPage, summary="Danh sách hồ sơ")
@operation(permission="dossiers.view")
def listed(request: HttpRequest, asked: Query[ListIn]) -> HttpResponseBase:
    """Newest first, of the units the token may see. Go on with `after=<next>`."""
    filters = asked.model_dump(exclude={"q", "after", "limit"})
    page = queries.listed(request.actor, filters, asked.q, asked.after, asked.limit)
    return answer(machine.page(page.rows, page.after))


@router.get("/{uuid}", response=DossierWhole, summary="Xem một hồ sơ")
@operation(permission="dossiers.view")
def shown(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """With its parties, papers and files, and steps. The reading is put on record."""
    found = queries.dossier_with_handler(request.actor, uuid)
    whole = machine.whole(found, queries.whole(found))
    audit.record_reading(request.actor, subject.ref(found), found.unit_path, request.path)
    return answer(whole)


@router.get("/{uuid}/events", response=Events, summary="Quá trình giải quyết")
@operation(permission="dossiers.view")
def events(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """What happened and what happens now, oldest first."""
    found = queries.dossier_with_handler(request.actor, uuid)
    return answer(Events(items=[machine.step(one) for one in found.steps.order_by("started_at", "pk")]))


router.add_router("", turns.router)
router.add_router("", mirror_api.router)
