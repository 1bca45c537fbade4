"""Rounds by the clock."""

from xaso.modules.push.sending import send_due


def send_waiting() -> int:
    """What waits for its turn or for another try. A province takes many rounds; each is short."""
    return send_due()
