"""Whom we trust: added by a person who compared the fingerprint, withdrawn with a reason, never deleted."""

from dataclasses import dataclass
from datetime import date

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.trust.certificates import Certificate
from xaso.modules.trust.events import AnchorsChanged
from xaso.modules.trust.models import Anchor

NO_REASON = "Hãy ghi lý do: căn cứ vào văn bản nào, đã so dấu vân tay ở đâu."
NOT_NAMED = (
    "Dấu vân tay đã nhập không khớp với chứng thư này. Đừng thêm nữa; hãy tải lại chứng thư từ trang của cơ quan cấp "
    "và so lại từng cặp ký tự."
)
KNOWN = "Chứng thư này đã có trong danh sách."
WRONG_DATES = "Ngày thôi tin phải từ ngày bắt đầu tin trở đi."
WITHDRAWN = "Chứng thư này đã được rút. Hãy tải lại trang."


@dataclass(frozen=True, slots=True)
class Trust:
    """What a person decides about a certificate. `fingerprint`: copied from where its authority publishes it."""

    purpose: str
    fingerprint: str
    trusted_from: date
    trusted_to: date | None = None

    def for_audit(self) -> str:
        return f"{self.purpose} {self.fingerprint} {self.trusted_from} – {self.trusted_to or ''}"


@action("trust.add_anchor", "Thêm chứng thư tin cậy")
def add_anchor(by: Actor, unit: Unit, /, *, certificate: Certificate, trust: Trust, reason: str) -> Anchor:
    """Trust a root between two dates, or keep an intermediate that leads to one.

    A certificate that was withdrawn once may be taken up again: that is a new decision with its own reason.
    """
    reason = tidy(reason)
    if not reason:
        raise Refused(NO_REASON)
    if not certificate.is_named_by(trust.fingerprint):
        raise Refused(NOT_NAMED)
    if trust.trusted_to and trust.trusted_to < trust.trusted_from:
        raise Refused(WRONG_DATES)
    known = Anchor.objects.filter(fingerprint=certificate.fingerprint).first()
    if known is not None and known.withdrawn_at is None:
        raise Refused(KNOWN)
    made = known or Anchor(fingerprint=certificate.fingerprint)
    made.unit_path = unit.path
    made.kind = Anchor.Kind.ROOT if certificate.is_root else Anchor.Kind.INTERMEDIATE
    made.certificate, made.serial = certificate.content, certificate.serial
    made.subject, made.issuer = certificate.subject, certificate.issuer
    made.valid_from, made.valid_to = certificate.valid_from, certificate.valid_to
    made.purpose, made.trusted_from, made.trusted_to = trust.purpose, trust.trusted_from, trust.trusted_to
    made.reason, made.added_at, made.added_by_id, made.added_by_name = reason[:500], clock.now(), by.account_id, by.name
    made.withdrawn_at, made.withdrawn_by_name, made.withdrawn_reason = None, "", ""
    made.save()
    note(fingerprint=made.fingerprint, subject=made.subject, kind=made.kind)
    announce(AnchorsChanged(anchor=str(made.uuid)))
    return made


@action("trust.withdraw_anchor", "Rút chứng thư tin cậy")
def withdraw_anchor(by: Actor, anchor: Anchor, /, *, reason: str, trusted_to: date | None = None) -> Anchor:
    """From the day after `trusted_to` (today unless said) nothing signed is trusted through it any more."""
    reason = tidy(reason)
    if not reason:
        raise Refused("Hãy ghi lý do rút chứng thư này.")
    last = trusted_to or clock.today()
    if last < anchor.trusted_from:
        last = anchor.trusted_from
    withdrawn = Anchor.objects.filter(pk=anchor.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_by_name=by.name, withdrawn_reason=reason[:500], trusted_to=last
    )
    if not withdrawn:
        raise Refused(WITHDRAWN)
    anchor.refresh_from_db()
    note(fingerprint=anchor.fingerprint, subject=anchor.subject)
    announce(AnchorsChanged(anchor=str(anchor.uuid)))
    return anchor
