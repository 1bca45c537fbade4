"""Where content lies: a folder, or an S3-compatible server. Which one is settled here and nowhere else."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xaso.core.files import rules
from xaso.kit.errors import Refused

CHUNK = 256 * 1024


class Store(Protocol):
    """Content by its SHA-256. After `put` returns, the content survives a power cut."""

    def put(self, sha256: str, stream: BinaryIO) -> None: ...
    def open(self, sha256: str) -> BinaryIO: ...
    def exists(self, sha256: str) -> bool: ...
    def delete(self, sha256: str) -> None: ...
    def older_than(self, moment: datetime) -> Iterator[str]: ...
    def delete_if_older(self, sha256: str, moment: datetime) -> bool: ...
    def sweep_leftovers(self, moment: datetime) -> int: ...


def store() -> Store:
    if settings.FILES_S3["bucket_name"]:
        return _s3_store(tuple(sorted(settings.FILES_S3.items())))
    return FolderStore(Path(settings.DATA_DIR) / "files")


@cache
def _s3_store(options: tuple[tuple[str, str], ...]) -> Store:
    """By name, because django-storages is installed only where a bucket is configured."""
    made: Store = import_string("xaso.core.files.s3.S3Store")(dict(options))
    return made


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def sha256_of(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in chunks_of(stream):
        digest.update(chunk)
    return digest.hexdigest()


class FolderStore:
    """`ab/cd/<sha256>` under a folder. A file appears whole or not at all: written aside, synced, then renamed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aside = folder / "incoming"

    def put(self, sha256: str, stream: BinaryIO) -> None:
        """Content that is there already is written again: that mends a damaged copy and renews its date."""
        self.aside.mkdir(parents=True, exist_ok=True)
        part = self.aside / f"{sha256[:16]}-{secrets.token_hex(8)}"
        try:
            self._write(part, sha256, stream)
            self._publish(part, sha256)
        finally:
            part.unlink(missing_ok=True)

    def _write(self, part: Path, sha256: str, stream: BinaryIO) -> None:
        digest = hashlib.sha256()
        with open(part, "xb", opener=_private) as target:
            for chunk in chunks_of(stream):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if digest.hexdigest() != sha256:
            raise Refused(rules.STORE_REFUSES)

    def _publish(self, part: Path, sha256: str) -> None:
        final = self._path(sha256)
        fresh = [folder for folder in (final.parent, final.parent.parent) if not folder.is_dir()]
        final.parent.mkdir(parents=True, exist_ok=True)
        with self._turn():
            part.replace(final)
        for folder in {final.parent, *(made.parent for made in fresh)}:
            _sync_folder(folder)

    def open(self, sha256: str) -> BinaryIO:
        return open(self._path(sha256), "rb")

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        for path in self.folder.glob("??/??/*"):
            if _is_older(path, moment):
                yield path.name

    def delete_if_older(self, sha256: str, moment: datetime) -> bool:
        """Looks and deletes in one turn, so that content renewed by a `put` in between is kept."""
        with self._turn():
            if not _is_older(self._path(sha256), moment):
                return False
            self.delete(sha256)
        return True

    def sweep_leftovers(self, moment: datetime) -> int:
        """Parts of uploads that a power cut interrupted."""
        leftovers = [part for part in self.aside.glob("*") if _is_older(part, moment)]
        for part in leftovers:
            part.unlink(missing_ok=True)
        return len(leftovers)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Among threads and processes; the kernel ends it when a process dies."""
        with open(self.folder / "turn", "wb", opener=_private) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_older(path: Path, moment: datetime) -> bool:
    """False for what another process has just taken away."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    except FileNotFoundError:
        return False
