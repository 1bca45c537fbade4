"""What a browser sends as a file, taken in before and outside every action."""

from collections.abc import Sequence
from typing import Any

from xaso.core.files.receiving import Received, receive_upload

PAPERS = ("pdf", "image")
DRAFTS = ("pdf", "docx")
ANNEXES = ("pdf", "image", "docx", "xlsx")


def received(uploaded: Any, accept: Sequence[str]) -> Received | None:
    """None when nothing was chosen. Raises Refused for what cannot be taken."""
    return receive_upload(uploaded, accept) if uploaded else None
