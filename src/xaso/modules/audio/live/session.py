"""One live sound on its way: pieces in their order → MP3 → listeners, and Icecast where there is one."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import sys
from collections import deque
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from xaso.modules.audio.configured import Icecast

BURST = 16_000
"""Bytes a new listener gets at once: two seconds, so that players start without waiting."""
BEHIND = 120
"""Pieces a listener may lag behind before it is let go: a slow line must not fill the memory."""
EARLY = 40
"""Pieces kept for one that is missing; after that the gap is left as it is."""
READ = 1024


class Session:
    """`heard_at` is the loop's clock of the last piece that came in."""

    def __init__(self, name: str, server: Icecast | None) -> None:
        self.name = name
        self.server = server
        self.loop = asyncio.get_running_loop()
        self.heard_at = self.loop.time()
        self.ended = asyncio.Event()
        self.sent = 0
        self._next = 0
        self._early: dict[int, bytes] = {}
        self._burst: deque[bytes] = deque()
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=400)
        self._tasks: list[asyncio.Task[None]] = []
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """The program that makes MP3 of it, and the tasks that feed and empty it. Not when it was stopped meanwhile."""
        environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "xaso.modules.audio.engine.streaming", stdin=pipe, stdout=pipe, env=environment
        )
        if self.ended.is_set():
            await self._end_program()
            return
        self._tasks = [asyncio.create_task(self._feed()), asyncio.create_task(self._spread())]
        if self.server is not None:
            self._tasks.append(asyncio.create_task(self._push(self.server)))

    def take(self, number: int, piece: bytes) -> None:
        """In their order, each once. One that comes early waits; a gap that does not close is left."""
        self.heard_at = self.loop.time()
        if number < self._next:
            return
        self._early[number] = piece
        if len(self._early) > EARLY:
            self._next = min(self._early)
        while self._next in self._early:
            self.hear(self._early.pop(self._next))
            self._next += 1

    def hear(self, piece: bytes) -> None:
        """What does not fit into the memory for it is dropped: the program behind is stuck."""
        self.heard_at = self.loop.time()
        if piece and not self._inbox.full():
            self._inbox.put_nowait(piece)

    async def listen(self) -> AsyncIterator[bytes]:
        """MP3 from now on, two seconds at once; ends with the sound, or when the listener is too slow."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=BEHIND)
        for kept in self._burst:
            queue.put_nowait(kept)
        self._listeners.add(queue)
        try:
            while (piece := await queue.get()) is not None:
                yield piece
        finally:
            self._listeners.discard(queue)

    async def stop(self) -> None:
        """Everything of it ends; nothing is left running."""
        self.ended.set()
        for task in self._tasks:
            task.cancel()
        await self._end_program()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._close_listeners()

    async def _end_program(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def _close_listeners(self) -> None:
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def _feed(self) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            while (piece := await self._inbox.get()) is not None:
                self._process.stdin.write(piece)
                await self._process.stdin.drain()
        except (ConnectionError, BrokenPipeError):
            self.ended.set()

    async def _spread(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        while piece := await self._process.stdout.read(READ):
            self.sent += len(piece)
            self._burst.append(piece)
            while sum(map(len, self._burst)) > BURST:
                self._burst.popleft()
            for queue in list(self._listeners):
                if queue.full():
                    self._listeners.discard(queue)
                    queue.get_nowait()
                    queue.put_nowait(None)
                else:
                    queue.put_nowait(piece)
        self.ended.set()

    async def _push(self, server: Icecast) -> None:
        """As a source of Icecast; a server that goes away is asked again as long as the sound lasts."""
        while not self.ended.is_set():
            try:
                await self._push_once(server)
            except (OSError, ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(1)

    async def _push_once(self, server: Icecast) -> None:
        parts = urlsplit(server.url)
        secure = ssl.create_default_context() if parts.scheme == "https" else None
        port = parts.port or (443 if secure else 80)
        _, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure)
        login = base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
        head = (
            f"PUT /live-{self.name}.mp3 HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Basic {login}\r\n"
            "Content-Type: audio/mpeg\r\nIce-Public: 0\r\nIce-Name: XaSo\r\n\r\n"
        )
        try:
            writer.write(head.encode())
            async for piece in self.listen():
                writer.write(piece)
                await writer.drain()
        finally:
            writer.close()
