"""Alarms, repairs, mergers, and what is counted."""

from datetime import date, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.measures.declaring import stock_of
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Succession, Unit
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import order_play
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.expecting import settle_due
from xaso.modules.speakers.actions.register import issue_credential, register_device, set_state
from xaso.modules.speakers.actions.repairing import close_repair, down_minutes, open_repair
from xaso.modules.speakers.actions.reporting import record_beats, record_plays, record_presence
from xaso.modules.speakers.jobs import hand_over_after_mergers
from xaso.modules.speakers.models import Alarm, Command, Device, Play
from xaso.modules.speakers.rules.entries import Entry
from xaso.modules.speakers.tests.conftest import NOW
from xaso.modules.speakers.tests.test_door import beat, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def hear(devices, at, **more):
    record_beats(SYSTEM, [(one.serial, beat(at, **more), at) for one in devices])


def open_kinds():
    return sorted(Alarm.objects.filter(cleared_at=None).values_list("device__serial", "kind"))


def test_three_missed_beats_raise_one_alarm_and_a_beat_clears_it(speakers, clock):
    hear(speakers, NOW)
    clock.shift(timedelta(seconds=179))
    hear(speakers[1:], NOW + timedelta(seconds=179))
    assert watch(SYSTEM) == 0
    clock.shift(timedelta(seconds=1))
    assert (watch(SYSTEM), watch(SYSTEM)) == (1, 0)
    assert open_kinds() == [("LOA-1", "silent")]
    hear(speakers[:1], NOW + timedelta(seconds=200))
    record_presence(SYSTEM, online=["LOA-1"])
    assert open_kinds() == []


def test_the_brokers_word_is_believed_after_twenty_seconds(speakers, clock):
    hear(speakers, NOW)
    record_presence(SYSTEM, offline=["LOA-1", "LOA-2"])
    clock.shift(timedelta(seconds=10))
    record_presence(SYSTEM, online=["LOA-2"])
    clock.shift(timedelta(seconds=10))
    assert watch(SYSTEM) == 1
    assert open_kinds() == [("LOA-1", "silent")]


def test_a_device_that_is_heard_again_is_asked_for_its_log(speakers, clock):
    hear(speakers, NOW)
    clock.shift(timedelta(minutes=5))
    watch(SYSTEM)
    Command.objects.all().delete()
    hear(speakers[:1], NOW + timedelta(minutes=5))
    deliver_all()
    assert set(Command.objects.values_list("device__serial", "kind")) == {("LOA-1", "report"), ("LOA-1", "programme")}


def test_silent_devices_that_nobody_expects_raise_nothing(speakers, quan, clock):
    hear(speakers, NOW)
    for state in ("repair", "lost"):
        set_state(quan, speakers[0], state=state, reason="cháy nguồn")
    set_state(quan, speakers[1], state="retired", reason="thanh lý")
    clock.shift(timedelta(minutes=5))
    assert watch(SYSTEM) == 1
    assert open_kinds() == [("LOA-3", "silent")]


def test_full_disks_and_wrong_clocks_are_found_and_found_mended(speakers):
    hear(speakers[:1], NOW, disk_free=1_000_000, clock_offset=95.0)
    hear(speakers[:1], NOW, disk_free=1_000_000, clock_offset=95.0)
    assert open_kinds() == [("LOA-1", "clock"), ("LOA-1", "disk")]
    hear(speakers[:1], NOW, disk_free=900_000_000, clock_offset=0.2)
    assert open_kinds() == []


def test_a_device_that_beat_but_did_not_play_is_an_alarm_until_it_plays(phuc, ngu_kien, speakers, recording, clock):
    hear(speakers, NOW)
    wish = {"recording": recording, "klass": "priority", "unit_paths": (ngu_kien.path,)}
    first = order_play(phuc, ngu_kien, **wish)
    record_plays(SYSTEM, [row(one, first, first.starts_at) for one in speakers[1:]])
    clock.shift(timedelta(minutes=5))
    settle_due(SYSTEM)
    assert open_kinds() == [("LOA-1", "not_played")]
    second = order_play(phuc, ngu_kien, **wish)
    record_plays(SYSTEM, [row(speakers[0], second, second.starts_at)])
    assert open_kinds() == []


def test_a_lost_device_connects_no_more(speakers, quan):
    assert queries.device_with("LOA-1", speakers[0].secret) == speakers[0]
    set_state(quan, speakers[0], state="lost", reason="mất trộm")
    assert queries.device_with("LOA-1", speakers[0].secret) is None
    assert [line.split(":")[0] for line in queries.password_lines()] == ["LOA-2", "LOA-3"]
    with pytest.raises(Refused, match="không còn dùng"):
        issue_credential(quan, speakers[0])


def test_a_new_secret_ends_the_old_one(speakers, quan):
    fresh = issue_credential(quan, speakers[0])
    assert queries.device_with("LOA-1", speakers[0].secret) is None
    assert queries.device_with("LOA-1", fresh) == speakers[0]


def test_registering_is_refused_for_what_is_wrong_and_for_strangers(quan, phuc, oanh, village, speakers):
    with pytest.raises(Refused, match="đã có trong sổ"):
        register_device(quan, village, entry=Entry("LOA-1", "Loa"))
    with pytest.raises(Refused, match="Số máy gồm"):
        register_device(quan, village, entry=Entry("../etc", "Loa"))
    for stranger in (phuc, oanh):
        with pytest.raises(Forbidden):
            register_device(stranger, village, entry=Entry("LOA-9", "Loa"))


def test_downtime_counts_from_the_silence_to_the_repair(speakers, phuc, clock):
    hear(speakers[:1], NOW)
    clock.shift(timedelta(minutes=10))
    watch(SYSTEM)
    alarm = Alarm.objects.get(device=speakers[0])
    clock.shift(timedelta(hours=2))
    ticket = open_repair(phuc, speakers[0], problem="Mất nguồn", alarm=alarm)
    with pytest.raises(Refused, match="đã có phiếu"):
        open_repair(phuc, speakers[0], problem="Mất nguồn")
    clock.shift(timedelta(hours=22))
    close_repair(phuc, ticket, outcome="Thay nguồn", cost=0)
    assert down_minutes(ticket, NOW) == 24 * 60 + 10
    with pytest.raises(Refused, match="xử lý ở chỗ khác"):
        close_repair(phuc, ticket, outcome="Thay nguồn")


def test_a_village_head_reports_his_own_speaker_only(bay, speakers):
    assert open_repair(bay, speakers[0], problem="Rè").opened_by_name == bay.name
    with pytest.raises(Forbidden):
        open_repair(bay, speakers[2], problem="Rè")


@pytest.fixture
def merged(ngu_kien, village, district):
    """Ngũ Kiên becomes part of a new commune; its village goes with it under the same name."""
    last, first = date(2026, 11, 18), date(2026, 11, 19)
    new = Unit.objects.create(
        code="09999", name="Vĩnh Phú", kind="commune", parent=district, path="26.252.09999.", valid_from=first
    )
    home = Unit.objects.create(
        code="0999901", name=village.name, kind="village", parent=new, path="26.252.09999.0999901.", valid_from=first
    )

    def merge():
        Unit.objects.filter(pk__in=[ngu_kien.pk, village.pk]).update(valid_to=last)
        Succession.objects.create(predecessor=ngu_kien, successor=new, kind="merge", effective_on=first)
        hand_over_after_mergers()
        return new, home

    return merge


def test_speakers_schedules_and_topics_follow_a_merger(merged, phuc, ngu_kien, village, speakers, recording):
    wish = {"recording": recording, "klass": "normal", "starts_at": NOW + timedelta(hours=8)}
    order_play(phuc, ngu_kien, unit_paths=(village.path,), **wish)
    new, home = merged()
    found = list(Device.objects.order_by("serial"))
    assert [one.unit for one in found] == [home, home, new]
    assert {one.commune_code for one in found} == {"09157"}
    play = Play.objects.get()
    assert (play.unit, play.unit_paths) == (new, [home.path])
    assert [len(queries.programme_for(one).items) for one in found] == [1, 1, 0]
    assert hand_over_after_mergers() is not None


def test_a_schedule_of_a_village_that_is_no_more_is_stopped_not_widened(
    merged, phuc, ngu_kien, village, speakers, recording
):
    Unit.objects.filter(code="0999901").update(name="Thôn Khác")
    order_play(
        phuc,
        ngu_kien,
        unit_paths=(village.path,),
        recording=recording,
        klass="normal",
        starts_at=NOW + timedelta(hours=8),
    )
    merged()
    assert Play.objects.get().state == "stopped"


def test_villages_with_a_working_speaker_are_counted_once(speakers, village, clock):
    stock = stock_of("speakers.villages")
    day = date(2026, 11, 20)

    def count():
        return stock.rows(day).aggregate(n=stock.measure.counted)["n"]

    assert count() == 0
    hear(speakers, NOW)
    assert count() == 1
    silent = stock_of("speakers.silent")
    clock.shift(timedelta(minutes=5))
    watch(SYSTEM)
    assert silent.rows(day).count() == 3
    assert stock.rows(day + timedelta(days=1)).count() == 0
