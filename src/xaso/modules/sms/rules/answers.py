"""What a gateway can answer to one message. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said of one message: the ids of its parts; or an error, final or worth trying again after
    `again` seconds; `unsure` when nobody knows whether it, or what is not in `ids` of it, was taken."""

    key: int
    ids: tuple[str, ...] = ()
    error: str = ""
    again: float | None = None
    unsure: bool = False
    bad_number: bool = False
