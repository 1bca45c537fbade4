"""What `up` remembers between runs, in `state.json` of the data directory; and the stamp that says what is done."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xaso
from xaso.command.words import Stop

PACKAGE = Path(xaso.__file__).resolve().parent
CHECKOUT = PACKAGE.parent.parent


def is_checkout() -> bool:
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "src" / "xaso") == PACKAGE


def data_dir() -> Path:
    """The data directory as settings will see it, made when missing."""
    folder = Path(os.environ.get("XASO_DATA") or "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(
            f"Không tạo được thư mục dữ liệu {folder}: {error.strerror}. Hãy chọn chỗ khác bằng --data."
        ) from error
    if not os.access(folder, os.W_OK):
        raise Stop(f"Không ghi được vào thư mục dữ liệu {folder}. Hãy chọn chỗ khác bằng --data.")
    return folder


class State:
    """A small JSON file, replaced as a whole so that a power cut leaves the old one."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state.json"
        self.values: dict[str, Any] = {}
        if self.file.exists():
            try:
                self.values = json.loads(self.file.read_text(encoding="utf-8"))
            except ValueError:
                # Only memory of what is done: without it the next run does everything again, which is harmless.
                self.values = {}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def keep(self, **values: Any) -> None:
        self.values.update(values)
        fresh = self.file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as target:
            json.dump(self.values, target, ensure_ascii=False, indent=1)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(self.file)


def only_one(folder: Path) -> int:
    """Hold the data directory for this process; a second `up` on it is refused. Returns the descriptor to keep open."""
    descriptor = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Stop(f"XãSố đang chạy với dữ liệu ở {folder}. Dùng bản đang chạy, hoặc dừng nó trước.") from error
    return descriptor


def stamp(files: Iterable[Path], *words: str) -> str:
    """A fingerprint of files by name, size and time: milliseconds, where reading them all would take seconds."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        seen = file.stat()
        digest.update(f"{file}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def files_under(*folders: Path) -> list[Path]:
    return [file for folder in folders if folder.is_dir() for file in folder.rglob("*") if file.is_file()]
