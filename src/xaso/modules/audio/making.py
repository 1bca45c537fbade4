"""A recording made in the background: spoken or decoded, levelled, measured, kept. Nothing here runs in an action."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from xaso.core.access import SYSTEM
from xaso.core.files.actions import Received
from xaso.core.files.receiving import Saved
from xaso.core.files.stores import chunks_of, sha256_of, store
from xaso.modules.audio.actions.recordings import Made, fail_recording, finish_recording
from xaso.modules.audio.configured import speech_command
from xaso.modules.audio.definitions import Voice, audio
from xaso.modules.audio.engine import processes
from xaso.modules.audio.models import Recording
from xaso.modules.audio.rules.faults import sentence

log = logging.getLogger(__name__)

LONG_CHARACTERS, LONG_BYTES = 3_000, 1_500_000
ESPEAK = "espeak-ng"
FELL_BACK = "Giọng cài thêm không đọc được ({why}), nên máy đọc bằng giọng có sẵn."
NEARLY_SILENT = "Tiếng gốc rất nhỏ. Hãy nghe lại trước khi phát; nếu có tiếng ù, nên thu lại gần micrô hơn."
TORN = "Tệp gốc hỏng một phần nên bản thu có thể thiếu. Hãy nghe hết trước khi phát."
QUIET_LUFS = -40.0
_WHY = {"missing": "chưa cài chương trình", "hung": "chạy quá lâu", "no_wav": "không trả về âm thanh", "died": "bị lỗi"}


@dataclass(frozen=True, slots=True)
class _Wanted:
    target: float
    peak: float
    rate: int
    bitrate: int
    longest: float
    shortest: float


@dataclass(frozen=True, slots=True)
class _Voiced:
    engine: str
    version: str
    remark: str = ""


def is_long(recording: Recording) -> bool:
    """Whether making it would keep others waiting."""
    if recording.origin == Recording.Origin.SPEECH:
        return len(recording.spoken) > LONG_CHARACTERS
    return recording.source is None or recording.source.size > LONG_BYTES


def make(recording: Recording) -> None:
    """From asked to ready or failed. Called twice, the second does nothing."""
    if recording.state != Recording.State.MAKING:
        return
    longest = audio().limits.upload_seconds
    what = "Bản đọc" if recording.origin == Recording.Origin.SPEECH else "Bản thu"
    try:
        made = _made(recording)
    except processes.Trouble as trouble:
        log.warning("recording %s: %s", recording.uuid, trouble)
        why = "Máy đọc gặp lỗi. Hãy thử lại; nếu vẫn lỗi, hãy sửa lại nội dung hoặc tự thu âm."
        if recording.origin == Recording.Origin.UPLOAD or trouble.fault in {"long", "short"}:
            why = sentence(trouble.fault, what, longest)
        fail_recording(SYSTEM, recording, why=why)
        return
    finish_recording(SYSTEM, recording, made=made)


def _made(recording: Recording) -> Made:
    with TemporaryDirectory(prefix="xaso-audio-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target.mp3"
        voiced = _sound_into(source, recording)
        found = processes.master(source, target, wanted(is_speech=recording.origin == Recording.Origin.SPEECH))
        faint = NEARLY_SILENT if found["before"] < QUIET_LUFS else ""
        remark = voiced.remark or (TORN if found["partial"] else faint)
        return Made(
            received=_kept(target, f"ban-thu-{str(recording.uuid)[:8]}.mp3"),
            seconds=Decimal(str(found["seconds"])),
            loudness=Decimal(str(found["loudness"])),
            engine=voiced.engine,
            version=voiced.version,
            remark=remark,
        )


def wanted(*, is_speech: bool) -> _Wanted:
    known = audio()
    levels, limits = known.loudness, known.limits
    # A long text may be read for longer than an upload may last: its own limit is in characters.
    longest = max(limits.upload_seconds, 3600) if is_speech else limits.upload_seconds
    shortest = 0.1 if is_speech else limits.shortest_seconds
    return _Wanted(levels.target_lufs, levels.true_peak_dbtp, levels.sample_rate, levels.bitrate, longest, shortest)


def _sound_into(source: Path, recording: Recording) -> _Voiced:
    if recording.origin == Recording.Origin.UPLOAD:
        with store().open(_given(recording)) as given, source.open("wb") as copy:
            for chunk in chunks_of(given):
                copy.write(chunk)
        return _Voiced("", "")
    voice = audio().voice(recording.voice) or audio().voices[0]
    if voice.command and (command := speech_command()):
        try:
            source.write_bytes(processes.installed(command, recording.spoken))
        except processes.Trouble as trouble:
            log.warning("the installed voice failed: %s", trouble)
            return _espeak(source, recording.spoken, voice, FELL_BACK.format(why=_WHY.get(trouble.fault, "bị lỗi")))
        return _Voiced(Path(command[0]).name, "", "")
    return _espeak(source, recording.spoken, voice)


def _given(recording: Recording) -> str:
    if recording.source is None:
        raise processes.Trouble("empty")
    return recording.source.blob_id


def _espeak(source: Path, words: str, voice: Voice, remark: str = "") -> _Voiced:
    source.write_bytes(processes.espeak(words, voice.espeak, audio().speech_rate))
    return _Voiced(ESPEAK, f"{processes.espeak_version()} {voice.espeak}", remark)


def _kept(target: Path, name: str) -> Received:
    with target.open("rb") as sound:
        sha256 = sha256_of(sound)
        sound.seek(0)
        store().put(sha256, sound)
    return Received(Saved(sha256, target.stat().st_size, "audio/mpeg", name))
