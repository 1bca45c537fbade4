"""The arithmetic of the chain. Pure."""

import hashlib
import json
from typing import Any

FIELDS = ("at", "unit_path", "actor_kind", "account_id", "actor_name", "via", "verb", "within", "subject", "outcome")


def digest(values: dict[str, Any]) -> str:
    """SHA-256 over the entry's fields in a fixed order. `at` is an ISO string in UTC with microseconds."""
    plain = [values[name] for name in FIELDS] + [values["details"]]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def link(previous: str, entry_digest: str) -> str:
    return hashlib.sha256(f"{previous}{entry_digest}".encode()).hexdigest()
