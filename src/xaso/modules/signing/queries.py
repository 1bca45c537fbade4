"""Questions about signatures, and the two pure PDF verbs other modules need."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.modules.signing import rules
from xaso.modules.signing.models import Ask, Certificate, Import, Prepared, Request
from xaso.modules.signing.rules import AGENCY, PERSON, Box, seal_box

__all__ = [
    "AGENCY", "PERSON", "Box", "ask", "asks_for", "batch_of", "certificate", "certificates_for", "engine", "filled",
    "import_of", "is_signed_by_person", "latest_by_file", "my_requests", "open_asks", "open_of", "register",
    "request", "requests_of", "seal_box", "state_of", "with_fields",
]  # fmt: skip

NO_REQUEST = "Không tìm thấy yêu cầu ký này. Hãy mở lại từ mục Ký số."


@cache
def engine() -> Any:
    """pyHanko takes 1.3 s to import: only a process that really signs pays for it."""
    return importlib.import_module("xaso.modules.signing.pades")


def with_fields(pdf: bytes, boxes: Mapping[str, Box]) -> bytes:
    """The same document with empty places: "ky_ca_nhan", "ky_co_quan" for signatures, "so", "ngay" for text.

    Before the first signature. Outside transactions.
    """
    made: bytes = engine().reserve(pdf, boxes)
    return made


def filled(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """Write number and day into their places; the person's signature stays valid. Outside transactions."""
    made: bytes = engine().fill(pdf, values)
    return made


def usable(at: datetime) -> Q:
    return Q(state=rules.ACTIVE, valid_from__lte=at, valid_to__gt=at)


def certificates_for(by: Actor, unit: Unit, role: str) -> list[Certificate]:
    """What this person may sign with now: the own ones, or those of the unit for whoever keeps its seal."""
    rows = Certificate.objects.filter(usable(clock.now())).exclude(der=b"").exclude(provider="").order_by("id")
    if role == AGENCY:
        if not by.may("signing.sign_agency", on=unit):
            return []
        return list(rows.filter(unit_path=unit.path, holder_kind=rules.ORGAN))
    return list(rows.filter(account=by.account_id, holder_kind=rules.OFFICIAL)) if by.account_id else []


def request(uuid: UUID | str) -> Request:
    """Raises Missing. Asks no permission."""
    found = Request.objects.select_related("certificate", "unit", "file__blob", "signed_file__blob").filter(uuid=uuid)
    row = found.first()
    if row is None:
        raise Missing(NO_REQUEST)
    return row


def requests_of(subject: str) -> list[Request]:
    """Newest first."""
    rows = Request.objects.filter(subject=subject).select_related("certificate", "signed_file__blob", "file__blob")
    return list(rows.order_by("-id"))


def batch_of(found: Request) -> list[Request]:
    """What was asked for with the same press."""
    if found.batch is None:
        return [found]
    return list(Request.objects.filter(batch=found.batch, asked_by_id=found.asked_by_id).order_by("id"))


def prepared_of(found: Request) -> Prepared | None:
    return Prepared.objects.filter(request=found).first()


def waiting_at(provider: str, reference: str) -> Request | None:
    """The open request that a provider knows by its own reference."""
    if not reference:
        return None
    rows = Request.objects.filter(state__in=rules.OPEN, provider_reference=reference, certificate__provider=provider)
    return rows.select_related("certificate", "file__blob").first()


def due_to_ask(now: datetime, limit: int) -> list[Request]:
    """Requests that wait for somebody and whose next turn has come. Those signed in person wait for a person."""
    rows = Request.objects.filter(state__in=rules.OPEN, next_at__lte=now, is_in_person=False)
    return list(rows.select_related("certificate", "file__blob").order_by("next_at")[:limit])


def left_behind(before: datetime, limit: int) -> list[Request]:
    """Asked for long ago and never answered: their delivery is stuck or the confirmation never came."""
    rows = Request.objects.filter(state__in=rules.OPEN, asked_at__lt=before).exclude(prepared__value__gt=b"")
    return list(rows.order_by("id")[:limit])


def is_signed_by_person(file: StoredFile) -> bool:
    """As far as our own rows know; the file itself is asked before it is sealed."""
    return Request.objects.filter(signed_file=file, role=PERSON).exists()


def state_of(file: StoredFile) -> Request | None:
    """The newest request made on this file."""
    return Request.objects.filter(file=file).order_by("-id").first()


def latest_by_file(files: Iterable[StoredFile]) -> dict[int, Request]:
    """File id → the newest request made on it. One statement."""
    rows = Request.objects.filter(file__in=[one.pk for one in files]).order_by("id")
    return {row.file_id: row for row in rows}


def open_asks(files: Iterable[StoredFile]) -> dict[int, Ask]:
    """File id → before whom it lies. One statement."""
    rows = Ask.objects.filter(file__in=[one.pk for one in files], closed_at=None).select_related("signer__person")
    return {row.file_id: row for row in rows}


def open_of(by: Actor) -> int:
    return asks_for(by).count()


def asks_for(by: Actor) -> QuerySet[Ask]:
    """What lies before this person: own files, and the unit's for whoever keeps the seal."""
    rows = Ask.objects.filter(closed_at=None)
    mine = rows.filter(signer=by.account_id) if by.account_id else rows.none()
    if not by.may("signing.sign_agency"):
        return mine
    sealed = visible(by, "signing.sign_agency", rows.filter(role=AGENCY))
    return mine | sealed


def ask(by: Actor, uuid: UUID) -> Ask:
    found = Ask.objects.filter(uuid=uuid).filter(Q(pk__in=asks_for(by).values("pk")) | Q(asked_by_id=by.account_id))
    row = found.select_related("file__blob", "unit").first()
    if row is None:
        raise Missing("Không tìm thấy tệp trình ký này. Có thể tệp đã được ký hoặc rút lại.")
    return row


def my_requests(by: Actor) -> QuerySet[Request]:
    return Request.objects.filter(asked_by_id=by.account_id).select_related("certificate")


def register(by: Actor, words: str = "", kind: str = "", state: str = "") -> QuerySet[Certificate]:
    """The register as this person may see it."""
    rows = visible(by, "signing.view_register", Certificate.objects.all())
    if kind in rules.HOLDER_KINDS:
        rows = rows.filter(holder_kind=kind)
    if state in rules.CERTIFICATE_STATES:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(folded_name__contains=fold(words)) | Q(holder_code=words) | Q(serial=words.lower()))
    return rows


def certificate(by: Actor, uuid: UUID) -> Certificate:
    rows = Certificate.objects.select_related("unit", "account__person")
    found = visible(by, "signing.view_register", rows).filter(uuid=uuid).first()
    if found is None and by.account_id:
        found = rows.filter(uuid=uuid, account=by.account_id).first()
    if found is None:
        raise Missing("Không tìm thấy chứng thư số này. Hãy mở lại sổ chữ ký số.")
    return found


def usable_certificate(uuid: UUID | str) -> Certificate:
    found = Certificate.objects.filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy chứng thư số này. Hãy chọn lại.")
    return found


def import_of(by: Actor, uuid: UUID) -> Import:
    found = visible(by, "signing.preview_import", Import.objects.select_related("unit")).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy lần nhập này.")
    return found


def near_their_end(now: datetime, before: datetime) -> list[Certificate]:
    rows = Certificate.objects.filter(state=rules.ACTIVE, valid_to__gt=now, valid_to__lte=before, account__isnull=False)
    organs = Certificate.objects.filter(
        state=rules.ACTIVE, valid_to__gt=now, valid_to__lte=before, holder_kind=rules.ORGAN
    )
    return list((rows | organs).select_related("account__person", "unit").order_by("id"))


def counted(unit: Unit) -> dict[str, int]:
    """How many signatures of each kind the unit's register holds in use."""
    rows = Certificate.objects.filter(under(unit.path), usable(clock.now())).values_list("holder_kind")
    found = dict(rows.annotate(count=Count("pk")).order_by())
    return {kind: found.get(kind, 0) for kind in rules.HOLDER_KINDS}
