"""The body of the service: the process that talks to the gateway, until SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading

from django.db import Error, close_old_connections

from xaso.modules.sms import carrying
from xaso.modules.sms.providers import configured
from xaso.modules.sms.smpp.service import Post

log = logging.getLogger(__name__)
LOOK_EVERY = 0.5
TURN = 2.0


def serve() -> None:
    """SMPP holds its bind; the others are asked message by message."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    if carrying.holds_a_connection():
        Post(configured(), stopping).run()
    else:
        ask_until(stopping)


def ask_until(stopping: threading.Event) -> None:
    """Portion by portion. A database that goes away for a while is waited for."""
    while not stopping.is_set():
        try:
            busy = carrying.carry(seconds=TURN)
        except Error:
            log.exception("the database did not answer; trying again")
            close_old_connections()
            busy = 0
            stopping.wait(2)
        if not busy:
            stopping.wait(LOOK_EVERY)
