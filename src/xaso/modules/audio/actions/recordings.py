"""Recordings asked for, made, and put away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.actions import Received, attach
from xaso.core.files.models import StoredFile
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import ref
from xaso.modules.audio import queries
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.events import RecordingAsked, RecordingFailed, RecordingReady
from xaso.modules.audio.models import Recording

NO_TEXT = "Hãy ghi nội dung cần đọc."
NOTHING_TO_SAY = "Nội dung này không có chữ nào để đọc. Hãy viết lại bằng lời."
NO_VOICE = "Giọng đọc này không có trên máy. Hãy chọn một giọng trong danh sách."


@dataclass(frozen=True, slots=True)
class Made:
    """What the background brought: the sound in the store and what was measured on it."""

    received: Received
    seconds: Decimal
    loudness: Decimal | None
    engine: str
    version: str
    remark: str = ""


@action("audio.say", "Làm bản thu từ văn bản")
def say(by: Actor, unit: Unit, /, *, text: str, voice: str = "", spoken: str = "", title: str = "") -> Recording:
    """Speech of a text, made in the background. The same words in the same voice give the recording there is: look at
    its `state`, for a ready one announces nothing anew. `spoken`: the words as a person corrected them."""
    text = text.strip()
    limit = audio().limits.speech_characters
    if not text:
        raise Refused(NO_TEXT)
    if len(text) > limit or len(spoken) > 3 * limit:
        raise Refused(
            f"Nội dung dài {len(text)} ký tự, quá mức {limit} ký tự cho một bản thu. Hãy rút gọn hoặc tách ra."
        )
    chosen = voice or queries.voices()[0].code
    if chosen not in {one.code for one in queries.voices()}:
        raise Refused(NO_VOICE)
    words = queries.spoken(spoken.strip() or text)
    if not words:
        raise Refused(NOTHING_TO_SAY)
    key = hashlib.sha256(f"{chosen}\n\n{text}\n\n{words}".encode()).hexdigest()
    if twin := _twin(unit, key):
        return twin
    row = _fresh(by, unit, title or text)
    row.origin, row.voice, row.speech_key = Recording.Origin.SPEECH, chosen, key
    row.text, row.spoken = text, words
    return _asked(row)


def _twin(unit: Unit, key: str) -> Recording | None:
    found = Recording.objects.select_related("unit", "file__blob").filter(unit=unit, speech_key=key).first()
    if found is not None and found.retired_at is not None:
        found.retired_at = None
        found.save(update_fields=["retired_at"])
    return found


def _asked(row: Recording) -> Recording:
    """Two who ask for the same words at once share one row."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        twin = _twin(row.unit, row.speech_key) if row.speech_key else None
        if twin is None:
            raise
        return twin
    announce(RecordingAsked(recording=str(row.uuid)))
    return row


def _fresh(by: Actor, unit: Unit, title: str) -> Recording:
    first = title.strip().splitlines()[0] if title.strip() else ""
    return Recording(
        unit=unit,
        unit_path=unit.path,
        title=first if len(first) <= 120 else f"{first[:119].rstrip()}…",
        made_by_id=by.account_id,
        made_by_name=by.name,
        created_at=clock.now(),
    )


@action("audio.keep_recording", "Nhận bản thu sẵn")
def keep_recording(by: Actor, unit: Unit, /, *, file: Received | StoredFile, title: str, text: str = "") -> Recording:
    """A human voice, as `receive_sound` took it in (or a stored file); decoded and levelled in the background."""
    if not title.strip():
        raise Refused("Hãy đặt tên cho bản thu, ví dụ: Thông báo lịch cắt điện.")
    row = _fresh(by, unit, title)
    row.origin, row.text, row.engine = Recording.Origin.UPLOAD, text.strip(), "Người đọc"
    if isinstance(file, StoredFile):
        row.source = file
        return _asked(row)
    row.save()
    row.source = attach(by, file, subject=ref(row), unit_path=unit.path, kind="nguon")
    row.save(update_fields=["source"])
    announce(RecordingAsked(recording=str(row.uuid)))
    return row


@action("audio.finish_recording", "Làm xong bản thu")
def finish_recording(by: Actor, recording: Recording, /, *, made: Made) -> Recording:
    """The background came back. Told twice, the second changes nothing."""
    row = Recording.objects.select_for_update().get(pk=recording.pk)
    if row.state != Recording.State.MAKING:
        return row
    stored = attach(by, made.received, subject=ref(row), unit_path=row.unit_path, kind="ban-thu")
    row.file, row.sha256 = stored, stored.blob_id
    row.seconds, row.loudness, row.remark = made.seconds, made.loudness, made.remark
    row.engine, row.version = made.engine or row.engine, made.version
    row.state, row.ready_at, row.why = Recording.State.READY, clock.now(), ""
    row.save()
    announce(RecordingReady(recording=str(row.uuid)))
    return row


@action("audio.fail_recording", "Ghi bản thu không làm được")
def fail_recording(by: Actor, recording: Recording, /, *, why: str) -> Recording:
    """With the sentence for the person who asked. The same words may be asked for again."""
    del by
    row = Recording.objects.select_for_update().get(pk=recording.pk)
    if row.state == Recording.State.MAKING:
        row.state, row.why, row.speech_key = Recording.State.FAILED, why[:300], ""
        row.save()
        announce(RecordingFailed(recording=str(row.uuid), why=row.why))
    return row


@action("audio.retire_recording", "Cất bản thu")
def retire_recording(by: Actor, recording: Recording, /) -> Recording:
    """Out of the list. The sound stays: what was broadcast must be heard again."""
    del by
    recording.retired_at = clock.now()
    recording.save(update_fields=["retired_at"])
    return recording
