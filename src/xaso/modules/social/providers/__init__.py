"""The ways a question to Facebook can end."""

from __future__ import annotations


class FacebookFailed(Exception):
    """Facebook did not do it. The message is Vietnamese. `again`: later it may. `unsure`: it may have been done."""

    def __init__(self, message: str, *, again: bool, code: int | None = None, unsure: bool = False) -> None:
        super().__init__(message)
        self.again, self.code, self.unsure = again, code, unsure
