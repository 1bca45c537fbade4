"""Alerts taken in: read, kept to the letter, and settled as far as no person is needed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.alerts import queries
from xaso.modules.alerts.actions.acting import act, call_off, drill, record, settle
from xaso.modules.alerts.definitions import alerts
from xaso.modules.alerts.models import Alert, FeedState
from xaso.modules.alerts.rules import cap, mapping, reading

NOT_CHECKED = "Cảnh báo có chữ ký số; hệ thống chưa kiểm tra chữ ký này."
ELSEWHERE = "Cảnh báo không thuộc địa bàn {unit}."
CHOOSE = "Khu vực không ghi mã đơn vị mà hệ thống biết; cần người chọn nơi phát."
OF_NO_VILLAGE = (
    "Trong vùng vẽ có {count} loa đặt tại trụ sở, không thuộc thôn nào. Các loa này chỉ phát khi chọn cả xã."
)
UNREAD = "Có {count} vùng vẽ trên bản đồ không đọc được. Hãy xem bản gốc và chọn nơi phát."
UNPLACED = (
    "Chưa biết có nằm trong vùng vẽ trên bản đồ hay không: {names} (loa ở đó chưa ghi toạ độ). "
    "Hãy xem và chọn thêm nếu cần, rồi ghi toạ độ ở mục Loa."
)
NAMED = 12
NOT_PUBLIC = "Phạm vi {scope}: không phát rộng. Chỉ người có trách nhiệm đọc."
NOT_THEIRS = "Bản tin nói về cảnh báo của nơi gửi khác nên không dừng cảnh báo đó. Hãy gọi hai nơi gửi để xác minh."
UNKNOWN_REFERENCE = "Bản tin nói về cảnh báo mà hệ thống chưa nhận được."
MOST_SEEN = 500


@action("alerts.take_in", "Nhận cảnh báo")
def take_in(by: Actor, unit: Unit, /, *, source: bytes, via: str = Alert.Via.PAGE, via_name: str = "") -> Alert:
    """The same message again is the same row. Raises Refused when it cannot be used at all."""
    found = reading.read(source)
    row = _row(unit, found, source)
    row.via, row.via_name = via, via_name[:200] or by.name[:200]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Alert.objects.select_related("unit").get(
            unit=unit, sender=found.sender, identifier=found.identifier, sent=found.sent
        )
    note(sender=found.sender, identifier=found.identifier, sha256=row.sha256)
    record(by, row, f"Nhận qua: {row.get_via_display()}.")
    _decide(by, row, found)
    return row


def _row(unit: Unit, found: cap.CapAlert, source: bytes) -> Alert:
    main = found.main
    areas = [area for info in found.infos for area in info.areas]
    places = queries.places_of(unit, areas)
    remarks = [*found.remarks, *([NOT_CHECKED] if found.is_signed else [])]
    if places.is_elsewhere:
        remarks.append(ELSEWHERE.format(unit=unit))
    elif found.infos and not places.paths:
        remarks.append(CHOOSE)
    remarks += _not_placed(places)
    return Alert(
        unit=unit,
        unit_path=unit.path,
        sender=found.sender[:200],
        identifier=found.identifier[:200],
        sent=found.sent,
        sent_at=datetime.fromisoformat(found.sent),
        status=found.status,
        message_type=found.message_type,
        scope=found.scope,
        klass=mapping.class_of(found),
        title=mapping.title_of(found)[:200],
        text=mapping.text_of(found),
        event=main.event[:200] if main else "",
        until=mapping.until_of(found),
        areas=list(dict.fromkeys(area.description[:300] for area in areas))[:100],
        unit_paths=list(places.paths),
        references=[str(one) for one in found.references][:100],
        remarks=remarks,
        is_signed=found.is_signed,
        source=source.decode("utf-8", "replace").replace("\0", ""),
        sha256=hashlib.sha256(source).hexdigest(),
        received_at=clock.now(),
    )


def _not_placed(places: queries.Places) -> list[str]:
    """What of the drawn areas nobody could place, so that a person looks at it."""
    found = [UNREAD.format(count=places.unread)] if places.unread else []
    if places.unplaced:
        names = ", ".join(places.unplaced[:NAMED])
        more = f" và {len(places.unplaced) - NAMED} nơi khác" if len(places.unplaced) > NAMED else ""
        found.append(UNPLACED.format(names=f"{names}{more}"))
    if places.of_no_village:
        found.append(OF_NO_VILLAGE.format(count=places.of_no_village))
    return found


def _decide(by: Actor, alert: Alert, found: cap.CapAlert) -> None:
    """The first rule that fits. What none fits waits for a person."""
    if alert.message_type in {"Update", "Cancel"}:
        _call_off_earlier(by, alert)
    if (why := _only_noted(alert, found)) is not None:
        settle(by, alert, *why)
        return
    later = queries.superseding(alert)
    if later is not None:
        state = Alert.State.REPLACED if later.message_type == "Update" else Alert.State.CANCELLED
        settle(by, alert, state, f"Đến sau bản tin {later.message_type} “{later.title}”, nên không phát.")
        return
    if alert.is_drill:
        _drill_or_note(by, alert)
    elif alert.klass == mapping.EMERGENCY and alert.via in alerts().at_once and alert.unit_paths:
        _at_once(by, alert)


def _call_off_earlier(by: Actor, alert: Alert) -> None:
    earlier = [row for row in queries.referred(alert.unit, alert.references) if row.pk != alert.pk]
    for row in earlier:
        # An exercise may not stop what is real, and nobody calls off what another sent.
        if row.sender == alert.sender and (row.is_drill or not alert.is_drill):
            call_off(by, row, alert)
    remark = "" if earlier else UNKNOWN_REFERENCE
    if any(row.sender != alert.sender for row in earlier):
        remark = NOT_THEIRS
    if remark:
        alert.remarks = [*alert.remarks, remark]
        alert.save(update_fields=["remarks"])


def _only_noted(alert: Alert, found: cap.CapAlert) -> tuple[str, str] | None:
    noted = Alert.State.NOTED
    if alert.message_type in {"Cancel", "Ack", "Error"}:
        return noted, f"Bản tin {alert.message_type}: đã ghi nhận."
    if alert.status in {"System", "Draft"}:
        return noted, f"Bản tin {alert.status_words}: chỉ dành cho máy hoặc bản nháp, không phát."
    if alert.scope != "Public":
        return noted, NOT_PUBLIC.format(scope=alert.scope)
    if mapping.is_over(found, clock.now()):
        return Alert.State.EXPIRED, "Cảnh báo đã hết hạn khi đến nơi, nên không phát."
    if ELSEWHERE.format(unit=alert.unit) in alert.remarks:
        return noted, ELSEWHERE.format(unit=alert.unit)
    return None


def _drill_or_note(by: Actor, alert: Alert) -> None:
    if queries.drill_of(alert.unit.path) is None:
        settle(by, alert, Alert.State.NOTED, f"Bản tin {alert.status_words}: chưa mở diễn tập nên không ra loa.")
        return
    alert.unit_paths = alert.unit_paths or [alert.unit.path]
    drill(by, alert)


def _at_once(by: Actor, alert: Alert) -> None:
    """What stands in the way is told, and a person decides: an alert is never lost to a fault below."""
    try:
        with transaction.atomic():
            act(by, alert, unit_paths=tuple(alert.unit_paths))
        alert.refresh_from_db()
    except Refused as refusal:
        alert.state = Alert.State.WAITING
        record(by, alert, f"Chưa phát tự động được: {refusal.message}")


@action("alerts.note_feed", "Ghi kết quả hỏi nguồn cảnh báo")
def note_feed(by: Actor, unit: Unit, /, *, code: str, error: str, seen: list[str]) -> FeedState:
    """How asking went, and which addresses need not be asked again."""
    del by, unit
    row, _ = FeedState.objects.get_or_create(code=code)
    row.asked_at = clock.now()
    row.error = error[:300]
    if not error:
        row.succeeded_at = row.asked_at
    row.seen = [*row.seen, *seen][-MOST_SEEN:]
    row.save()
    return row
