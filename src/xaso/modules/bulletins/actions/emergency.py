"""Khẩn cấp: one named duty officer sends at once, with a reason; a leader judges it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.bulletins.actions.deciding import digest_of, open_channels
from xaso.modules.bulletins.actions.drafting import NOT_THERE, sound_for
from xaso.modules.bulletins.events import BulletinApproved
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries.places import level_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states

TOPIC = "emergency"
NO_REASON = "Hãy ghi lý do phát khẩn cấp, ví dụ: nước sông vượt báo động 3 lúc 21:40."
NO_WORDS = "Hãy ghi tiêu đề và nội dung: chuyện gì, ở đâu, người dân phải làm gì."
OWN_EMERGENCY = "Bạn đã gửi tin khẩn cấp này nên người khác phải xem xét. Hãy chuyển cho lãnh đạo khác."


@action("bulletins.send_emergency", "Gửi tin khẩn cấp")
def send_emergency(
    by: Actor, unit: Unit, /, *, title: str, text: str, reason: str, unit_paths: Sequence[str],
    channels: Sequence[str], origin: str = "", until: datetime | None = None,
) -> Bulletin:  # fmt: skip
    """Sent without another's approval, over opt-outs and quiet hours. Who, why and what is on record."""
    row = _checked(by, unit, title, text, reason)
    if any(not path.startswith(unit.path) for path in unit_paths):
        raise Refused(NOT_THERE)
    row.unit_paths = list(contents.covered(unit_paths))
    row.channels = [one for one in contents.CHANNELS if one in channels]
    row.origin, row.until = origin[:300], until
    if not row.unit_paths:
        raise Refused(contents.NOWHERE)
    if not row.channels:
        raise Refused(contents.NOTHING_CHOSEN)
    if until is not None and until <= row.created_at:
        raise Refused("Thời điểm kết thúc đã qua. Hãy chọn lại hoặc để trống.")
    sound = sound_for(by, row)
    row.recording = sound.uuid if sound is not None else None
    row.content_hash = digest_of(row)
    row.save(force_insert=True)
    open_channels(row)
    announce(BulletinApproved(uuid=str(row.uuid)))
    note(content=row.content_hash)
    return row


def _checked(by: Actor, unit: Unit, title: str, text: str, reason: str) -> Bulletin:
    if not tidy(title) or not text.strip():
        raise Refused(NO_WORDS)
    if not tidy(reason):
        raise Refused(NO_REASON)
    if sentence := contents.too_long(text):
        raise Refused(sentence)
    now = clock.now()
    return Bulletin(
        unit=unit, unit_path=unit.path, level=level_of(unit), klass=contents.EMERGENCY, topic=TOPIC,
        title=tidy(title)[: contents.MAX_TITLE], text=text.strip(), emergency_reason=tidy(reason)[:1000],
        state=states.APPROVED, loops=2, author_id=by.account_id, author_name=by.name[:200], writers=[by.account_id],
        created_at=now, saved_at=now, submitted_at=now, submitted_by=by.name[:200], decided_at=now,
        decided_by_id=by.account_id, decided_by=by.name[:200],
    )  # fmt: skip


@action("bulletins.review", "Xem xét tin khẩn cấp đã phát")
def review(by: Actor, bulletin: Bulletin, /, *, verdict: str, remark: str = "") -> Bulletin:
    """Afterwards: was it right? Once, by somebody else. “Không đúng” says why."""
    if not bulletin.is_emergency:
        raise Refused("Chỉ tin khẩn cấp mới cần xem xét sau khi phát.")
    if by.account_id is not None and by.account_id == bulletin.author_id:
        raise Refused(OWN_EMERGENCY)
    if verdict not in set(Bulletin.Verdict):
        raise Refused("Hãy chọn: đúng hoặc không đúng.")
    if verdict == Bulletin.Verdict.WRONG and not tidy(remark):
        raise Refused("Hãy ghi vì sao không đúng, để lần sau làm khác.")
    values = {
        "reviewed_at": clock.now(), "reviewed_by": by.name[:200], "verdict": verdict,
        "review_note": tidy(remark)[:1000],
    }  # fmt: skip
    if not Bulletin.objects.filter(pk=bulletin.pk, reviewed_at=None).update(**values):
        raise Refused("Tin khẩn cấp này đã được xem xét. Hãy tải lại trang.")
    for name, value in values.items():
        setattr(bulletin, name, value)
    return bulletin
