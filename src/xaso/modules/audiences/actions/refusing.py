"""Lists of numbers that want no messages, as they are published: dated, the newest of a unit replaces the older one."""

from __future__ import annotations

import hashlib
from datetime import date

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.audiences.models import RefusalList, RefusedNumber
from xaso.modules.audiences.sheet import read_numbers

AT_ONCE = 500


@action("audiences.take_refusal_list", "Nhập danh sách không nhận tin")
def take_refusal_list(by: Actor, unit: Unit, /, *, name: str, data: bytes, as_of: date, title: str) -> RefusalList:
    """The whole list as of a day, for this unit and below. Refused whole when a number cannot be read."""
    if as_of > clock.today():
        raise Refused("Ngày của danh sách không thể ở sau hôm nay.")
    newer = RefusalList.objects.filter(unit_path=unit.path, is_current=True, as_of__gt=as_of).first()
    if newer is not None:
        raise Refused(f"Đang dùng danh sách mới hơn, ngày {newer.as_of:%d/%m/%Y}. Hãy kiểm tra ngày của tệp.")
    phones = read_numbers(name, data)
    RefusalList.objects.filter(unit_path=unit.path, is_current=True).update(is_current=False)
    taken = RefusalList.objects.create(
        unit=unit,
        unit_path=unit.path,
        title=tidy(title)[:160] or "Danh sách không quảng cáo",
        as_of=as_of,
        file_name=tidy(name)[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        numbers=len(phones),
        by_name=by.name[:120],
        created_at=clock.now(),
    )
    RefusedNumber.objects.bulk_create([RefusedNumber(list=taken, phone=one) for one in phones], batch_size=AT_ONCE)
    note(numbers=len(phones))
    return taken
