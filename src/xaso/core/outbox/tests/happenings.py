"""Made-up facts and listeners for the tests of the outbox. Effects are numbers taken from a book: one per effect."""

import os
import signal
import time
from pathlib import Path

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.numbering.actions import next_value
from xaso.core.numbering.models import Counter
from xaso.core.outbox.actions import announce
from xaso.kit.errors import Refused
from xaso.kit.events import event, on

NOTEBOOK = "XASO_TEST_NOTEBOOK"
SLOW = "XASO_TEST_SLOW"


@event
class SomethingHappened:
    what: str


@event
class SomethingSlowHappened:
    what: str


@event
class SomethingDeadlyHappened:
    what: str


@event
class SomethingWasSent:
    what: str


class BrokenListenerError(Exception):
    pass


def effects(what: str) -> int:
    counter = Counter.objects.filter(book=what).first()
    return counter.value if counter else 0


@on(SomethingHappened)
def it_is_counted(fact: SomethingHappened) -> None:
    next_value(fact.what, "", "")


@on(SomethingHappened)
def it_breaks_a_listener(fact: SomethingHappened) -> None:
    next_value(f"{fact.what}-broken", "", "")
    if fact.what == "bad":
        raise BrokenListenerError("hỏng")


@on(SomethingSlowHappened)
def it_is_counted_slowly(fact: SomethingSlowHappened) -> None:
    next_value(fact.what, "", "")
    note("begun")
    time.sleep(float(os.environ.get(SLOW, "0")))


@on(SomethingDeadlyHappened)
def it_kills_its_worker(fact: SomethingDeadlyHappened) -> None:
    next_value(fact.what, "", "")
    note("begun")
    os.kill(os.getpid(), signal.SIGKILL)


@on(SomethingWasSent, reaches_out=True)
def it_is_sent(fact: SomethingWasSent) -> None:
    note(f"sent {fact.what}")
    time.sleep(float(os.environ.get(SLOW, "0")))


def note(line: str) -> None:
    with Path(os.environ[NOTEBOOK]).open("a", encoding="utf-8") as notebook:
        notebook.write(line + "\n")


@action("outbox_test.happen", "Làm thử")
def happen(by: Actor, unit: None, /, *, what: str) -> None:
    announce(SomethingHappened(what=what))


@action("outbox_test.happen_many", "Làm thử nhiều lần")
def happen_many(by: Actor, unit: None, /, *, what: str, times: int) -> None:
    for _ in range(times):
        announce(SomethingHappened(what=what))


@action("outbox_test.happen_slowly", "Làm thử chậm")
def happen_slowly(by: Actor, unit: None, /, *, what: str) -> None:
    announce(SomethingSlowHappened(what=what))


@action("outbox_test.happen_deadly", "Làm thử rồi chết")
def happen_deadly(by: Actor, unit: None, /, *, what: str) -> None:
    announce(SomethingDeadlyHappened(what=what))


@action("outbox_test.send", "Gửi thử")
def send(by: Actor, unit: None, /, *, what: str) -> None:
    announce(SomethingWasSent(what=what))


@action("outbox_test.refuse", "Làm thử rồi thôi")
def happen_and_refuse(by: Actor, unit: None, /, *, what: str) -> None:
    happen(by, None, what=what)
    raise Refused("Thôi.")
