"""Signing with the token in the signer's own PC: the page carries the question there and the value back.

Mounted by desk.py. The value is believed because it fits the certificate, whoever posts it.
"""

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Missing, Refused
from xaso.modules.signing import performing
from xaso.modules.signing import queries as signing
from xaso.modules.signing.models import Prepared, Request
from xaso.modules.signing.providers import Answer as Outcome
from xaso.modules.signing.providers import HashJob
from xaso.modules.signing.providers.values import WRONG_VALUE, decoded, encoded, fits

LOOPBACK = "ws://127.0.0.1:*"
PORT = 14987
PROVIDER = "agent"
NOT_YOURS = "Không tìm thấy yêu cầu ký này. Hãy mở lại từ mục Ký số."
OVER = "Yêu cầu ký này đã kết thúc nên giá trị chữ ký không được dùng. Hãy mở lại từ mục Ký số."


def _own(request: HttpRequest, uuid: UUID) -> Request:
    """Only whoever asked sits at the PC with the token."""
    found = signing.request(uuid)
    if found.asked_by_id != request.actor.account_id or found.certificate.provider != PROVIDER:
        raise Missing(NOT_YOURS)
    return found


@screen("signing/desk/agent.html", permission="signing.use", connects=LOOPBACK)
def page(request: HttpRequest, uuid: UUID) -> Answer:
    found = _own(request, uuid)
    kept = signing.prepared_of(found) if found.is_open else None
    return {
        "found": found,
        "job": _wish(performing.job_of(found, kept)) if kept else None,
        "port": PORT,
        "crumbs": [
            {"label": "Ký số", "url": reverse("desk-signing:index")},
            {"label": found.title, "url": found.get_absolute_url()},
            {"label": "Ký bằng thiết bị trên máy này"},
        ],
    }


def _wish(job: HashJob) -> dict[str, str]:
    """What the agent is asked, in its own words."""
    return {
        "job": job.uuid,
        "document": job.document_name,
        "certificate": hashlib.sha256(job.certificate.der).hexdigest(),
        "signed_attributes": encoded(job.signed_attributes),
        "digest": encoded(job.digest),
    }


@require_POST
@declare(permission="signing.use")
def value(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A value that does not fit changes nothing: the request goes on waiting for the right one."""
    found = _own(request, uuid)
    kept = signing.prepared_of(found) if found.is_open else None
    if kept is None:
        raise Refused(OVER)
    given = _fitting(found, kept, decoded(request.POST.get("signature", "")))
    performing.take(found, lambda job: Outcome("signed", job.uuid, signature=given), finish=True)
    told(request, f"Đã ký “{found.title}”.")
    return redirect(found.get_absolute_url())


def _fitting(found: Request, kept: Prepared, given: bytes) -> bytes:
    if not fits(bytes(found.certificate.der), bytes(kept.signed_attributes), given):
        raise Refused(WRONG_VALUE)
    return given


def place(found: Request) -> str:
    """Where the signer goes on with this request; empty when its token is not in a PC."""
    return reverse("desk-signing:agent", args=[found.uuid]) if found.certificate.provider == PROVIDER else ""


urlpatterns = [
    path("may-nay/<uuid:uuid>/", page, name="agent"),
    path("may-nay/<uuid:uuid>/gia-tri/", value, name="agent_value"),
]
