"""What `xaso verify` asks of the packs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from xaso.core.audit import kept
from xaso.core.audit.models import Entry
from xaso.modules.packs import rules
from xaso.modules.packs.models import Pack, Restatement
from xaso.modules.packs.queries.signed import check, contents, title


def broken_packs() -> Iterable[str]:
    """A sentence for every pack that is not what was signed, and for every pack that is gone."""
    yield from _unlocked()
    noted = _noted()
    previous: dict[int, tuple[int, str]] = {}
    for one in Pack.objects.select_related("unit").order_by("unit_id", "number").iterator(200):
        number, link = previous.get(one.unit_id, (0, rules.FIRST))
        fault = check(one)
        if fault:
            yield fault
        elif one.number != number + 1:
            yield f"Thiếu gói số liệu số {number + 1} của {one.unit.full_name} trước {title(one)}."
        elif contents(one).head["previous"] != link:
            yield f"{title(one)} không nối đúng với gói trước của đơn vị."
        elif noted.get(one.pk, one.sha256) != one.sha256:
            yield f"{title(one)} không khớp mã kiểm ghi trong nhật ký lúc ký."
        noted.pop(one.pk, None)
        previous[one.unit_id] = (one.number, one.sha256)
    for pk, sha256 in noted.items():
        yield f"Gói số liệu mã kiểm {sha256[:12]}… có trong nhật ký nhưng không còn trong kho (dòng {pk})."


def _unlocked() -> Iterable[str]:
    for model in (Pack, Restatement):
        if not kept.is_installed(connection, model._meta.db_table):
            yield f"Khoá chống sửa của bảng {model._meta.db_table} đã bị gỡ. Đặt lại bằng “xaso manage migrate packs”."


def _noted() -> dict[int, str]:
    """Pack id → its checksum in the record of actions, which is itself a chain."""
    entries = Entry.objects.filter(verb="packs.seal", outcome="done", subject__startswith=f"{Pack._meta.label}:")
    return {
        int(subject.rpartition(":")[2]): details["sha256"]
        for subject, details in entries.values_list("subject", "details").iterator(2_000)
        if "sha256" in details
    }
