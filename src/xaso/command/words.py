"""Talking to the person at the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """End the command and tell the person why, in Vietnamese."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def say(line: str = "") -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(f"✗ {line}", file=sys.stderr, flush=True)


@contextmanager
def stage(title: str) -> Iterator[None]:
    """A stage of a long command: its title at once, its seconds at the end."""
    say(f"  … {title}")
    started = time.monotonic()
    yield
    say(f"  ✓ {title} ({decimal(time.monotonic() - started)} giây)")


def decimal(value: float) -> str:
    """One digit after a Vietnamese comma."""
    return f"{value:.1f}".replace(".", ",")
