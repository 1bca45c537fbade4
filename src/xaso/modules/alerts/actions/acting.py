"""What is done with an alert: sent, drafted, drilled, dismissed, called off. Each leaves a line with who and when."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.alerts import queries
from xaso.modules.alerts.definitions import alerts
from xaso.modules.alerts.models import Alert, Deed
from xaso.modules.alerts.rules import mapping
from xaso.modules.audio.actions import say
from xaso.modules.audio.queries import recording as recording_with
from xaso.modules.bulletins import actions as bulletins
from xaso.modules.bulletins import queries as sent_bulletins
from xaso.modules.bulletins.actions.drafting import Content
from xaso.modules.speakers.actions import order_play, stop_play
from xaso.modules.speakers.queries.playing import plays

OVER = "Cảnh báo này đã được xử lý ({state}). Hãy tải lại trang."
NOWHERE = "Hãy chọn nơi phát: cả xã hoặc từng thôn."
NO_REASON = "Hãy ghi lý do."
NO_DRILL = "Bản tin {status} không được ra loa vì chưa mở diễn tập."
REPLACED = "Nơi gửi đã có bản mới: {title}"
CALLED_OFF = "Nơi gửi đã huỷ cảnh báo này."


def record(by: Actor, alert: Alert, text: str) -> None:
    """Inside the caller's action."""
    Deed.objects.create(alert=alert, at=clock.now(), by_name=by.name[:200], text=text[:600])


def settle(by: Actor, alert: Alert, state: str, text: str) -> Alert:
    """Inside the caller's action."""
    alert.state = state
    alert.save(update_fields=["state", "recording", "unit_paths"])
    record(by, alert, text)
    return alert


@action("alerts.act", "Chuyển cảnh báo đi")
def act(
    by: Actor, alert: Alert, /, *, unit_paths: Sequence[str], channels: Sequence[str] = (), reason: str = ""
) -> Alert:
    """An emergency goes out at once; what is less becomes a draft bulletin, which somebody else approves."""
    row = Alert.objects.select_for_update().select_related("unit").get(pk=alert.pk)
    if not row.can_be_sent:
        raise Refused(OVER.format(state=row.get_state_display()))
    if not unit_paths or any(not path.startswith(row.unit.path) for path in unit_paths):
        raise Refused(NOWHERE)
    row.unit_paths = sorted(set(unit_paths))
    if row.is_drill:
        return drill(by, row)
    if row.klass != mapping.EMERGENCY:
        return _draft(by, row)
    bulletin = bulletins.send_emergency(
        by,
        row.unit,
        title=row.title,
        text=row.text,
        reason=tidy(reason) or f"Cảnh báo {row.identifier} của {row.sender}",
        unit_paths=tuple(row.unit_paths),
        channels=tuple(channels or alerts().channels),
        origin=row.ref,
        until=row.until,
    )
    return settle(by, row, Alert.State.SENT, f"Phát khẩn cấp: bản tin “{bulletin.title}”.")


def _draft(by: Actor, alert: Alert) -> Alert:
    channels = tuple(one for one in alerts().channels if one not in {"sms", "zalo"})
    content = Content(
        title=alert.title,
        text=alert.text,
        klass=alert.klass,
        topic="general",
        unit_paths=tuple(alert.unit_paths),
        channels=channels,
        until=alert.until,
    )
    bulletin = bulletins.write(by, alert.unit, content=content, series=f"CAP {alert.identifier}"[:80])
    return settle(by, alert, Alert.State.DRAFTED, f"Soạn bản tin “{bulletin.title}” để trình duyệt.")


def drill(by: Actor, alert: Alert) -> Alert:
    """Inside the caller's action. The words are read between two sentences that say that it is a drill."""
    if queries.drill_of(alert.unit.path) is None:
        raise Refused(NO_DRILL.format(status=alert.status_words))
    spoken = say(by, alert.unit, text=mapping.drill_text(alert.text or alert.title), title=f"Diễn tập: {alert.title}")
    alert.recording = spoken.uuid
    settle(by, alert, Alert.State.DRILL, "Diễn tập: đang làm tiếng để phát loa.")
    if spoken.is_ready:
        play_drill(by, alert)
    return alert


@action("alerts.play_drill", "Phát loa diễn tập")
def play_drill(by: Actor, alert: Alert, /) -> Alert:
    """The recording is there. The drill may have ended meanwhile: then nothing is heard."""
    if alert.recording is None or alert.state != Alert.State.DRILL:
        return alert
    if queries.drill_of(alert.unit.path) is None:
        return settle(by, alert, Alert.State.NOTED, "Diễn tập đã kết thúc trước khi phát, nên không ra loa.")
    try:
        with transaction.atomic():
            order_play(
                by,
                alert.unit,
                recording=recording_with(alert.recording),
                title=f"Diễn tập: {alert.title}"[:200],
                klass=alert.klass,
                origin_level="commune",
                unit_paths=tuple(alert.unit_paths),
                purpose=alert.ref,
                drill=True,
            )
    except Refused as refusal:
        return settle(by, alert, Alert.State.NOTED, f"Không ra loa: {refusal.message}")
    record(by, alert, "Diễn tập: đã gửi lệnh phát loa.")
    return alert


@action("alerts.dismiss", "Không dùng cảnh báo")
def dismiss(by: Actor, alert: Alert, /, *, reason: str) -> Alert:
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if not tidy(reason):
        raise Refused(NO_REASON)
    if row.state != Alert.State.WAITING:
        raise Refused(OVER.format(state=row.get_state_display()))
    return settle(by, row, Alert.State.DISMISSED, f"Không dùng: {tidy(reason)}")


def call_off(by: Actor, earlier: Alert, later: Alert) -> None:
    """Inside the caller's action: what an Update or Cancel speaks of stops, wherever it plays."""
    if earlier.state not in Alert.LIVE:
        return
    is_update = later.message_type == "Update"
    why = REPLACED.format(title=later.title) if is_update else CALLED_OFF
    stopped = 0
    for bulletin in sent_bulletins.of_origin(earlier.ref):
        stopped += _refused_or_done(lambda row=bulletin: bulletins.cancel(by, row, reason=why))
    for play in plays(by).filter(purpose=earlier.ref):
        stopped += _refused_or_done(lambda row=play: stop_play(by, row, reason=why))
    state = Alert.State.REPLACED if is_update else Alert.State.CANCELLED
    settle(by, earlier, state, f"{why} Đã dừng {stopped} lượt." if stopped else why)


def _refused_or_done(work: object) -> int:
    """1 when it was stopped; 0 when it was over already."""
    try:
        with transaction.atomic():
            work()  # type: ignore[operator]
    except Refused:
        return 0
    return 1
