"""The periodic job tells of each deadline once, however often it runs."""

from datetime import datetime

import pytest
import time_machine
from django.db import connection

from xaso.core.deadlines import actions
from xaso.core.deadlines.events import DeadlineNear, DeadlinePassed
from xaso.core.deadlines.jobs import BATCH, announce_deadlines
from xaso.core.deadlines.models import Clock
from xaso.core.deadlines.rules import VIETNAM, Limit
from xaso.core.outbox.actions import deliver_all
from xaso.kit import events

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)


def begin(number: int = 1, received: str = "2026-11-02 09:00") -> Clock:
    return actions.start(f"dossiers.Dossier:{number}", "25.09154.", Limit(5, "workday"), at(received), "dossier")


@pytest.fixture
def heard(monkeypatch) -> list[object]:
    """Listen to both facts for the time of one test."""
    facts: list[object] = []
    for fact in (DeadlineNear, DeadlinePassed):
        handler = events.Handler(f"test.{fact.__name__}", fact.event_name, facts.append, reaches_out=False)
        monkeypatch.setitem(events._handlers, fact.event_name, [handler])
    return facts


def run(moment: str) -> int:
    with time_machine.travel(at(moment), tick=False):
        told = announce_deadlines()
        deliver_all()
    return told


def test_near_one_working_day_before_and_passed_after(heard: list[object]) -> None:
    begin()
    assert run("2026-11-06 06:59") == 0
    assert run("2026-11-06 07:00") == 1
    assert run("2026-11-06 07:10") == 0
    assert run("2026-11-09 17:00") == 0
    assert run("2026-11-09 17:01") == 1
    assert run("2026-11-10 09:00") == 0
    assert heard == [
        DeadlineNear(subject="dossiers.Dossier:1", due="2026-11-09T17:00:00+07:00"),
        DeadlinePassed(subject="dossiers.Dossier:1"),
    ]


def test_what_stands_still_or_is_done_is_not_announced(heard: list[object]) -> None:
    actions.pause(begin(1), "finance", at("2026-11-03 09:00"))
    actions.stop(begin(2), at("2026-11-03 09:00"), "finished")
    assert run("2026-11-12 09:00") == 0
    assert heard == []


def test_after_a_long_silence_only_the_passing_is_told(heard: list[object]) -> None:
    begin()
    assert run("2026-11-12 09:00") == 1
    assert heard == [DeadlinePassed(subject="dossiers.Dossier:1")]


def test_a_new_promise_is_announced_anew(heard: list[object]) -> None:
    clock = begin()
    assert run("2026-11-06 09:00") == 1
    clock = Clock.objects.get(pk=clock.pk)
    actions.reschedule(clock, at("2026-11-16 17:00"), "Chờ xác minh")
    assert run("2026-11-10 09:00") == 0
    assert run("2026-11-13 09:00") == 1
    assert [fact.due[:10] for fact in heard] == ["2026-11-09", "2026-11-16"]


def test_more_than_one_batch(heard: list[object]) -> None:
    first = begin(0)
    fields = {f.attname: getattr(first, f.attname) for f in Clock._meta.fields if f.attname not in {"id", "subject"}}
    Clock.objects.bulk_create(Clock(subject=f"dossiers.Dossier:{n}", **fields) for n in range(1, BATCH + 5))
    assert run("2026-11-06 09:00") == BATCH + 5
    assert len({fact.subject for fact in heard}) == len(heard) == BATCH + 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL scans a table of one row without its index")
def test_both_questions_of_the_job_use_their_index() -> None:
    begin()
    assert "clock_near" in Clock.objects.near(at("2026-11-06 09:00")).order_by("near_at").explain()
    assert "clock_passed" in Clock.objects.passed(at("2026-11-12 09:00")).order_by("due_shown_at").explain()


def test_nothing_to_tell_costs_two_questions(django_assert_num_queries) -> None:
    begin()
    with django_assert_num_queries(2), time_machine.travel(at("2026-11-02 10:00"), tick=False):
        assert announce_deadlines() == 0
