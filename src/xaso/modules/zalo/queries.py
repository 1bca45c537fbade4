"""Questions about accounts, templates, messages and what was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, oldest
from xaso.modules.zalo import rules
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.models import Account, Follower, Message, Notice, Received, Template

AT_ONCE = 200
PAGE = 50
MONTH = timedelta(days=30)
NO_TEMPLATE = "Không tìm thấy mẫu này, hoặc mẫu không thuộc đơn vị của bạn. Hãy mở lại danh sách mẫu."
NO_MESSAGE = "Không tìm thấy tin này, hoặc tin không thuộc đơn vị của bạn. Hãy mở lại danh sách tin."

# What others ask


def account_for(unit: Unit | str) -> Account | None:
    """The official account that speaks for a unit: its own, or that of the nearest unit above it."""
    path = unit if isinstance(unit, str) else unit.path
    return Account.objects.select_related("unit").filter(unit_path__in=_above(path)).order_by("-unit_path").first()


def _above(path: str) -> list[str]:
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: count + 1]) + "." for count in range(len(parts))]


def is_connected(unit: Unit | str) -> bool:
    found = account_for(unit)
    return found is not None and found.state == Account.State.CONNECTED


def templates(unit: Unit | str | None = None) -> list[Template]:
    """Templates that may be used now: of a unit and those above it, or all."""
    rows = Template.objects.filter(state=Template.State.APPROVED)
    if unit is not None:
        rows = rows.filter(unit_path__in=_above(unit if isinstance(unit, str) else unit.path))
    return list(rows.order_by("code", "-unit_path"))


def template_named(unit: Unit | str, code: str) -> Template | None:
    """The nearest template of that code that is not put away."""
    path = unit if isinstance(unit, str) else unit.path
    rows = Template.objects.filter(unit_path__in=_above(path), code=code).exclude(state=Template.State.OFF)
    return rows.order_by("-unit_path").first()


def preview(template: Template, values: dict[str, str]) -> tuple[str, list[str]]:
    """(the text as it will be read, sentences about values that are missing or too long)."""
    return rules.filled(template.text, values), rules.faults_of(template.params, values)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the messages of one purpose stand. `handed`: Zalo has it, no report yet; each message counts once."""

    queued: int = 0
    handed: int = 0
    delivered: int = 0
    seen: int = 0
    failed: int = 0
    fell_back: int = 0
    cost: int = 0

    @property
    def total(self) -> int:
        return self.queued + self.handed + self.delivered + self.seen + self.failed + self.fell_back


def outcomes(purpose: str) -> Outcomes:
    rows = Message.objects.filter(purpose=purpose).values("state").annotate(count=Count("pk"), price=Sum("price"))
    found = {row["state"]: row for row in rows}
    counts = {state: row["count"] for state, row in found.items()}
    counts["handed"] = counts.pop("sent", 0)
    paid = ("sent", "delivered", "seen")
    return Outcomes(**counts, cost=sum(found[one]["price"] or 0 for one in paid if one in found))


def rows(purpose: str, state: str = "", after: str = "") -> Page[Message]:
    """Row by row, oldest first, however many there are."""
    found = Message.objects.filter(purpose=purpose)
    if state:
        found = found.filter(state__in=["delivered", "seen"] if state == "delivered" else [state])
    return oldest(found, after, PAGE)


def each(purpose: str) -> Iterator[Message]:
    """Every message of a purpose, streamed."""
    return Message.objects.filter(purpose=purpose).order_by("pk").iterator(chunk_size=500)


def received(uuid: str) -> Received | None:
    """What somebody wrote, for whoever hears ZaloReceived."""
    return Received.objects.select_related("account__unit", "picture").filter(uuid=uuid).first()


def follower_count(unit_path: str) -> int:
    return Follower.objects.filter(account__unit_path=unit_path, is_following=True).count()


# The pages


def account_of(unit: Unit) -> Account | None:
    """Only this unit's own."""
    return Account.objects.select_related("unit").filter(unit_path=unit.path).first()


def account_seen(by: Actor) -> Account | None:
    """The account of where this person works, or above it."""
    return account_for(by.unit_path) if by.unit_path else None


def templates_seen(by: Actor) -> list[Template]:
    return list(visible(by, "zalo.view", Template.objects.all()).order_by("state", "code")[:AT_ONCE])


def template_for(by: Actor, key: UUID, permission: str = "zalo.view") -> Template:
    found = visible(by, permission, Template.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_TEMPLATE)
    return found


def messages(by: Actor, state: str = "", purpose: str = "", template: str = "") -> QuerySet[Message]:
    """Ordered by whoever pages."""
    found = visible(by, "zalo.view", Message.objects.select_related("template"))
    if state in Message.State.values:
        found = found.filter(state=state)
    if template:
        found = found.filter(template__code=template)
    return found.filter(purpose=purpose) if purpose else found


def message_for(by: Actor, key: UUID, permission: str = "zalo.view") -> Message:
    found = visible(by, permission, Message.objects.select_related("unit", "template")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_MESSAGE)
    return found


def counts(by: Actor) -> dict[str, int]:
    """State → how many in the last thirty days."""
    since = clock.now() - MONTH
    rows = visible(by, "zalo.view", Message.objects.filter(created_at__gte=since))
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def quota_spent(account: Account) -> bool:
    """Zalo has said today that nothing more is taken today."""
    return account.quota_on == clock.today() and account.quota_left == 0


# The worker's


def message_with(key: str) -> Message | None:
    return Message.objects.select_related("unit", "template").filter(uuid=key).first()


def waiting(now: datetime) -> list[Message]:
    """Due to be sent, oldest first."""
    due = Message.objects.select_related("unit", "template").filter(state="queued", retry_at__lte=now)
    return list(due.order_by("retry_at", "id")[:AT_ONCE])


def notice_with(key: str) -> Notice | None:
    return Notice.objects.filter(uuid=key).first()


def account_with(pk: int) -> Account:
    return Account.objects.select_related("unit").get(pk=pk)


def account_named(oa_id: str) -> Account | None:
    return Account.objects.select_related("unit").filter(oa_id=oa_id).first() if oa_id else None


def account_by_uuid(key: str) -> Account | None:
    return Account.objects.select_related("unit").filter(uuid=key).first()


def only_account() -> Account | None:
    """The one there is; None when there are several or none."""
    found = list(Account.objects.select_related("unit")[:2])
    return found[0] if len(found) == 1 else None


def to_refresh(now: datetime) -> list[Account]:
    """Whose access token ends soon."""
    soon = now + timedelta(hours=zalo().refresh_hours_before)
    return list(Account.objects.filter(state="connected").filter(Q(access_until__lte=soon)).order_by("id"))


def broken() -> list[Account]:
    return list(Account.objects.select_related("unit").filter(state="broken").order_by("id"))


def follower(account: Account, user: str) -> Follower | None:
    return Follower.objects.filter(account=account, user=user).first()


def purposes(by: Actor) -> list[dict[str, Any]]:
    """What messages of the last thirty days were for, the latest first."""
    since = clock.now() - MONTH
    rows = visible(by, "zalo.view", Message.objects.filter(created_at__gte=since)).order_by().values("purpose")
    ended = Q(state__in=["delivered", "seen"])
    found = rows.annotate(
        total=Count("pk"), arrived=Count("pk", filter=ended), last=Max("created_at"),
        queued=Count("pk", filter=Q(state="queued")), failed=Count("pk", filter=Q(state="failed")),
        fell_back=Count("pk", filter=Q(state="fell_back")),
    )  # fmt: skip
    return [dict(row) for row in found.order_by("-last")[:PAGE]]


def monthly_costs(by: Actor) -> list[dict[str, Any]]:
    """Template messages that Zalo took, and their price by the contract, of the last months."""
    paid = Message.objects.filter(kind="template", state__in=["sent", "delivered", "seen"], sent_at__isnull=False)
    rows = visible(by, "zalo.view", paid).order_by()
    months = rows.annotate(month=TruncMonth("sent_at", tzinfo=clock.VIETNAM)).values("month")
    found = months.annotate(count=Count("pk"), price=Sum("price")).order_by("-month")
    return [dict(row) for row in found[:12]]
