"""1,239 villages at once: beats, an emergency, its answers and its log, on one core."""

import time
from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import order_play
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.expecting import tell_rest
from xaso.modules.speakers.actions.reporting import mark_sent, record_acks, record_beats, record_plays
from xaso.modules.speakers.models import Device, Pulse, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.tests.conftest import NOW, make_recording
from xaso.modules.speakers.tests.test_door import beat, row

pytestmark = [pytest.mark.django_db, pytest.mark.long]
VILLAGES = 1239


@pytest.fixture
def many(village, quan):
    rows = [
        Device(unit=village, unit_path=village.path, commune_code="09157", serial=f"L-{n:04}", name=f"Loa {n}",
               state_since=NOW.date())
        for n in range(VILLAGES)
    ]  # fmt: skip
    Device.objects.bulk_create(rows)
    Pulse.objects.bulk_create([Pulse(device=one) for one in rows])
    return rows


def seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_minute_of_beats_costs_less_than_five_percent_of_a_core(many, record_property):
    minutes = []
    with time_machine.travel(NOW, tick=False) as clock:
        for minute in range(3):
            at = NOW + timedelta(minutes=minute)
            beats = [(one.serial, beat(at, volume=70, disk_free=10**9, clock_offset=0.1), at) for one in many]
            minutes.append(seconds(lambda beats=beats: record_beats(SYSTEM, beats)))
            minutes[-1] += 6 * seconds(lambda: watch(SYSTEM))  # the link looks every ten seconds
            clock.shift(timedelta(minutes=1))
    record_property("seconds_a_minute", round(max(minutes), 3))
    assert max(minutes) < 0.05 * 60
    assert Pulse.objects.filter(is_online=True).count() == VILLAGES


def test_an_emergency_to_every_village_and_its_report(many, phuc, ngu_kien, record_property):
    recording = make_recording(ngu_kien, "Lũ đang lên, bà con sơ tán ngay.", "30")
    took = {}
    with time_machine.travel(NOW, tick=False):
        wish = {"recording": recording, "klass": "emergency", "unit_paths": (ngu_kien.path,), "purpose": "bulletins:9"}
        took["order"] = seconds(lambda: order_play(phuc, ngu_kien, **wish))
        took["rest"] = seconds(tell_rest)
        waiting = queries.pending_commands()
        assert len(waiting) == VILLAGES
        took["sent"] = seconds(lambda: mark_sent(SYSTEM, [one.id for one in waiting]))
        acks = [(one.serial, m.Ack(one.ulid, "accepted", NOW)) for one in waiting]
        took["acks"] = seconds(lambda: record_acks(SYSTEM, acks))
        play = Run.objects.select_related("play").first().play
        lines = [row(one, play, play.starts_at, seconds=30.0) for one in many[:-3]]
        took["log"] = seconds(lambda: record_plays(SYSTEM, lines))
        outcome = queries.outcome("bulletins:9")
    for name, spent in took.items():
        record_property(name, round(spent, 3))
    assert (outcome.played, outcome.devices) == (VILLAGES - 3, VILLAGES)
    assert max(took.values()) < 5, took
