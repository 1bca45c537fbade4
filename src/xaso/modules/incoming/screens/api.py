"""Incoming documents for machines: hand one in, see what became of it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from xaso.core.access import Actor
from xaso.core.api import Invalid, answer, idempotency_key, operation
from xaso.core.audit import actions as audit
from xaso.core.files import actions as files
from xaso.core.units import queries as units
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import tidy
from xaso.modules.incoming.actions import arrive
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.documents import found
from xaso.modules.incoming.screens.finding import ACCEPTED, MOST_FILES, UPLOAD_KIND

router = Router(tags=["incoming"])

NO_UNIT = "Tài khoản chưa thuộc đơn vị nào; hãy ghi mã đơn vị nhận văn bản."
OTHER_BODY = "Khoá chống gửi trùng này đã dùng cho một văn bản khác. Hãy dùng khoá mới, hoặc gửi lại đúng nội dung cũ."


def _tidy(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_tidy)]
Name = Annotated[Line, Field(max_length=200)]


class ArrivalIn(BaseModel):
    """A document as its sender describes it. `uploads`: ids answered by `POST /files`. A document with a level of
    secrecy is refused."""

    model_config = ConfigDict(extra="forbid")

    unit: Annotated[Line, Field(max_length=20)] = ""
    origin: Literal["edxml", "email", "upload"] = "upload"
    sender: Annotated[Line, Field(min_length=2, max_length=200)]
    sender_code: Annotated[Line, Field(max_length=40)] = ""
    external_id: Annotated[Line, Field(max_length=200)] = ""
    number: Annotated[Line, Field(max_length=40)] = ""
    symbol: Annotated[Line, Field(max_length=60)] = ""
    dated_on: date | None = None
    kind: Annotated[Line, Field(max_length=20)] = ""
    subject: Annotated[Line, Field(min_length=2, max_length=1000)]
    issuer: Name = ""
    signer: Annotated[Line, Field(max_length=120)] = ""
    signer_title: Annotated[Line, Field(max_length=120)] = ""
    urgency: Annotated[Line, Field(max_length=30)] = ""
    secrecy: Annotated[Line, Field(max_length=30)] = ""
    due_on: date | None = None
    pages: Annotated[int, Field(ge=1, le=20000)] | None = None
    uploads: Annotated[list[UUID], Field(max_length=MOST_FILES)] = []


class DocumentOut(BaseModel):
    """What may be known of a document by whoever handed it in. `number` is the number in the receiver's book."""

    uuid: UUID
    unit: str
    state: str
    state_name: str
    number: int | None
    year: int | None
    sender: str
    code: str
    subject: str
    urgency: int
    arrived_at: datetime
    registered_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None


class StoredOut(BaseModel):
    uuid: UUID
    name: str
    size: int


@router.post("/", response={201: DocumentOut, 200: DocumentOut}, summary="Gửi một văn bản đến")
@operation(permission="incoming.arrive", takes_key=True)
def create(request: HttpRequest, data: ArrivalIn) -> HttpResponseBase:
    """201 with the document that now waits to be registered; 200 with the first one when the same sender hands in the
    same `external_id`, or the same key, again."""
    key = idempotency_key(request)
    told = data.model_dump(exclude={"unit", "uploads"}) | {"external_id": data.external_id or key or ""}
    unit = _unit(request.actor, data.unit)
    made = arrive(request.actor, unit, uploads=data.uploads, **told)
    if made.is_new:
        return answer(_out(made), 201, {"Location": f"/api/v1/incoming/{made.uuid}"})
    if key and not data.external_id and _differs(made, data):
        raise Invalid({"Idempotency-Key": OTHER_BODY})
    return answer(_out(made))


def _differs(made: Document, data: ArrivalIn) -> bool:
    """Only while it waits: later the clerk may have corrected it."""
    if made.state != Document.State.WAITING:
        return False
    return (made.doc_number, made.symbol, made.dated_on, made.subject) != (
        data.number, data.symbol, data.dated_on, data.subject,
    )  # fmt: skip


@router.post("/files", response={201: StoredOut}, summary="Tải tệp lên trước khi gửi văn bản")
@operation(permission="files.upload")
def upload(request: HttpRequest, file: Annotated[UploadedFile, File(...)]) -> HttpResponseBase:
    """The id goes into `uploads` of a document that the same account hands in."""
    stored = files.upload_ahead(request.actor, file, kind=UPLOAD_KIND, accept=ACCEPTED)
    return answer(StoredOut(uuid=stored.uuid, name=stored.name, size=stored.size), 201)


@router.get("/{uuid}", response=DocumentOut, summary="Xem một văn bản đến")
@operation(permission="incoming.view")
def shown(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Its number and where it stands. The reading is put on record."""
    document = found(request.actor, uuid)
    audit.record_reading(request.actor, document.ref, document.unit_path, request.path)
    return answer(_out(document))


def _unit(by: Actor, code: str) -> Unit:
    for grant in by.grants:
        if grant.unit_id and (not code or grant.unit_path.endswith(f".{code}.")):
            return units.unit(grant.unit_id)
    if not code:
        raise Invalid({"unit": NO_UNIT})
    try:
        return units.unit_by_code(code, clock.today())
    except Missing as missing:
        raise Invalid({"unit": missing.message}) from missing


def _out(document: Document) -> DocumentOut:
    return DocumentOut(
        uuid=document.uuid,
        unit=document.unit_path.rstrip(".").rpartition(".")[2],
        state=document.state,
        state_name=document.get_state_display(),
        number=document.number,
        year=document.year,
        sender=document.sender,
        code=document.signed_as,
        subject=document.subject,
        urgency=document.urgency,
        arrived_at=document.arrived_at,
        registered_at=document.registered_at,
        due_at=document.due_at,
        ended_at=document.ended_at,
    )
