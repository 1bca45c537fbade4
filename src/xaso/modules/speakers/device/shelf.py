"""The files a device keeps: fetched over HTTP with its credential, checked by SHA-256, thrown away when not needed."""

import hashlib
import os
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from xaso.modules.speakers.device.player import Unplayable
from xaso.modules.speakers.device.tracks import examined, forgotten, moved
from xaso.modules.speakers.protocol.messages import Item, Sound

LIMIT = 2 * 1024**3
FINAL = {401, 403, 404, 410}
LONGEST_PAUSE = 120.0


class Bad(Exception):
    """This file cannot be had, now or ever. The text is a Vietnamese sentence."""


@dataclass(slots=True)
class Fetch:
    """`next_at` is a steady moment; `trouble` is set when there is no hope left."""

    next_at: float = 0.0
    tries: int = 0
    is_running: bool = False
    trouble: str = ""


class Shelf:
    """One folder for all devices of the process. `arrived` is called from another thread, with the digest."""

    def __init__(self, folder: Path, server: str, ca: str = "", limit: int = LIMIT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._server, self._limit = folder, server, limit
        trust = ssl.create_default_context(cafile=ca or None)
        self._client = httpx.Client(verify=trust, timeout=20, follow_redirects=False)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fetch")
        self._lock = threading.Lock()
        self._fetches: dict[str, Fetch] = {}
        self._present = {path.name: path.stat().st_size for path in folder.iterdir() if len(path.name) == 64}
        self.arrived: Callable[[str], None] = lambda _: None
        for left in folder.glob("*.part"):
            left.unlink()

    def path(self, sha256: str) -> Path:
        return self._folder / sha256

    def address(self, path: str) -> str:
        """A stream's address: what begins with / is on our own server."""
        return urljoin(self._server, path) if path.startswith("/") else path

    def has(self, sha256: str) -> bool:
        return sha256 in self._present

    def trouble(self, sha256: str) -> str:
        fetch = self._fetches.get(sha256)
        return fetch.trouble if fetch else ""

    def want(self, sound: Sound, auth: tuple[str, str]) -> None:
        if self.has(sound.sha256):
            return
        with self._lock:
            fetch = self._fetches.setdefault(sound.sha256, Fetch())
            if fetch.is_running or fetch.trouble or time.monotonic() < fetch.next_at:
                return
            fetch.is_running = True
        self._pool.submit(self._fetch, sound, auth, fetch)

    def hope_again(self) -> None:
        """A new programme or a new connection: what failed for good is tried once more."""
        with self._lock:
            self._fetches = {key: fetch for key, fetch in self._fetches.items() if fetch.is_running}

    def keep_only(self, needed: set[str]) -> None:
        """Forget every file that no item refers to any more."""
        for sha256 in set(self._present) - needed:
            del self._present[sha256]
            self.path(sha256).unlink(missing_ok=True)
            forgotten(self.path(sha256))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _fetch(self, sound: Sound, auth: tuple[str, str], fetch: Fetch) -> None:
        try:
            self._receive(sound, auth)
            self._present[sound.sha256] = sound.size
        except (Bad, Unplayable) as bad:
            fetch.trouble = str(bad)
        except (httpx.HTTPError, OSError):
            fetch.tries += 1
            fetch.next_at = time.monotonic() + min(LONGEST_PAUSE, 2.0**fetch.tries)
        fetch.is_running = False
        self.arrived(sound.sha256)

    def _receive(self, sound: Sound, auth: tuple[str, str]) -> None:
        if sum(self._present.values()) + sound.size > self._limit:
            raise Bad("Bộ nhớ của loa đã đầy.")
        part = self._folder / f"{sound.sha256}.part"
        digest, size = hashlib.sha256(), 0
        with (
            self._client.stream("GET", urljoin(self._server, sound.path), auth=auth) as answer,
            part.open("wb") as file,
        ):
            if answer.status_code in FINAL:
                raise Bad(f"Máy chủ không cho tải tệp âm thanh (mã {answer.status_code}).")
            answer.raise_for_status()
            for piece in answer.iter_bytes(65_536):
                size += len(piece)
                if size > sound.size:
                    break
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if size != sound.size or digest.hexdigest() != sound.sha256:
            part.unlink()
            raise Bad("Tệp âm thanh tải về không đúng mã kiểm.")
        self._put_in_place(part, sound)

    def _put_in_place(self, part: Path, sound: Sound) -> None:
        examined(part)
        part.rename(self.path(sound.sha256))
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        moved(part, self.path(sound.sha256))


class OwnShelf:
    """The shelf as one device's player asks for it."""

    def __init__(self, shelf: Shelf, auth: tuple[str, str], miss: Callable[[str], None]) -> None:
        self._shelf, self._auth, self._miss = shelf, auth, miss

    def has(self, item: Item) -> bool:
        return item.sound is None or self._shelf.has(item.sound.sha256)

    def want(self, item: Item) -> None:
        if item.sound is not None and not self.has(item):
            self._miss(item.sound.sha256)
            self._shelf.want(item.sound, self._auth)

    def trouble(self, item: Item) -> str:
        return self._shelf.trouble(item.sound.sha256) if item.sound and not self.has(item) else ""
