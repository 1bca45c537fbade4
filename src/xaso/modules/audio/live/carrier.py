"""The process that carries live sound: pieces in from the web processes, MP3 out to loudspeakers or to Icecast.

A process of its own, because a listener stays for half an hour: fifty of them take every thread of the web server.
Without Icecast it is the relay itself, on its own port; with Icecast it only pushes, and listens on this machine alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import re
import signal
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID

import httpx
from django.db import connections

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.audio import queries
from xaso.modules.audio.actions.live import NO_SOUND, close_live
from xaso.modules.audio.configured import icecast, live_port
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.live import door
from xaso.modules.audio.live.session import Session
from xaso.modules.audio.models import Live

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

LOOK = 1.0
LARGEST = 256 * 1024
MOST_LISTENERS = 500
SILENT = "Không còn tiếng từ micrô"
LIMIT = "Hết thời gian của buổi phát"
ENDED = "Nguồn tiếng đã dừng hoặc không nghe được"
_IN = re.compile(r"/in/([0-9a-f-]{36})/(\d{1,9})")
_OUT = re.compile(r"/live/([0-9a-f-]{36})\.mp3")


def serve() -> None:
    """Until SIGTERM."""
    asyncio.run(_serve())


async def _serve() -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await Carrier().run(stopping)


class Carrier:
    """All live sounds of this installation."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.relays: dict[str, asyncio.Task[None]] = {}
        self.listeners = 0
        self.server = icecast()

    async def run(self, stopping: asyncio.Event) -> None:
        host = "127.0.0.1" if self.server else "0.0.0.0"  # noqa: S104 - loudspeakers listen here
        async with await asyncio.start_server(self._answer, host, live_port()):
            try:
                await self._watch(stopping)
            finally:
                await asyncio.gather(*(self._end(name) for name in list(self.sessions)))

    # What comes over the network

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(10):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, _, rest = head.partition(" ")
            path, headers = rest.partition(" ")[0], _headers(head)
            if method == "POST" and (found := _IN.fullmatch(path)):
                status = await self._take(found[1], int(found[2]), headers, reader)
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            elif method in {"GET", "HEAD"} and (found := _OUT.fullmatch(path)):
                await self._give(found[1], writer, whole=method == "GET")
            else:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            log.debug("a connection ended early")
        finally:
            writer.close()

    async def _take(self, name: str, number: int, headers: dict[str, str], reader: asyncio.StreamReader) -> str:
        if not hmac.compare_digest(headers.get(door.HEADER.lower(), ""), door.key()):
            return "403 Forbidden"
        size = int(headers.get("content-length") or 0)
        if not 0 <= size <= LARGEST:
            return "413 Content Too Large"
        async with asyncio.timeout(10):
            piece = await reader.readexactly(size)
        session = self.sessions.get(name)
        if session is None:
            if not await _asked(_is_open, name):
                return "410 Gone"
            session = await self._begin(name)
        session.take(number, piece)
        return "204 No Content"

    async def _give(self, name: str, writer: asyncio.StreamWriter, *, whole: bool) -> None:
        session = self.sessions.get(name)
        if session is None or self.listeners >= MOST_LISTENERS:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nCache-Control: no-store\r\n"
            b"X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        if not whole:
            return
        self.listeners += 1
        try:
            async for piece in session.listen():
                writer.write(piece)
                async with asyncio.timeout(20):
                    await writer.drain()
        finally:
            self.listeners -= 1

    # What the books say

    async def _watch(self, stopping: asyncio.Event) -> None:
        """Begins relays, ends what was closed, closes what fell silent. Never left half way: a sound whose end was
        begun would keep its program."""
        while not await _is_set(stopping, LOOK):
            lives = {str(live.uuid): live for live in await _asked(_open_lives)}
            for name in [name for name in self.sessions if name not in lives]:
                await self._end(name)
            for name, live in lives.items():
                if live.kind == Live.Kind.RELAY and name not in self.sessions:
                    session = await self._begin(name)
                    self.relays[name] = asyncio.create_task(_pull(live.source_url, session))
                if why := self._why_over(live):
                    await _asked(_close, live, why)
                    await self._end(name)

    def _why_over(self, live: Live) -> str:
        now, silence = clock.now(), audio().limits.live_silence_seconds
        session = self.sessions.get(str(live.uuid))
        if live.until <= now:
            return LIMIT
        if session is None:
            if (now - live.opened_at).total_seconds() <= 2 * silence:
                return ""
            return NO_SOUND if live.heard_at is None and live.kind == Live.Kind.MICROPHONE else SILENT
        if session.ended.is_set():
            return ENDED
        return SILENT if session.loop.time() - session.heard_at > silence else ""

    async def _begin(self, name: str) -> Session:
        session = self.sessions[name] = Session(name, self.server)
        await session.start()
        return session

    async def _end(self, name: str) -> None:
        if (relay := self.relays.pop(name, None)) is not None:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
        if (session := self.sessions.pop(name, None)) is not None:
            await session.stop()


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    """Whether it is, or becomes so within that time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n")[1:] if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in lines}


async def _pull(url: str, session: Session) -> None:
    """The stream of an upper level, as it comes. A redirect is not followed: it could lead anywhere."""
    with contextlib.suppress(httpx.HTTPError):
        async with httpx.AsyncClient(timeout=20, follow_redirects=False) as client, client.stream("GET", url) as answer:
            if answer.status_code == httpx.codes.OK:
                async for piece in answer.aiter_raw():
                    session.hear(piece)
    session.ended.set()


async def _asked(question: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
    """In a thread of its own, which keeps no connection: one that a database dropped would never come back."""

    def ask() -> T:
        try:
            return question(*given, **more)
        finally:
            connections.close_all()

    return await asyncio.to_thread(ask)


def _is_open(name: str) -> bool:
    return any(live.uuid == UUID(name) for live in queries.open_lives())


def _open_lives() -> list[Live]:
    return queries.open_lives()


def _close(live: Live, why: str) -> None:
    close_live(SYSTEM, live, why=why)
