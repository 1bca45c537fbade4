"""A file is laid before somebody to sign; that person signs one, or many with one press."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from xaso.core.access import Actor, require
from xaso.core.accounts.models import Account
from xaso.core.actions import action, entry_for
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.signing import rules
from xaso.modules.signing.actions.requests import NOT_PDF, PDF, SIGN, request_signature, why_not_this_file
from xaso.modules.signing.models import Ask, Certificate, Request

MOST_AT_ONCE = 100


@action("signing.ask_to_sign", "Trình ký số")
def ask_to_sign(
    by: Actor,
    unit: Unit,
    /,
    *,
    file: StoredFile,
    role: rules.Role,
    subject: str,
    signer: Account | None = None,
    title: str = "",
) -> Ask:
    """Lay a file before an official (role person) or the keeper of the seal (agency). Once per file and role."""
    if file.media_type != PDF:
        raise Refused(NOT_PDF)
    if why := why_not_this_file(file):
        raise Refused(why)
    if role == rules.PERSON and signer is None:
        raise Refused("Hãy chọn người ký.")
    if Ask.objects.filter(file=file, role=role, closed_at=None).exists():
        raise Refused("Tệp này đã được trình ký. Người ký sẽ thấy ở mục Chờ tôi ký.")
    return Ask.objects.create(
        unit=unit,
        unit_path=unit.path,
        file=file,
        subject=subject,
        role=role,
        signer=signer if role == rules.PERSON else None,
        title=(title or file.name)[:200],
        asked_by_id=by.account_id,
        asked_by_name=by.name[:120],
        asked_at=clock.now(),
    )


@action("signing.take_back", "Rút đề nghị ký")
def take_back(by: Actor, ask: Ask, /) -> Ask:
    """By whoever laid it there, before it is signed."""
    if by.account_id != ask.asked_by_id:
        raise Forbidden("Chỉ người trình ký mới rút lại được.")
    if Request.objects.filter(file=ask.file_id, state__in=rules.OPEN).exists():
        raise Refused("Tệp này đang được ký nên chưa rút lại được.")
    if not Ask.objects.filter(pk=ask.pk, closed_at=None).update(closed_at=clock.now()):
        raise Refused("Đề nghị ký này đã xong. Hãy tải lại trang.")
    ask.refresh_from_db()
    return ask


@action("signing.sign_asked", "Ký các tệp được trình")
def sign_asked(
    by: Actor, unit: Unit, /, *, asks: Sequence[Ask], certificate: Certificate, batch: UUID | None = None
) -> list[Request]:
    """One press, many signatures: all of them are asked for, or none."""
    if not asks:
        raise Refused("Hãy chọn ít nhất một tệp để ký.")
    if len(asks) > MOST_AT_ONCE:
        raise Refused(f"Mỗi lần ký tối đa {MOST_AT_ONCE} tệp. Hãy chọn bớt.")
    found = []
    for ask in asks:
        require(by, SIGN[ask.role], ask)
        if ask.signer_id not in (None, by.account_id):
            raise Forbidden(f"“{ask.title}” được trình cho người khác ký.")
        request = request_signature(
            by,
            unit,
            file=ask.file,
            role=rules.role_of(ask.role),
            certificate=certificate,
            subject=ask.subject,
            batch=batch,
        )
        entry_for(request, ask=str(ask.uuid))
        found.append(request)
    return found
