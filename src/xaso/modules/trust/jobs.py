"""Work by the clock: fresh answers about revocation, and another look at what could not be decided."""

from xaso.kit import clock
from xaso.modules.trust.actions import ask_authorities, rejudge_unsure
from xaso.modules.trust.queries import due_entries


def refresh_revocation() -> int:
    """Ask every authority whose last answer is half a day old. What became clear by it is judged again at once."""
    answered = ask_authorities(due_entries(clock.now()))
    if answered:
        rejudge_unsure()
    return answered


def look_again() -> int:
    """Every night, whatever happened by day."""
    return rejudge_unsure()
