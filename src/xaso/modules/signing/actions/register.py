"""The register of signatures: who holds one, with what means, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xaso.core.access import Actor
from xaso.core.accounts.models import Account, Person
from xaso.core.actions import action, note
from xaso.core.files.actions import Received, attach
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.kit.subject import ref
from xaso.modules.notifications.actions import notify
from xaso.modules.signing import rules
from xaso.modules.signing.models import Certificate

PICTURE = "signing.picture"
TEXT = "signing.expiring"
PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the register, as typed or read from the certificate's file."""

    holder_kind: str
    holder_name: str
    holder_code: str
    means: str
    serial: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    provider: str = ""
    reference: str = ""
    subject: str = ""
    der: bytes = b""
    chain: Sequence[str] = field(default_factory=tuple)
    asks_pin: bool = False

    def for_audit(self) -> str:
        return f"{self.holder_kind} {self.issuer} {self.serial}"


def row_of(by: Actor, unit: Unit, given: Given) -> Certificate:
    """Not saved yet."""
    now = clock.now()
    return Certificate(
        unit=unit,
        unit_path=unit.path,
        holder_kind=given.holder_kind,
        holder_name=given.holder_name[:200],
        folded_name=fold(given.holder_name)[:200],
        holder_code=given.holder_code[:30],
        means=given.means,
        provider=given.provider,
        reference=given.reference[:200],
        serial=given.serial.strip().lower()[:64],
        issuer=given.issuer.strip()[:300],
        subject=given.subject[:300],
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        state_at=now,
        der=given.der,
        chain=list(given.chain),
        asks_pin=given.asks_pin,
        added_by_name=by.name[:120],
        added_at=now,
    )


@action("signing.add_certificate", "Ghi chữ ký số vào sổ")
def add_certificate(by: Actor, unit: Unit, /, *, given: Given, account: Account | None = None) -> Certificate:
    """One line. The same certificate of the same issuer is in the register once."""
    if not given.holder_name.strip() or not given.serial.strip() or not given.issuer.strip():
        raise Refused("Hãy ghi đủ tên người giữ, số sê-ri và tổ chức cấp, hoặc chọn tệp chứng thư.")
    if given.valid_to <= given.valid_from:
        raise Refused("Ngày hết hạn phải sau ngày có hiệu lực. Hãy kiểm tra lại hai ngày này.")
    row = row_of(by, unit, given)
    if Certificate.objects.filter(issuer=row.issuer, serial=row.serial).exists():
        raise Refused(f"Chứng thư số sê-ri {row.serial} của tổ chức cấp này đã có trong sổ.")
    row.account = account if given.holder_kind == rules.OFFICIAL else None
    row.save(force_insert=True)
    return row


@action("signing.set_certificate_state", "Đổi tình trạng chữ ký số")
def set_certificate_state(by: Actor, certificate: Certificate, /, *, state: str, reason: str) -> Certificate:
    """Suspend, take up again, note as revoked, or end. What was signed before stays as it is."""
    if not reason.strip():
        raise Refused("Hãy ghi lý do để người sau hiểu vì sao tình trạng thay đổi.")
    if state not in rules.CERTIFICATE_MOVES[certificate.state]:
        raise Refused("Tình trạng này không đổi được nữa. Nếu có chứng thư mới, hãy ghi một dòng mới.")
    values = {"state": state, "reason": reason.strip()[:300], "state_at": clock.now()}
    if not Certificate.objects.filter(pk=certificate.pk, state=certificate.state).update(**values):
        raise Refused("Người khác vừa đổi tình trạng này. Hãy tải lại trang.")
    certificate.refresh_from_db()
    return certificate


@action("signing.give_picture", "Đặt hình chữ ký, con dấu")
def give_picture(by: Actor, certificate: Certificate, /, *, received: Received) -> StoredFile:
    """A transparent PNG of the hand or of the seal. The newest one is drawn."""
    if received.saved.media_type != PNG:
        raise Refused("Hình chữ ký phải là tệp PNG nền trong suốt.")
    return attach(by, received, subject=ref(certificate), unit_path=certificate.unit_path, kind=PICTURE)


@action("signing.alarm", "Báo chữ ký số sắp hết hạn")
def alarm(by: Actor, certificate: Certificate, /, *, days: int, left: int, people: Sequence[Person], link: str) -> int:
    """To the holder and to those who administer the unit: once for each of 60, 30 and 7 days."""
    values = {
        "holder": certificate.holder_name,
        "means": certificate.get_means_display(),
        "left": str(left),
        "until": f"{clock.local(certificate.valid_to):%d/%m/%Y}",
        "unit": certificate.unit.full_name,
    }
    for person in people:
        key = f"signing.expiring:{certificate.pk}:{days}:{person.pk}"
        path = certificate.unit_path
        notify(by, person, TEXT, subject=certificate, unit_path=path, values=values, link=link, key=key)
    Certificate.objects.filter(pk=certificate.pk).update(alarmed_days=days)
    note(days=days, people=len(people))
    return len(people)
