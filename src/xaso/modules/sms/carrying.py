"""Takes waiting messages to a gateway that is asked message by message. SMPP has a process of its own."""

from __future__ import annotations

import time
import uuid as uuids

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.sms import actions, queries, sealing
from xaso.modules.sms.models import Sms
from xaso.modules.sms.providers import TRANSPORTS, Outgoing, configured
from xaso.modules.sms.providers.file import FileTransport
from xaso.modules.sms.providers.kannel import KannelTransport
from xaso.modules.sms.providers.viettel import ViettelTransport
from xaso.modules.sms.providers.vnpt import VnptTransport

TRANSPORTS.add("file", FileTransport())
TRANSPORTS.add("kannel", KannelTransport())
TRANSPORTS.add("vnpt", VnptTransport())
TRANSPORTS.add("viettel", ViettelTransport())
AT_ONCE = 5
AT_ONCE_INTO_A_FILE = 100
LONGEST_TURN = 5.0


def outgoing(one: actions.Leaving) -> Outgoing:
    seconds = max(60, int((one.expires_at - clock.now()).total_seconds()))
    text = sealing.unseal(one.sealed) if one.sealed else one.text
    return Outgoing(one.pk, str(one.uuid), one.phone, text, one.encoding, one.kind, seconds)


def holds_a_connection() -> bool:
    return configured().provider == "smpp"


def has_a_gateway() -> bool:
    """Whether a process of its own does the sending."""
    return configured().provider not in ("", "file")


def carry(only: Sms | None = None, seconds: float = LONGEST_TURN) -> int:
    """Everything that may leave now, or one message; how many were taken up. Portions are small: what is in a portion
    when the process dies becomes unclear."""
    given = configured()
    if given.provider == "smpp":
        return 0
    name = given.provider or "file"
    at_once = AT_ONCE_INTO_A_FILE if name == "file" else AT_ONCE
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until and (only is not None or queries.is_something_due()):
        mark = uuids.uuid4().hex
        taken = actions.claim(SYSTEM, only, provider=name, mark=mark, limit=at_once)
        if not taken:
            break
        answers = list(TRANSPORTS[name].send(given, [outgoing(one) for one in taken]))
        actions.record_answers(SYSTEM, only, mark=mark, answers=answers)
        count += len(taken)
        if only is not None:
            break
    return count


def ask_how_it_does() -> str:
    """The gateway's health, kept for the page; the connection's own process reports by itself."""
    given = configured()
    name = given.provider or "file"
    if name == "smpp":
        return ""
    said = TRANSPORTS[name].check(given)
    actions.report_gateway(SYSTEM, None, provider=name, state="down" if said else "ok", said=said)
    return said
