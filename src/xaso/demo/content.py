"""What the demonstration plays: files of `content/demo`, of which the last folder's counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from xaso.kit.errors import ContentFault


def demo_file(name: str) -> Path:
    """Raises ContentFault when no folder has it."""
    found = [folder / "demo" / name for folder in reversed(settings.CONTENT_DIRS)]
    file = next((one for one in found if one.is_file()), None)
    if file is None:
        raise ContentFault(f"Không có content/demo/{name}.")
    return file


def demo_content(name: str) -> dict[str, Any]:
    """Raises ContentFault naming the file."""
    content: dict[str, Any] = yaml.safe_load(demo_file(name).read_text(encoding="utf-8"))
    return content
