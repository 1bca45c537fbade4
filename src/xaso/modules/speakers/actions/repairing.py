"""Repair tickets."""

from __future__ import annotations

from datetime import datetime

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.speakers.actions.register import set_state
from xaso.modules.speakers.models import Alarm, Device, Repair

State = Repair.State
MOVED_ON = "Phiếu này vừa được xử lý ở chỗ khác. Hãy tải lại trang."
DEAREST = 10_000_000_000


@action("speakers.open_repair", "Mở phiếu sửa loa")
def open_repair(
    by: Actor, device: Device, /, *, problem: str, alarm: Alarm | None = None, out_of_use: bool = False
) -> Repair:
    """One open ticket a device. Downtime counts from when the device fell silent, if it did."""
    if not tidy(problem):
        raise Refused("Hãy ghi loa hỏng thế nào, ví dụ: không lên đèn, rè, mất sóng.")
    if Repair.objects.filter(device=device).exclude(state=State.CLOSED).exists():
        raise Refused("Loa này đã có phiếu sửa chữa chưa xong. Hãy mở phiếu đó.")
    now = clock.now()
    if out_of_use and device.state == Device.State.IN_USE:
        set_state(by, device, state=Device.State.REPAIR, reason=problem)
    return Repair.objects.create(
        device=device,
        unit_path=device.unit_path,
        alarm=alarm,
        problem=tidy(problem)[:500],
        down_since=alarm.since if alarm is not None else now,
        opened_at=now,
        opened_by_name=by.name[:120],
    )


@action("speakers.assign_repair", "Giao việc sửa loa")
def assign_repair(by: Actor, repair: Repair, /, *, to: str, phone: str = "") -> Repair:
    """To whoever mends it: an officer or a workshop."""
    del by
    if not tidy(to):
        raise Refused("Hãy ghi người hoặc cơ sở nhận sửa.")
    values = {"state": State.ASSIGNED, "assigned_to": tidy(to)[:120], "assigned_phone": tidy(phone)[:15]}
    _move(repair, [State.OPEN, State.ASSIGNED], values | {"assigned_at": clock.now()})
    return repair


@action("speakers.close_repair", "Đóng phiếu sửa loa")
def close_repair(
    by: Actor, repair: Repair, /, *, outcome: str, parts: str = "", cost: int = 0, budget_line: str = ""
) -> Repair:
    """Done: what was replaced, what it cost and from which budget line. The device is in use again."""
    if not tidy(outcome):
        raise Refused("Hãy ghi kết quả sửa, ví dụ: đã thay nguồn, loa phát bình thường.")
    if not 0 <= cost <= DEAREST:
        raise Refused("Chi phí ghi bằng đồng, từ 0. Hãy kiểm tra lại số tiền.")
    if cost and not tidy(budget_line):
        raise Refused("Hãy ghi dòng ngân sách chi trả khoản này.")
    values = {
        "state": State.CLOSED,
        "outcome": tidy(outcome)[:500],
        "parts": tidy(parts)[:500],
        "cost": cost,
        "budget_line": tidy(budget_line)[:60],
        "closed_at": clock.now(),
    }
    _move(repair, [State.OPEN, State.ASSIGNED], values)
    device = Device.objects.get(pk=repair.device_id)
    if device.state == Device.State.REPAIR:
        set_state(by, device, state=Device.State.IN_USE)
    note(cost=cost, downtime_minutes=down_minutes(repair, clock.now()))
    return repair


def down_minutes(repair: Repair, now: datetime) -> int:
    return max(0, int(((repair.closed_at or now) - repair.down_since).total_seconds() // 60))


def _move(repair: Repair, was: list[str], values: dict[str, object]) -> None:
    if not Repair.objects.filter(pk=repair.pk, state__in=was).update(**values):
        raise Refused(MOVED_ON)
    repair.refresh_from_db()
