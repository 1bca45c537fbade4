"""What was sent to a service that cannot be asked by our own id, so that a repeated start does not sign twice.

One small file per job in `signing/` of the data directory, written before the question and completed with what was
answered. A service that takes our id as its transaction id needs none of this.
"""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from xaso.modules.signing.providers import Answer, HashJob
from xaso.modules.signing.providers.remote import NotSet, Unreachable, Unsure
from xaso.modules.signing.providers.values import decoded, encoded, signed

# Longer than any question takes: before that, somebody else may still be asking.
BEING_SENT_SECONDS = 60
LOST = (
    "Mất kết nối đúng lúc gửi nên không rõ dịch vụ đã nhận hay chưa; hệ thống không gửi lại để không ký hai lần. "
    "Nếu điện thoại có hỏi, hãy từ chối, rồi gửi lại yêu cầu ký."
)
KEPT_SECONDS = 3 * 24 * 3600
_NAME = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Sent:
    """`reference` and `signature` are empty while no answer is known."""

    reference: str = ""
    signature: str = ""


def once(provider: str, job: HashJob, send: Callable[[], Answer]) -> Answer:
    """Send, unless this job was sent before: then what became of it."""
    known = claim(provider, job.uuid)
    if known is not None:
        return _remembered(provider, job, known)
    try:
        answer = send()
    except Unsure:
        return Answer("failed", sentence=LOST)
    except (Unreachable, NotSet):
        release(provider, job.uuid)
        raise
    if answer.state in {"signed", "waiting"}:
        keep(provider, job.uuid, Sent(answer.reference, encoded(answer.signature)))
    else:
        release(provider, job.uuid)
    return answer


def _remembered(provider: str, job: HashJob, known: Sent) -> Answer:
    if known.signature:
        return signed(job, decoded(known.signature), known.reference)
    if known.reference:
        return Answer("waiting", known.reference)
    if time.time() - _file(provider, job.uuid).stat().st_mtime < BEING_SENT_SECONDS:
        raise Unreachable(f"{provider}: the same job is being sent")
    return Answer("failed", sentence=LOST)


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "signing"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _file(provider: str, job: str) -> Path:
    if not _NAME.fullmatch(job):
        raise ValueError("a job's id is a uuid")
    return _folder() / f"{provider}-{job}.json"


def claim(provider: str, job: str) -> Sent | None:
    """None: it is ours to send, and now marked as sent. Else what is known of the first time."""
    _forget_old()
    file = _file(provider, job)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = file.read_text(encoding="ascii")
        return Sent(**json.loads(text)) if text else Sent()
    os.fsync(descriptor)
    os.close(descriptor)
    return None


def keep(provider: str, job: str, known: Sent) -> None:
    """Complete the mark, as a whole: a power cut leaves the old one."""
    file = _file(provider, job)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(known)), encoding="ascii")
    fresh.replace(file)


def release(provider: str, job: str) -> None:
    """The service certainly did nothing: it may be asked again."""
    _file(provider, job).unlink(missing_ok=True)


def _forget_old() -> None:
    limit = time.time() - KEPT_SECONDS
    for file in _folder().glob("*-*.*"):
        try:
            if file.stat().st_mtime < limit:
                file.unlink(missing_ok=True)
        except FileNotFoundError:
            continue  # another process was quicker
