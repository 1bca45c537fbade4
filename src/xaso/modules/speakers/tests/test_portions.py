"""An order to a whole province: written down portion by portion, published meanwhile, nobody told twice."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import order_play, stop_play
from xaso.modules.speakers.actions.expecting import tell_rest
from xaso.modules.speakers.actions.telling import PORTION, tell_more, tell_portion
from xaso.modules.speakers.broker.register import link_secret
from xaso.modules.speakers.link.carrier import Broker
from xaso.modules.speakers.link.service import Link
from xaso.modules.speakers.models import Command, Device, Play, Run
from xaso.modules.speakers.tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def enrol(village, quan):
    def many(count):
        known = Device.objects.count()
        rows = [
            Device(unit=village, unit_path=village.path, commune_code="09157", serial=f"L-{number:04}", name="Loa",
                   state_since=NOW.date())
            for number in range(known, known + count)
        ]  # fmt: skip
        Device.objects.bulk_create(rows)

    return many


@pytest.fixture
def emergency(truc, ngu_kien, recording):
    def order():
        return order_play(truc, ngu_kien, recording=recording, klass="emergency", unit_paths=(ngu_kien.path,))

    return order


def orders_of(play):
    return list(Command.objects.filter(play=play, kind="play").values_list("device_id", flat=True))


def everybody():
    return sorted(Device.objects.values_list("pk", flat=True))


def test_twice_as_many_devices_cost_not_one_question_more(enrol, emergency):
    emergency_of = []
    for more in (2 * PORTION, 2 * PORTION):
        enrol(more)
        with CaptureQueriesContext(connection) as asked:
            play = emergency()
        emergency_of.append(len(asked))
        assert Run.objects.filter(play=play).count() == Device.objects.count()
        assert len(orders_of(play)) == PORTION
    assert emergency_of[0] == emergency_of[1] < 45


def test_every_device_is_told_once_and_expected_once(enrol, emergency):
    enrol(2 * PORTION + 7)
    play = emergency()
    assert tell_rest() == PORTION + 7
    assert sorted(orders_of(play)) == everybody()
    assert sorted(Run.objects.filter(play=play).values_list("device_id", flat=True)) == everybody()
    assert tell_more() == 0
    told = [one.command for one in queries.pending_commands()]
    assert len({one.id for one in told}) == len(told) == 2 * PORTION + 7
    assert len({one.item for one in told}) == 1
    assert len({one.exp for one in told}) == 1


def test_exactly_one_portion_leaves_nothing_behind(enrol, emergency):
    enrol(PORTION)
    play = emergency()
    play.refresh_from_db()
    assert play.told_to is None
    assert len(orders_of(play)) == PORTION


def test_two_who_go_on_with_one_order_tell_it_once(enrol, emergency):
    enrol(2 * PORTION)
    emergency()
    one, other = Play.objects.get(), Play.objects.get()
    assert tell_portion(one) == PORTION
    assert tell_portion(other) == 0
    assert sorted(orders_of(one)) == everybody()


def test_what_was_stopped_meanwhile_is_told_to_nobody_else(enrol, emergency, truc):
    enrol(2 * PORTION)
    play = emergency()
    half_told = Play.objects.get()
    stop_play(truc, play, reason="Báo nhầm")
    assert tell_portion(half_told) == tell_rest() == 0
    assert len(orders_of(play)) == PORTION
    assert {one.kind for one in queries.pending_commands()} == {"stop"}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_new_link_goes_on_where_the_last_one_ended(enrol, emergency):
    """It ended after its first portion was sent and before the second was written down."""
    enrol(2 * PORTION + 7)
    play = emergency()
    Command.objects.filter(play=play).update(state="sent", sent_at=NOW)
    link = Link(Broker("127.0.0.1", 1, link_secret()))
    link.carrier.is_up, link.carrier.connections = True, 1  # as after its connection; what it says waits in the client
    for _ in range(2):
        assert link.round()
    assert sorted(orders_of(play)) == everybody()
    assert set(Command.objects.filter(play=play).values_list("state", flat=True)) == {"sent"}


def test_the_most_urgent_order_is_told_first(enrol, emergency, phuc, ngu_kien, recording):
    enrol(2 * PORTION)
    first = order_play(phuc, ngu_kien, recording=recording, klass="priority", unit_paths=(ngu_kien.path,))
    second = emergency()
    tell_more()
    assert (len(orders_of(first)), len(orders_of(second))) == (PORTION, 2 * PORTION)
