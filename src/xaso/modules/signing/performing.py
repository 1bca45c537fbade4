"""From an asked-for signature to the signed file, outside transactions. May die anywhere and be begun again.

prepare → keep what is to be signed → ask the provider → keep the value → finish → give. Each arrow is one stored step,
and each step begun twice does no harm: the provider knows the request by its uuid, and of two workers one stores.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from xaso.core.access import SYSTEM
from xaso.core.files.actions import receive_bytes
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import files_of
from xaso.core.files.stores import store
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import ref
from xaso.modules.signing import actions, configured, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.actions.register import PICTURE
from xaso.modules.signing.actions.requests import OVER, Made, why_not_this_file
from xaso.modules.signing.certificates import chain_of
from xaso.modules.signing.models import Certificate, Prepared, Request
from xaso.modules.signing.providers import (
    PROVIDERS,
    Answer,
    CertificateView,
    HashJob,
    PinProvider,
    agent,
    csc,
    mysign,
    pkcs11,
    sim,
    smartca,
)
from xaso.modules.trust import queries as trust

log = logging.getLogger(__name__)

INSTALLED = (agent, csc, mysign, pkcs11, sim, smartca)
"""Each enters itself into PROVIDERS when it is imported."""

AT_ONCE = 50
NOT_INSTALLED = "Phương tiện ký này chưa được cài đặt trên máy chủ. Nhờ quản trị hệ thống hoặc chọn chứng thư khác."
WRONG_VALUE = "Chữ ký nhận về không khớp với chứng thư đã chọn nên không dùng. Hãy kiểm tra chứng thư rồi ký lại."


def perform(uuid: str) -> None:
    """What the worker does with a request. Raises when the outside does not answer: it is tried again."""
    request = signing.request(uuid)
    if request.is_open and not request.is_in_person:
        _go_on(request, lambda job: PROVIDERS[job.certificate.provider].start(job))


def perform_in_person(request: Request, pin: str) -> Request:
    """With the PIN just typed: it goes to the device and nowhere else. Raises Refused when it is wrong."""
    if not request.is_open:
        raise Refused(OVER)
    name = request.certificate.provider
    provider: object = PROVIDERS[name] if name in PROVIDERS else None  # noqa: SIM401 - a registry, not a dict
    if not isinstance(provider, PinProvider):
        raise Refused(NOT_INSTALLED)
    _go_on(request, lambda job: provider.start_with(job, pin))
    request.refresh_from_db()
    return request


def take(request: Request, answer: Callable[[HashJob], Answer], *, finish: bool = False) -> None:
    """What came to our own door: a provider's notice, or the page of the person whose token has signed. Stored once;
    the worker writes the file, or this process when somebody waits for it."""
    kept = signing.prepared_of(request) if request.is_open else None
    if kept is not None and not kept.value:
        kept = _asked(request, kept, answer)
    if finish and kept is not None and kept.value:
        _finish(request, kept)


def _go_on(request: Request, ask: Callable[[HashJob], Answer]) -> None:
    kept = _prepared(request)
    if kept is None:
        return
    if not kept.value:
        kept = _asked(request, kept, ask)
    if kept is not None and kept.value:
        _finish(request, kept)


def _prepared(request: Request) -> Prepared | None:
    """Kept from before, or made now. None when the request is over."""
    if request.certificate.provider not in PROVIDERS:
        actions.lose(SYSTEM, request, state=rules.FAILED, why=NOT_INSTALLED)
        return None
    if kept := signing.prepared_of(request):
        return kept
    why = request.certificate.why_unusable(clock.now()) or why_not_this_file(request.file)
    if why:
        actions.lose(SYSTEM, request, state=rules.FAILED, why=why)
        return None
    try:
        made = _made(request)
    except Refused as no:
        actions.lose(SYSTEM, request, state=rules.FAILED, why=no.message)
        return None
    return actions.record_prepared(SYSTEM, request, made=made)


def _made(request: Request) -> Made:
    pades, certificate = signing.engine(), request.certificate
    look = pades.Look(
        role=request.role,
        holder=certificate.holder_name,
        at=clock.local(clock.now()).replace(microsecond=0),
        image=picture_of(certificate),
    )
    place = pades.Place(
        field=request.field,
        reason=request.reason,
        stamped=configured.level() != rules.B_B,
        mark=_mark(request.proof_code) if request.proof_code else None,
    )
    made: Made = pades.prepare(content_of(request.file), _holder(certificate), look, place)
    return made


def _mark(code: str) -> object:
    return signing.engine().Mark(trust.address_of_code(code), trust.shown_code(code))


def content_of(file: StoredFile) -> bytes:
    with store().open(file.blob_id) as stream:
        return stream.read()


def picture_of(certificate: Certificate) -> bytes:
    """The newest uploaded image of the hand or the seal; empty when there is none."""
    pictures = [one for one in files_of(ref(certificate)) if one.kind == PICTURE]
    return content_of(pictures[-1]) if pictures else b""


def _holder(certificate: Certificate) -> object:
    return signing.engine().Holder(bytes(certificate.der), chain_of(certificate.chain))


def job_of(request: Request, kept: Prepared) -> HashJob:
    attributes, certificate = bytes(kept.signed_attributes), request.certificate
    return HashJob(
        uuid=str(request.uuid),
        digest=hashlib.sha256(attributes).digest(),
        digest_algorithm="sha256",
        signed_attributes=attributes,
        document_name=request.title,
        certificate=view_of(certificate),
    )


def view_of(certificate: Certificate) -> CertificateView:
    return CertificateView(
        uuid=str(certificate.uuid),
        holder_name=certificate.holder_name,
        holder_code=certificate.holder_code,
        means=certificate.means,
        provider=certificate.provider,
        reference=certificate.reference,
        serial=certificate.serial,
        der=bytes(certificate.der),
    )


def _asked(request: Request, kept: Prepared, ask: Callable[[HashJob], Answer]) -> Prepared | None:
    """The provider's answer, stored. The kept row with its value when there is one."""
    answer = ask(job_of(request, kept))
    if answer.state == "waiting":
        actions.record_waiting(
            SYSTEM, request, reference=answer.reference, sentence=answer.sentence, again_after=answer.again_after
        )
        return None
    if answer.state != "signed":
        actions.lose(SYSTEM, request, state=answer.state, why=answer.sentence)
        return None
    right = signing.engine().is_right_value
    if not right(bytes(request.certificate.der), bytes(kept.signed_attributes), answer.signature):
        actions.lose(SYSTEM, request, state=rules.FAILED, why=WRONG_VALUE)
        return None
    actions.record_value(SYSTEM, request, value=answer.signature)
    return signing.prepared_of(request)


def _finish(request: Request, kept: Prepared) -> None:
    pades, level = signing.engine(), configured.level()
    made = pades.Prepared(
        tail=bytes(kept.tail),
        start=kept.start,
        end=kept.end,
        document_digest=bytes(kept.document_digest),
        signed_attributes=bytes(kept.signed_attributes),
        field=kept.field,
    )
    wish = pades.Wish(
        level=level,
        tsa_url=configured.tsa_url(),
        context=trust.validation_context(allow_fetching=True) if level in (rules.B_LT, rules.B_LTA) else None,
    )
    done = pades.finish(content_of(request.file), made, _holder(request.certificate), bytes(kept.value), wish)
    received = receive_bytes(done.content, name=request.file.name)
    actions.give(SYSTEM, request, received=received, level=done.level, remark=done.note)


def ask_again() -> int:
    """Every request whose turn has come: one that fails does not hold up the others. Returns how many were asked."""
    due = signing.due_to_ask(clock.now(), AT_ONCE)
    for request in due:
        try:
            _ask_one_again(request)
        except (OSError, LookupError, ValueError, RuntimeError) as error:
            log.warning("request %s: the provider did not answer: %s", request.uuid, error)
            actions.postpone(SYSTEM, request, error=f"{type(error).__name__}: {error}")
    return len(due)


def _ask_one_again(request: Request) -> None:
    provider = PROVIDERS[request.certificate.provider]
    _go_on(request, lambda job: provider.poll(job, request.provider_reference))


def give_up() -> int:
    """No answer in a quarter of an hour: the person is told and may ask again."""
    old = signing.left_behind(clock.now() - rules.PATIENCE, AT_ONCE)
    for request in old:
        state = rules.TIMED_OUT if request.state == rules.WAITING or request.is_in_person else rules.FAILED
        actions.lose(SYSTEM, request, state=state)
    return len(old)
