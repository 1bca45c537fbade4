"""Events are stored with the change and delivered after it, once."""

import time
from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox import actions as outbox
from xaso.core.outbox.models import Delivery
from xaso.core.outbox.tests import happenings
from xaso.core.outbox.tests.happenings import effects, happen, happen_and_refuse, happen_many, happen_slowly, send
from xaso.kit import clock
from xaso.kit.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    file = tmp_path / "notebook"
    file.touch()
    monkeypatch.setenv(happenings.NOTEBOOK, str(file))
    return file


def broken():
    return Delivery.objects.get(handler__endswith="it_breaks_a_listener")


def test_nothing_is_delivered_before_the_worker_comes():
    happen(SYSTEM, None, what="good")
    assert effects("good") == 0
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_every_listener_gets_its_own_delivery():
    happen(SYSTEM, None, what="good")
    assert outbox.deliver_all() == 2
    assert effects("good") == effects("good-broken") == 1
    assert set(Delivery.objects.values_list("state", "cause")) == {("done", "outbox_test.happen")}


def test_a_refused_change_announces_nothing():
    with pytest.raises(Refused):
        happen_and_refuse(SYSTEM, None, what="good")
    assert not Delivery.objects.exists()


def test_an_event_outside_an_action_is_a_mistake():
    with pytest.raises(RuntimeError, match="outside an action"):
        outbox.announce(happenings.SomethingHappened(what="good"))


def test_a_failing_listener_does_not_stop_the_others():
    happen(SYSTEM, None, what="bad")
    happen(SYSTEM, None, what="good")
    outbox.deliver_all()
    assert effects("bad") == effects("good") == effects("good-broken") == 1


def test_a_failing_listener_leaves_no_half_effect_and_says_why():
    happen(SYSTEM, None, what="bad")
    outbox.deliver_all()
    assert effects("bad-broken") == 0
    assert (broken().state, broken().attempts) == ("waiting", 1)
    assert broken().error == "BrokenListenerError: hỏng"


def test_a_failing_listener_is_tried_later_and_later_then_left_for_a_person():
    happen(SYSTEM, None, what="bad")
    waits = []
    with time_machine.travel(clock.now(), tick=False) as now:
        outbox.deliver_all()
        while broken().state == "waiting":
            waits.append((broken().next_at - clock.now()).total_seconds())
            assert outbox.deliver_due() == 0
            now.shift(waits[-1] + 1)
            assert outbox.deliver_due() == 1
    assert waits == [2, 4, 8, 16, 32, 64, 128]
    assert (broken().state, broken().attempts) == ("stuck", outbox.MAX_ATTEMPTS)


def test_a_stuck_delivery_can_be_started_again():
    happen(SYSTEM, None, what="bad")
    Delivery.objects.filter(pk=broken().pk).update(state="stuck", attempts=8, payload={"what": "mended"})
    assert outbox.retry_stuck() == 1
    outbox.deliver_all()
    assert broken().state == "done"


def test_a_renamed_listener_is_kept_as_a_failure():
    happen(SYSTEM, None, what="good")
    Delivery.objects.filter(pk=broken().pk).update(handler="gone.away")
    outbox.deliver_all()
    lost = Delivery.objects.get(handler="gone.away")
    assert "renamed" in lost.error


def test_a_listener_that_outlives_its_lease_takes_its_effect_back(notebook):
    happen_slowly(SYSTEM, None, what="late")
    delivery = Delivery.objects.get()
    # Another worker took it up while ours was still at it: ours holds attempt 1, the row says 2.
    outbox.deliver_due()
    Delivery.objects.update(state="running", attempts=2)
    with pytest.raises(outbox.LeaseLostError):
        outbox._mark_done(delivery)


def test_a_worker_that_stops_leaves_the_rest_waiting():
    happen_many(SYSTEM, None, what="good", times=5)
    asked = iter([False, False, False, True])
    assert outbox.deliver_due(stopping=lambda: next(asked)) == 3
    assert Delivery.objects.filter(state="waiting").count() == 7


def test_a_listener_that_reaches_out_is_done_after_it(notebook):
    send(SYSTEM, None, what="letter")
    outbox.deliver_all()
    assert notebook.read_text() == "sent letter\n"
    assert Delivery.objects.get().state == "done"


def test_a_listener_that_reaches_out_may_run_again_when_the_worker_died_before_the_mark(notebook):
    send(SYSTEM, None, what="letter")
    outbox.deliver_all()
    Delivery.objects.update(state="running", lease_until=clock.now() + outbox.LEASE)
    assert outbox.deliver_due() == 0
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.deliver_due() == 1
    assert notebook.read_text() == "sent letter\n" * 2


def test_what_was_done_long_ago_is_forgotten():
    happen(SYSTEM, None, what="good")
    outbox.deliver_all()
    assert outbox.forget_done() == 0
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert outbox.forget_done() == 2


def test_asking_what_is_due_is_cheap_with_a_long_past(django_assert_num_queries):
    now = clock.now()
    Delivery.objects.bulk_create(
        Delivery(event="x", handler="x", payload={}, created_at=now, next_at=now, state="done", done_at=now)
        for _ in range(20_000)
    )
    started = time.perf_counter()
    with django_assert_num_queries(1):
        assert outbox.deliver_due() == 0
    assert time.perf_counter() - started < 0.1
