"""A request from the first press to its end. Each step is one conditional update: of two workers one wins, silently."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from xaso.core.access import Actor, require
from xaso.core.accounts.models import Account
from xaso.core.actions import action, note
from xaso.core.files.actions import Received, attach
from xaso.core.files.models import StoredFile
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit import subject as subjects
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.notifications.actions import notify
from xaso.modules.signing import rules
from xaso.modules.signing.events import SignatureAsked, SignatureGiven, SignatureRefused
from xaso.modules.signing.models import Ask, Certificate, Prepared, Request
from xaso.modules.trust import queries as trust
from xaso.modules.trust.actions import publish_proof

PDF = "application/pdf"
SIGN: dict[str, str] = {rules.PERSON: "signing.sign_person", rules.AGENCY: "signing.sign_agency"}
NOT_YOURS = "Đây là chứng thư số của người khác. Mỗi người chỉ ký bằng chứng thư của chính mình."
NOT_THIS_UNIT = "Chứng thư số này thuộc đơn vị khác. Hãy chọn chứng thư của đơn vị mình."
ONLY_LISTED = "Chứng thư này mới có trong sổ, chưa nối với phương tiện ký. Nhờ quản trị đơn vị nạp tệp chứng thư."
NOT_PDF = "Chỉ ký được tệp PDF. Hãy chuyển tệp sang PDF rồi ký."
GONE = "Tệp này đã được gỡ nên không ký được. Hãy mở lại hồ sơ và chọn tệp hiện có."
SIGNED_MEANWHILE = "Tệp này đã có bản ký mới hơn. Hãy mở bản mới nhất rồi ký tiếp."
ALREADY_ASKED = "Tệp này đang được ký. Hãy chờ xong hoặc huỷ yêu cầu đang chờ."
OVER = "Yêu cầu ký này đã kết thúc. Hãy tải lại trang."


class Made(Protocol):
    """What `pades.prepare` gives."""

    tail: bytes
    start: int
    end: int
    document_digest: bytes
    signed_attributes: bytes
    field: str


@action("signing.request_signature", "Yêu cầu ký số")
def request_signature(
    by: Actor,
    unit: Unit,
    /,
    *,
    file: StoredFile,
    role: rules.Role,
    certificate: Certificate,
    subject: str,
    reason: str = "",
    field: str = "",
    batch: UUID | None = None,
) -> Request:
    """Ask for one signature. What must hold is asked here, also when another action calls."""
    require(by, SIGN.get(role, SIGN[rules.PERSON]), unit)
    _need_own(by, unit, role, certificate)
    _need_signable(file)
    request = Request.objects.create(
        unit=unit,
        unit_path=unit.path,
        file=file,
        subject=subject,
        role=role,
        certificate=certificate,
        title=file.name,
        reason=reason[:200],
        field=field[:40],
        batch=batch,
        proof_code=_code_for(file, subject),
        is_in_person=certificate.asks_pin,
        asked_by_id=by.account_id,
        asked_by_name=by.name[:120],
        asked_at=clock.now(),
    )
    announce(SignatureAsked(str(request.uuid)))
    return request


def _code_for(file: StoredFile, about: str) -> str:
    """Drawn with the first signature and kept by the second: one paper, one code. A thing that anybody may be asked to
    check has a name for the public (`public_title`)."""
    if public_title(about) == "":
        return ""
    before = Request.objects.filter(signed_file=file).exclude(proof_code="").values_list("proof_code", flat=True)
    return before.first() or trust.new_code()


def public_title(about: str) -> str:
    """What a thing is called without naming whom it is about; empty for what nobody looks up."""
    return str(getattr(subjects.resolve(about), "public_title", ""))[:300]


def _need_own(by: Actor, unit: Unit, role: str, certificate: Certificate) -> None:
    if why := rules.why_wrong_role(role, certificate.holder_kind) or certificate.why_unusable(clock.now()):
        raise Refused(why)
    if role == rules.PERSON and (by.account_id is None or certificate.account_id != by.account_id):
        raise Forbidden(NOT_YOURS)
    if role == rules.AGENCY and certificate.unit_path != unit.path:
        raise Forbidden(NOT_THIS_UNIT)
    if not certificate.der or not certificate.provider:
        raise Refused(ONLY_LISTED)


def _need_signable(file: StoredFile) -> None:
    if file.media_type != PDF:
        raise Refused(NOT_PDF)
    if why := why_not_this_file(file):
        raise Refused(why)
    if Request.objects.filter(file=file, state__in=rules.OPEN).exists():
        raise Refused(ALREADY_ASKED)


def why_not_this_file(file: StoredFile) -> str:
    """Content never changes under a file; a file is left behind by a newer signed one, or taken away."""
    if file.removed_at is not None:
        return GONE
    if Request.objects.filter(file=file, state=rules.SIGNED).exists():
        return SIGNED_MEANWHILE
    return ""


@action("signing.cancel_request", "Huỷ yêu cầu ký")
def cancel_request(by: Actor, request: Request, /) -> Request:
    """By whoever asked. A value that comes in later is not used."""
    if by.account_id != request.asked_by_id:
        raise Forbidden("Chỉ người đã gửi yêu cầu ký mới huỷ được.")
    if not _end(request, rules.CANCELLED, rules.SENTENCES[rules.CANCELLED]):
        raise Refused(OVER)
    return request


def _end(request: Request, state: str, why: str) -> bool:
    """The same for every way a request is lost. False when it was over already."""
    moved = _open(request).update(state=state, why=why[:300], ended_at=clock.now(), next_at=None)
    if moved:
        Prepared.objects.filter(request=request).delete()
        announce(SignatureRefused(str(request.uuid), request.subject, request.role, state, why))
    request.refresh_from_db()
    return bool(moved)


def _open(request: Request) -> Any:
    return Request.objects.filter(pk=request.pk, state__in=rules.OPEN)


# What the worker found out. Called with SYSTEM.


@action("signing.record_prepared", "Ghi tệp đã chuẩn bị để ký")
def record_prepared(by: Actor, request: Request, /, *, made: Made) -> Prepared | None:
    """Keep what is to be signed before anybody is asked to sign it. The first to keep it wins; None when it is over."""
    if not _open(request).select_for_update().exists():
        return None
    kept, _ = Prepared.objects.get_or_create(
        request=request,
        defaults={
            "tail": made.tail,
            "start": made.start,
            "end": made.end,
            "document_digest": made.document_digest,
            "signed_attributes": made.signed_attributes,
            "field": made.field,
            "made_at": clock.now(),
        },
    )
    return kept


@action("signing.record_waiting", "Ghi việc chờ xác nhận ký")
def record_waiting(by: Actor, request: Request, /, *, reference: str, sentence: str = "", again_after: int = 0) -> None:
    """The provider has the hash and a person has to say yes."""
    pause = rules.wait_before(request.tries, again_after)
    _open(request).update(
        state=rules.WAITING,
        provider_reference=(reference or request.provider_reference)[:200],
        why=sentence[:300],
        tries=request.tries + 1,
        next_at=clock.now() + timedelta(seconds=pause),
    )
    request.refresh_from_db()


@action("signing.hurry", "Hỏi dịch vụ ký ngay")
def hurry(by: Actor, request: Request, /) -> None:
    """Somebody says there is news: the worker asks the service at its next turn, and believes only its answer."""
    del by
    _open(request).filter(state=rules.WAITING, next_at__gt=clock.now()).update(next_at=clock.now())


@action("signing.postpone", "Hỏi lại dịch vụ ký sau")
def postpone(by: Actor, request: Request, /, *, error: str) -> None:
    """The provider could not be reached; the details are for the record, not for the signer."""
    note(error=error[:300])
    pause = rules.wait_before(request.tries)
    _open(request).update(tries=request.tries + 1, next_at=clock.now() + timedelta(seconds=pause), why=rules.UNREACHED)


@action("signing.record_value", "Ghi giá trị chữ ký")
def record_value(by: Actor, request: Request, /, *, value: bytes) -> None:
    """From here on nobody is asked again, whatever happens to this worker."""
    Prepared.objects.filter(request=request, value=b"").update(value=value)
    _open(request).update(next_at=clock.now() + timedelta(seconds=rules.FIRST_WAIT))


@action("signing.give", "Ghi tệp đã ký")
def give(by: Actor, request: Request, /, *, received: Received, level: str, remark: str = "") -> Request:
    """The signed file joins its subject. Nothing when somebody else was faster or the request was cancelled."""
    ended = {"state": rules.SIGNED, "level": level, "remark": remark[:300], "why": "", "next_at": None}
    if not _open(request).update(ended_at=clock.now(), **ended):
        request.refresh_from_db()
        return request
    source = StoredFile.objects.get(pk=request.file_id)
    stored = attach(
        by,
        received,
        subject=request.subject,
        unit_path=source.unit_path,
        kind=source.kind,
        owner_person_id=source.owner_person_id,
    )
    Request.objects.filter(pk=request.pk).update(signed_file=stored)
    Prepared.objects.filter(request=request).delete()
    Ask.objects.filter(file=source, role=request.role, closed_at=None).update(closed_at=clock.now())
    if request.proof_code and request.role == rules.AGENCY:
        title = public_title(request.subject)
        publish_proof(by, stored, title=title, unit=request.unit, code=request.proof_code)
    note(signer=request.asked_by_name, level=level)
    announce(SignatureGiven(str(request.uuid), request.subject, str(stored.uuid), request.role))
    request.refresh_from_db()
    return request


@action("signing.lose", "Ghi việc không ký được")
def lose(by: Actor, request: Request, /, *, state: str, why: str = "") -> Request:
    """Refused, out of time or impossible. The file stays as it was."""
    _end(request, state, why or rules.SENTENCES[state])
    return request


@action("signing.tell_of_loss", "Báo chưa ký được")
def tell_of_loss(by: Actor, request: Request, /, *, link: str) -> None:
    """To whoever asked, in the product: once."""
    account = Account.objects.select_related("person").filter(pk=request.asked_by_id).first()
    if account is None:
        return
    values = {"document": request.title, "why": request.why, "unit": request.unit.full_name}
    key = f"signing.lost:{request.uuid}"
    path = request.unit_path
    notify(by, account.person, "signing.lost", subject=request, unit_path=path, values=values, link=link, key=key)
