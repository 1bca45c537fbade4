"""What the operator set in the environment. Read at each use, so that tests and commands can differ."""

import os
import shlex
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

LIVE_PORT = 8015


@dataclass(frozen=True, slots=True)
class Icecast:
    """Where live sound is pushed to. `listen` is the address the loudspeakers reach."""

    url: str
    user: str
    password: str
    listen: str


def speech_command() -> list[str]:
    """The program that reads text from its input and writes WAV: empty when none is installed."""
    return shlex.split(os.environ.get("XASO_SPEECH_COMMAND", ""))


def icecast() -> Icecast | None:
    url = os.environ.get("XASO_ICECAST_URL", "").rstrip("/")
    if not url:
        return None
    listen = os.environ.get("XASO_ICECAST_LISTEN_URL", "").rstrip("/") or url
    user = os.environ.get("XASO_ICECAST_USER", "source")
    return Icecast(url, user, os.environ.get("XASO_ICECAST_PASSWORD", ""), listen)


def live_port() -> int:
    return int(os.environ.get("XASO_LIVE_PORT") or LIVE_PORT)


def live_listen_url() -> str:
    """The address of our own relay as the loudspeakers reach it."""
    if given := os.environ.get("XASO_LIVE_URL", "").rstrip("/"):
        return given
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"http://{host}:{live_port()}"
