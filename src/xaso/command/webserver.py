"""One web process: waitress on a socket that the parent has bound."""

import os
import signal
import socket
import time
from typing import Any, NoReturn

from waitress import create_server

THREADS = int(os.environ.get("XASO_THREADS", "8"))
MAX_BODY = 60 * 1024 * 1024
GRACE = 10.0


def bind(host: str, port: int) -> socket.socket:
    """Raises OSError when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def options() -> dict[str, Any]:
    """What waitress believes of proxies: nothing, unless XASO_TRUSTED_PROXY names the one in front."""
    chosen: dict[str, Any] = {
        "threads": THREADS,
        "max_request_body_size": MAX_BODY,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
        "connection_limit": 1000,
        "channel_timeout": 60,
        "asyncore_use_poll": True,
    }
    if proxy := os.environ.get("XASO_TRUSTED_PROXY"):
        chosen |= {
            "trusted_proxy": proxy,
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
        }
    return chosen


def _leave(*_: Any) -> NoReturn:
    raise SystemExit(0)


def serve(application: Any, bound: socket.socket) -> None:
    """Answer until told to stop; then finish the answers that have begun."""
    channels: dict[int, Any] = {}
    server = create_server(application, map=channels, sockets=[bound], **options())
    signal.signal(signal.SIGTERM, _leave)
    try:
        server.asyncore.loop(timeout=server.adj.asyncore_loop_timeout, map=channels, use_poll=True)
    except (SystemExit, KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _finish(server, channels)


def _finish(server: Any, channels: dict[int, Any]) -> None:
    # Leaving the map without closing the socket: the other web processes still listen on it.
    server.del_channel(channels)
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(_is_busy(channel) for channel in server.active_channels.values()):
        server.asyncore.poll2(0.1, channels)
    server.task_dispatcher.shutdown(timeout=1)


def _is_busy(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)
