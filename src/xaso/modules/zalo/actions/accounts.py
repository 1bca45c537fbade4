"""The official account of a unit and its chain of tokens, as Zalo's answers leave it."""

from __future__ import annotations

from datetime import datetime, timedelta

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.events import ZaloChainBroken
from xaso.modules.zalo.models import Account
from xaso.modules.zalo.rules import Tokens
from xaso.modules.zalo.sealing import seal

State = Account.State
LEASE = timedelta(seconds=60)

TAKEN = "Trang Zalo OA này đã nối cho {unit}. Hãy ngắt ở đó trước, hoặc chọn trang khác."
NO_ID = "Zalo không cho biết mã của trang OA. Hãy bấm “Nối Zalo OA” để làm lại từ đầu."
NOT_CONNECTED = "Đơn vị chưa nối trang Zalo OA nào."


@action("zalo.connect", "Nối trang Zalo OA")
def connect(by: Actor, unit: Unit, /, *, tokens: Tokens, oa_id: str, name: str) -> Account:
    """The first pair of tokens, or a new one after the chain broke. One account for a unit."""
    if not oa_id:
        raise Refused(NO_ID)
    other = Account.objects.select_related("unit").filter(oa_id=oa_id).exclude(unit_path=unit.path).first()
    if other is not None and other.state != State.DISCONNECTED:
        raise Refused(TAKEN.format(unit=other.unit.full_name))
    if other is not None:
        Account.objects.filter(pk=other.pk).update(oa_id=f"cu-{other.pk}")
    held = Account.objects.select_for_update().filter(unit_path=unit.path).first()
    values = _sealed(tokens) | {
        "unit": unit, "oa_id": oa_id[:40], "name": tidy(name)[:120], "state": State.CONNECTED, "error": "",
        "error_at": None, "lease_until": None, "generation": (held.generation if held else 0) + 1,
        "connected_at": clock.now(), "connected_by": by.name[:120],
    }  # fmt: skip
    return Account.objects.update_or_create(unit_path=unit.path, defaults=values)[0]


@action("zalo.disconnect", "Ngắt trang Zalo OA")
def disconnect(by: Actor, account: Account, /) -> Account:
    """The tokens are thrown away here; Zalo keeps the consent until the administrator takes it back there."""
    account.state, account.access_sealed, account.refresh_sealed = State.DISCONNECTED, "", ""
    account.access_until = account.refresh_until = account.lease_until = None
    account.save()
    return account


@action("zalo.begin_refresh", "Bắt đầu làm mới mã truy cập Zalo")
def begin_refresh(by: Actor, account: Account, /, *, generation: int) -> bool:
    """True for the one worker that may ask Zalo now.

    The row is held while it is looked at again (PostgreSQL by its lock, SQLite by being the only writer); the lease
    holds afterwards, while Zalo is asked without any lock. A worker that dies leaves a lease that runs out.
    """
    now = clock.machine_now()
    held = Account.objects.select_for_update().get(pk=account.pk)
    free = held.lease_until is None or held.lease_until <= now
    if held.generation != generation or held.state != State.CONNECTED or not free:
        return False
    Account.objects.filter(pk=held.pk).update(lease_until=now + LEASE)
    return True


@action("zalo.save_tokens", "Lưu mã truy cập Zalo mới")
def save_tokens(by: Actor, account: Account, /, *, tokens: Tokens, generation: int) -> bool:
    """Both tokens in one statement, over the pair the refresh started from; a pair that came later stays."""
    held = Account.objects.select_for_update().get(pk=account.pk)
    if held.generation != generation or held.state == State.DISCONNECTED:
        note(kept="newer")
        return False
    values = _sealed(tokens) | {
        "state": State.CONNECTED, "generation": generation + 1, "lease_until": None, "refreshed_at": clock.now(),
        "error": "", "error_at": None,
    }  # fmt: skip
    Account.objects.filter(pk=held.pk).update(**values)
    return True


@action("zalo.record_trouble", "Ghi lỗi làm mới mã truy cập Zalo")
def record_trouble(by: Actor, account: Account, /, *, generation: int, error: str) -> None:
    """It was not done and may be tried again; said once per trouble."""
    rows = Account.objects.filter(pk=account.pk, generation=generation)
    rows.update(lease_until=None, error=error[:500], error_at=clock.now())


@action("zalo.break_chain", "Ghi chuỗi mã truy cập Zalo bị đứt")
def break_chain(by: Actor, account: Account, /, *, generation: int, why: str) -> bool:
    """Nobody can send until a person gives consent again. Told once."""
    rows = Account.objects.filter(pk=account.pk, generation=generation, state=State.CONNECTED)
    if not rows.update(state=State.BROKEN, lease_until=None, error=why[:500], error_at=clock.now()):
        return False
    announce(ZaloChainBroken(account=str(account.uuid), why=why[:300]))
    return True


def _sealed(tokens: Tokens) -> dict[str, str | datetime | None]:
    now = clock.machine_now()
    return {
        "access_sealed": seal(tokens.access),
        "refresh_sealed": seal(tokens.refresh) if tokens.refresh else "",
        "access_until": now + timedelta(seconds=tokens.seconds),
        "refresh_until": now + timedelta(days=zalo().refresh_days),
    }
