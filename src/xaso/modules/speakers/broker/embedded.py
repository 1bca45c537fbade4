"""The broker of a small installation: amqtt, behind our doorkeeper. Knows no tables: `service.py` reads them for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from amqtt.broker import Broker
from django.db import Error

from xaso.modules.speakers.broker.guard import Known
from xaso.modules.speakers.broker.rights import Register

log = logging.getLogger(__name__)
LOOKS = 2.0
"""Seconds after which a new or withdrawn credential counts."""


async def serve(config: dict[str, Any], stopping: asyncio.Event, read: Callable[[], Awaitable[Register]]) -> None:
    """Hold the door open until `stopping`; whom it opens to is `read` again and again."""
    Known.now = await read()
    broker = Broker(config)
    await broker.start()
    try:
        while not await _wait(stopping, LOOKS):
            await _refresh(read)
    finally:
        await broker.shutdown()


async def _refresh(read: Callable[[], Awaitable[Register]]) -> None:
    """While the database is away the last register holds: speakers go on hearing emergencies."""
    try:
        Known.now = await read()
    except Error as error:
        log.warning("speakers: the broker cannot read its register: %s", type(error).__name__)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """True when the event came."""
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False


def configuration(given: dict[str, Any]) -> dict[str, Any]:
    """TLS when the operator has given a certificate; without one only this machine reaches the broker by default."""
    listener: dict[str, Any] = {"type": "tcp", "bind": given["listen"]}
    if given["certificate"]:
        listener |= {
            "ssl": True,
            "certfile": given["certificate"],
            "keyfile": given["certificate_key"],
        }
    plugins: dict[str, Any] = {f"{Known.__module__}.Door": {}, f"{Known.__module__}.Topics": {}}
    return {"listeners": {"default": listener}, "plugins": plugins}
