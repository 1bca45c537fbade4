"""What a bulletin holds, what is wrong with it, and the checksum of exactly that. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

NORMAL, PRIORITY, EMERGENCY = "normal", "priority", "emergency"
CLASSES = {NORMAL: "Thường", PRIORITY: "Ưu tiên", EMERGENCY: "Khẩn cấp"}
CLASS_TONES = {NORMAL: "neutral", PRIORITY: "warn", EMERGENCY: "bad"}
LEVELS = {"commune": "xã", "province": "tỉnh", "national": "trung ương"}

SPEAKERS, SMS, ZALO, FACEBOOK, WEB, INBOX = "speakers", "sms", "zalo", "facebook", "web", "inbox"
CHANNELS = {
    SPEAKERS: "Loa truyền thanh",
    SMS: "Tin nhắn SMS",
    ZALO: "Zalo",
    FACEBOOK: "Bài nháp Facebook",
    WEB: "Trang tin của xã",
    INBOX: "Hộp tin của người dân",
}
TO_PERSONS = (SMS, ZALO)
"""Channels that go to single persons, so that one can say who was not reached."""
ON_APPROVAL = (SPEAKERS, FACEBOOK)
"""These keep a plan of their own and get it at once; the others go out when the time has come."""

MAX_TEXT = 20_000
MAX_TITLE = 200
MAX_SMS = 1_000
MAX_LOOPS = 10
BLANK = re.compile(r"\[[^\[\]\n]{1,80}\]")

TOO_LONG = "Nội dung có {length} ký tự, nhiều hơn mức {most}. Hãy rút gọn hoặc tách thành hai bản tin; chữ vẫn còn đây."
NOTHING_CHOSEN = "Hãy chọn ít nhất một kênh."
NOWHERE = "Hãy chọn ít nhất một thôn hoặc cả xã."


@dataclass(frozen=True, slots=True)
class Weekly:
    """Days 0 (Monday) to 6, each at these hours, "05:30"."""

    days: tuple[int, ...]
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is approved. Empty texts of a channel mean: made from the text."""

    title: str
    text: str
    klass: str = NORMAL
    topic: str = "general"
    unit_paths: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    starts_at: datetime | None = None
    until: datetime | None = None
    weekly: Weekly | None = None
    loops: int = 1
    volume: int | None = None
    speech: str = ""
    sms: str = ""
    with_marks: bool = False
    zalo_template: str = ""
    zalo_values: Mapping[str, str] = field(default_factory=dict)
    post: str = ""
    budget_line: str = ""

    def for_audit(self) -> dict[str, object]:
        return asdict(self)


def digest(content: Content, *, recording: str = "", picture: str = "") -> str:
    """The checksum of what is sent: the words, the sound by its key, the picture by its checksum."""
    kept = asdict(content) | {"recording": recording, "picture": picture}
    text = json.dumps(kept, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    # One moment has one spelling, whatever zone it was read back in.
    return str(int(value.timestamp())) if isinstance(value, datetime) else str(value)


def blanks(*texts: str) -> list[str]:
    """Places of a template that nobody filled in: “[ngày, giờ]”."""
    return list(dict.fromkeys(found for text in texts for found in BLANK.findall(text)))


def too_long(text: str) -> str:
    """The sentence for a text longer than may be, or empty."""
    return TOO_LONG.format(length=f"{len(text):,}".replace(",", "."), most="20.000") if len(text) > MAX_TEXT else ""


def faults(content: Content, *, now: datetime, has_recording: bool = False) -> list[str]:
    """Every sentence that stands between this draft and its approval."""
    found = []
    if not content.title.strip():
        found.append("Hãy ghi tiêu đề.")
    if not content.text.strip() and not has_recording:
        found.append("Hãy ghi nội dung, hoặc tải lên bản ghi âm.")
    if sentence := too_long(content.text):
        found.append(sentence)
    if empty := blanks(content.title, content.text, content.speech, content.sms, content.post):
        found.append(f"Còn chỗ chưa điền: {', '.join(empty[:5])}.")
    if not content.channels:
        found.append(NOTHING_CHOSEN)
    if not content.unit_paths:
        found.append(NOWHERE)
    return [*found, *_faults_of_channels(content), *_faults_of_time(content, now)]


def _faults_of_channels(content: Content) -> list[str]:
    found = []
    if not content.text.strip() and any(one != SPEAKERS for one in content.channels):
        found.append("Chỉ có bản ghi âm thì chỉ phát được ra loa. Hãy ghi thêm nội dung bằng chữ cho các kênh khác.")
    if SMS in content.channels and len(content.sms) > MAX_SMS:
        found.append(f"Lời SMS dài {len(content.sms)} ký tự. Hãy viết dưới {MAX_SMS} ký tự.")
    if content.klass == EMERGENCY:
        found.append(
            "Tin khẩn cấp do người trực ban gửi ở trang “Gửi tin khẩn cấp”. Ở đây hãy chọn thường hoặc ưu tiên."
        )
    return found


def _faults_of_time(content: Content, now: datetime) -> list[str]:
    found = []
    if content.until and content.until <= now:
        found.append("Thời điểm kết thúc đã qua. Hãy chọn lại.")
    if content.until and content.starts_at and content.until <= content.starts_at:
        found.append("Thời điểm kết thúc phải sau lúc bắt đầu.")
    if content.weekly and not content.until:
        found.append("Phát hằng tuần cần ngày kết thúc.")
    if not 1 <= content.loops <= MAX_LOOPS:
        found.append(f"Số lần đọc từ 1 đến {MAX_LOOPS}.")
    return found


def changed(before: Content, after: Content, *, same_recording: bool = True) -> bool:
    return digest(before) != digest(after) or not same_recording


def covered(paths: Sequence[str]) -> tuple[str, ...]:
    """Without those that lie under another one: the commune and one of its villages is the commune."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(one) for one in kept):
            kept.append(path)
    return tuple(kept)


def above(path: str) -> list[str]:
    """A path and everything above it: `26.`, `26.252.`, `26.252.09157.`."""
    parts = [part for part in path.split(".") if part]
    return [".".join(parts[:count]) + "." for count in range(1, len(parts) + 1)]
