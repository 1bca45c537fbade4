"""Which packs there are, and whether they are what was signed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.measures.periods import Period
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.module import slot
from xaso.modules.packs import rules
from xaso.modules.packs.models import Pack
from xaso.modules.packs.rules import Sealed

KINDS = {"report": "báo cáo", "assessment": "đánh giá", "targets": "chỉ tiêu"}
NO_PACK = "Không tìm thấy gói số liệu này trong phạm vi của bạn. Hãy mở lại từ danh sách."


def packs_of(by: Actor, *, kind: str = "", period: str = "") -> QuerySet[Pack]:
    """Packs the actor may see, without their bodies, newest first."""
    rows = visible(by, "packs.view", Pack.objects.select_related("unit").defer("body"))
    if kind:
        rows = rows.filter(Q(kind=kind) | Q(kind__startswith=f"{kind}."))
    if period:
        rows = rows.filter(period_key=period)
    return rows.order_by("-pk")


def pack(by: Actor, key: UUID) -> Pack:
    """Raises Missing."""
    found = visible(by, "packs.view", Pack.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_PACK)
    return found


def pack_about(subject: str) -> Pack | None:
    """The latest pack signed for a subject, e.g. an assessment."""
    return Pack.objects.select_related("unit").filter(subject=subject).order_by("-pk").first()


def contents(pack: Pack) -> Sealed:
    return rules.read(pack.body)


def kind_name(kind: str) -> str:
    """`report.dti` → "báo cáo Chuyển đổi số": the titles come from the modules, by the slot `packs.kinds`."""
    family, _, rest = kind.partition(".")
    titles = {key: title for part in slot("packs.kinds") for key, title in part().items()}
    return f"{KINDS.get(family, family)} {titles.get(kind, rest)}".rstrip()


def kinds_signed() -> list[str]:
    """Every kind of pack there is."""
    return sorted(Pack.objects.order_by().values_list("kind", flat=True).distinct())


def signed(path: str, period: Period, kind: str) -> list[Pack]:
    """The latest pack of each unit under the path, by path. One statement."""
    rows = Pack.objects.filter(under(path), kind=kind, period_key=period.key).select_related("unit")
    latest = {one.unit_id: one for one in rows.order_by("unit_path", "number")}
    return list(latest.values())


def latest_packs() -> QuerySet[Pack]:
    """Packs that no later one of the same unit, period, kind and subject replaces."""
    latest = Pack.objects.values("unit_id", "period_key", "kind", "subject").annotate(last=Max("pk")).values("last")
    return Pack.objects.filter(pk__in=latest).select_related("unit").order_by("pk")


def check(pack: Pack) -> str:
    """Empty when the pack is what was signed, else a sentence that names it."""
    if rules.digest(pack.body) != pack.sha256:
        return f"{title(pack)} không còn như lúc ký: nội dung không khớp mã kiểm."
    head = contents(pack).head
    told = {
        "unit": pack.unit.code,
        "path": pack.unit_path,
        "kind": pack.kind,
        "period": pack.period_key,
        "subject": pack.subject,
        "number": pack.number,
        "signer": pack.signed_by,
        "signer_name": pack.signed_by_name,
        "signer_role": pack.signed_by_role,
        "signed_at": pack.signed_at.astimezone(clock.VIETNAM).isoformat(timespec="microseconds"),
    }
    if any(head.get(name) != value for name, value in told.items()):
        return f"{title(pack)} không còn như lúc ký: nhãn của gói không khớp nội dung."
    return ""


def title(pack: Pack) -> str:
    """Gói số liệu báo cáo 2024-Q1 của UBND xã Ngũ Kiên (số 3)."""
    return f"Gói số liệu {kind_name(pack.kind)} {pack.period_key} của {pack.unit.full_name} (số {pack.number})"
