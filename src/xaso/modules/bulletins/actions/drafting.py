"""Writing: begun, saved, spoken, copied. What was typed is kept; what cannot be sent is said at handing in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.actions import Received, attach
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.audiences import queries as audiences
from xaso.modules.audio import queries as audio
from xaso.modules.audio.actions import keep_recording, say
from xaso.modules.bulletins.actions.moving import move
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import wording
from xaso.modules.bulletins.queries.places import level_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.rules.content import Content

WRITTEN_OVER = "Bản tin này vừa được lưu ở chỗ khác. Hãy chép phần vừa viết, tải lại trang rồi dán vào."
NOT_THERE = "Có nơi nhận không thuộc đơn vị của bạn. Hãy chọn lại nơi nhận."
FOR_EMERGENCIES = "Chủ đề “{label}” chỉ dùng cho tin khẩn cấp của người trực ban. Hãy chọn chủ đề khác."
PICTURE = "anh-ban-tin"


@action("bulletins.write", "Soạn bản tin")
def write(
    by: Actor, unit: Unit, /, *, content: Content, template: str = "", series: str = "",
    replaces: Bulletin | None = None,
) -> Bulletin:  # fmt: skip
    """A draft. It may lack anything but a title."""
    now = clock.now()
    values = _values(unit, content)
    return Bulletin.objects.create(
        unit=unit, unit_path=unit.path, level=level_of(unit), author_id=by.account_id, author_name=by.name,
        writers=[by.account_id], created_at=now, saved_at=now, template=template[:40], series=tidy(series)[:80],
        replaces=replaces, **values,
    )  # fmt: skip


@action("bulletins.edit", "Sửa bản tin")
def edit(by: Actor, bulletin: Bulletin, /, *, content: Content, revision: int) -> Bulletin:
    """Written over. What waited for approval is a draft again, for nobody approves what he has not seen."""
    values = _values(bulletin.unit, content)
    if Bulletin.objects.filter(pk=bulletin.pk).exclude(revision=revision).exists():
        raise Refused(WRITTEN_OVER)
    move(
        bulletin, "edit", **values, saved_at=clock.now(), revision=revision + 1, content_hash="", refusal="",
        writers=sorted({*bulletin.writers, by.account_id}, key=str),
    )  # fmt: skip
    return bulletin


def _values(unit: Unit, content: Content) -> dict[str, Any]:
    if not tidy(content.title):
        raise Refused("Hãy ghi tiêu đề.")
    if sentence := contents.too_long(content.text):
        raise Refused(sentence)
    if any(not path.startswith(unit.path) for path in content.unit_paths):
        raise Refused(NOT_THERE)
    topic = audiences.topics().get(content.topic)
    if topic is None:
        raise Refused("Hãy chọn chủ đề trong danh sách.")
    if topic.emergency_exempt:
        raise Refused(FOR_EMERGENCIES.format(label=topic.label))
    if unknown := set(content.channels) - set(contents.CHANNELS):
        raise Refused(f"Không có kênh {', '.join(sorted(unknown))}. Hãy chọn lại kênh.")
    kept = {name: value for name, value in asdict(content).items() if name != "weekly"}
    weekly = content.weekly
    return kept | {
        "title": tidy(content.title)[: contents.MAX_TITLE],
        "channels": [one for one in contents.CHANNELS if one in content.channels],
        "unit_paths": list(contents.covered(content.unit_paths)),
        "weekly": {"days": list(weekly.days), "times": list(weekly.times)} if weekly else None,
    }


@action("bulletins.give_picture", "Thêm ảnh vào bản tin")
def give_picture(by: Actor, bulletin: Bulletin, /, *, received: Received | None) -> Bulletin:
    """A picture, or none any more."""
    stored = None
    if received is not None:
        stored = attach(by, received, subject=bulletin.ref, unit_path=bulletin.unit_path, kind=PICTURE)
    return move(bulletin, "edit", picture=stored, content_hash="", saved_at=clock.now())


@action("bulletins.give_recording", "Dùng bản thu cho bản tin")
def give_recording(
    by: Actor, bulletin: Bulletin, /, *, received: Received | None = None, recording: Any = None
) -> Bulletin:
    """A human voice instead of the machine's: a file of now, one made before, or none any more."""
    if received is not None:
        recording = keep_recording(by, bulletin.unit, file=received, title=bulletin.title, text=bulletin.text)
    chosen = recording.uuid if recording is not None else None
    return move(bulletin, "edit", own_recording=chosen, recording=chosen, content_hash="", saved_at=clock.now())


@action("bulletins.speak", "Tạo lời đọc")
def speak(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """The sound of the words as they are now, to be heard before anybody decides. The same words: the same sound."""
    if bulletin.state not in states.WRITABLE:
        return bulletin
    found = sound_for(by, bulletin)
    if found is not None and found.uuid != bulletin.recording:
        Bulletin.objects.filter(pk=bulletin.pk, state__in=states.WRITABLE).update(recording=found.uuid)
        bulletin.recording = found.uuid
    return bulletin


def sound_for(by: Actor, bulletin: Bulletin) -> Any:
    """What the loudspeakers would play: the given voice, or the machine's. None where no loudspeaker is asked for."""
    if contents.SPEAKERS not in bulletin.channels:
        return None
    if bulletin.own_recording:
        return audio.recording(bulletin.own_recording)
    words = wording.speech_of(bulletin)
    return say(by, bulletin.unit, text=words, title=bulletin.title) if words else None


@action("bulletins.copy", "Soạn từ bản tin cũ")
def copy_bulletin(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """A new draft with the same words and places; the times are not copied, for they are past."""
    return _again(by, bulletin, series=bulletin.series)


@action("bulletins.replace", "Soạn bản thay thế")
def replace(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """An update. When it is approved, the old one stops and says what took its place."""
    if bulletin.state in states.WRITABLE or bulletin.state == states.CANCELLED:
        raise Refused("Bản tin này chưa phát hoặc đã huỷ nên không cần bản thay thế. Hãy sửa hoặc soạn từ bản cũ.")
    return _again(by, bulletin, replaces=bulletin)


def _again(by: Actor, old: Bulletin, *, series: str = "", replaces: Bulletin | None = None) -> Bulletin:
    kept = asdict(old.content) | {"starts_at": None, "until": None, "weekly": None}
    if old.is_emergency:
        kept |= {"klass": contents.PRIORITY, "topic": "general"}
    made = write(by, old.unit, content=Content(**kept), template=old.template, series=series, replaces=replaces)
    if old.own_recording:
        Bulletin.objects.filter(pk=made.pk).update(own_recording=old.own_recording, recording=old.own_recording)
        made.own_recording = made.recording = old.own_recording
    if old.picture_id:
        Bulletin.objects.filter(pk=made.pk).update(picture=old.picture_id)
        made.picture_id = old.picture_id
    return made


@action("bulletins.discard", "Xoá bản nháp")
def discard(by: Actor, bulletin: Bulletin, /) -> None:
    """A draft nobody needs. What was handed in or sent is never deleted."""
    if not Bulletin.objects.filter(pk=bulletin.pk, state=states.DRAFT, replacements=None).exists():
        raise Refused("Chỉ xoá được bản nháp. Bản tin đã trình thì huỷ, để còn lưu lại.")
    Bulletin.objects.filter(pk=bulletin.pk, state=states.DRAFT).delete()


__all__ = [
    "copy_bulletin", "discard", "edit", "give_picture", "give_recording", "replace", "sound_for", "speak", "write",
]  # fmt: skip
