"""The door to push services."""

import importlib
from functools import cache
from typing import Any


@cache
def engine() -> Any:
    """Encrypting takes a library that costs memory; only the process that sends loads it."""
    return importlib.import_module("xaso.modules.push.providers.carrying")
