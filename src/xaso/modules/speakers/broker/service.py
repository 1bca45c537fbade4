"""The process of the embedded broker, started by `xaso up` when there are speakers and no other broker is named."""

import asyncio
import signal

from amqtt.errors import BrokerError
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from xaso.modules.speakers.broker.embedded import configuration, serve
from xaso.modules.speakers.broker.register import current
from xaso.modules.speakers.broker.rights import Register


def run() -> None:
    """Until SIGTERM."""
    asyncio.run(_run())


async def _run() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    try:
        await serve(configuration(settings.SPEAKERS), stopping, sync_to_async(_read))
    except BrokerError as error:
        listen = settings.SPEAKERS["listen"]
        raise SystemExit(f"Máy chủ tin của loa không mở được {listen}: cổng bận hoặc chứng thư sai.") from error


def _read() -> Register:
    close_old_connections()
    return current()
