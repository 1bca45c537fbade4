"""What passes between the server and the wire."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import Weekly, order_play, stop_play
from xaso.modules.speakers.actions.expecting import settle_due
from xaso.modules.speakers.actions.reporting import (
    mark_sent,
    record_acks,
    record_beats,
    record_plays,
    record_presence,
)
from xaso.modules.speakers.models import Command, Piece, Pulse, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.codec import decode, encode
from xaso.modules.speakers.protocol.ids import row_id
from xaso.modules.speakers.tests.conftest import MP3, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def beat(at=NOW, **more):
    return m.Beat(at=at, uptime=100, firmware="1.0", **more)


def row(device, play, at, sequence=0, seconds=60.0, result="played", **more):
    key = row_id(device.serial, str(play.uuid), int(at.timestamp() * 1000), sequence)
    started = more.pop("started_at", at)
    return device.serial, m.LogRow(
        id=key, item=str(play.uuid), version=play.version, due_at=at, sequence=sequence, started_at=started,
        ended_at=started + timedelta(seconds=seconds), seconds=seconds, result=result, **more,
    )  # fmt: skip


@pytest.fixture
def weekly(phuc, ngu_kien, speakers, recording):
    """05:30 and 17:00 from Monday to Friday, on every speaker of the commune."""
    return order_play(
        phuc, ngu_kien, recording=recording, klass="normal", unit_paths=(ngu_kien.path,),
        weekly=Weekly((0, 1, 2, 3, 4), ("05:30", "17:00")),
    )  # fmt: skip


@pytest.fixture
def at_once(phuc, ngu_kien, speakers, recording):
    return order_play(phuc, ngu_kien, recording=recording, klass="emergency", unit_paths=(ngu_kien.path,))


def test_a_programme_holds_the_week_with_capped_volumes_and_survives_the_codec(weekly, speakers):
    programme = queries.programme_for(speakers[0])
    (item,) = programme.items
    assert [(slot.day, slot.minute, slot.volume) for slot in item.slots[:2]] == [(0, 330, 60), (0, 1020, 70)]
    assert len(item.slots) == 10
    assert item.sound.path == f"/portal/speakers/device/files/{item.sound.sha256}/"
    assert decode("cfg", encode(programme)) == programme


def test_the_programme_gets_another_version_when_a_play_is_stopped(weekly, speakers, phuc):
    before = queries.programme_for(speakers[0])
    stop_play(phuc, weekly, reason="Đổi lịch")
    after = queries.programme_for(speakers[0])
    assert (after.items, after.version != before.version) == ((), True)


def test_a_device_of_another_village_does_not_get_what_is_not_meant_for_it(
    phuc, ngu_kien, village, speakers, recording
):
    order_play(
        phuc, ngu_kien, recording=recording, klass="normal", unit_paths=(village.path,),
        starts_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    found = queries.programmes_for(speakers)
    assert [len(found[one.serial].items) for one in speakers] == [1, 1, 0]


def test_commands_come_by_rank_and_leave_the_queue_when_sent(at_once, weekly, speakers):
    waiting = queries.pending_commands()
    assert [one.kind for one in waiting] == ["play"] * 3 + ["programme"] * 3
    assert waiting[0].command.item.id == str(at_once.uuid)
    assert decode("cmd", encode(waiting[0].command)) == waiting[0].command
    mark_sent(SYSTEM, [one.id for one in waiting[:3]])
    assert [one.kind for one in queries.pending_commands()] == ["programme"] * 3


def test_what_has_expired_is_not_published(at_once, speakers, clock):
    clock.shift(timedelta(days=2))
    assert not queries.pending_commands()


def test_an_answer_counts_only_from_the_device_that_was_asked(at_once, speakers):
    first = queries.pending_commands()[0]
    liar = next(one.serial for one in speakers if one.serial != first.serial)
    answer = m.Ack(first.ulid, "accepted", NOW)
    assert record_acks(SYSTEM, [(liar, answer)]) == 0
    assert record_acks(SYSTEM, [(first.serial, answer)]) == 1
    assert record_acks(SYSTEM, [(first.serial, replace(answer, verdict="refused"))]) == 0
    assert Command.objects.get(ulid=first.ulid).state == "accepted"


def test_a_refused_order_settles_that_part_with_the_reason(at_once, speakers):
    first = queries.pending_commands()[0]
    record_acks(SYSTEM, [(first.serial, m.Ack(first.ulid, "refused", NOW, reason="không đủ bộ nhớ"))])
    run = Run.objects.get(device__serial=first.serial)
    assert (run.state, run.reason) == ("refused", "không đủ bộ nhớ")


def test_beats_of_many_devices_are_one_write_and_strangers_are_left_out(speakers, django_assert_max_num_queries):
    beats = [(one.serial, beat(volume=70), NOW) for one in speakers]
    record_beats(SYSTEM, beats)
    with django_assert_max_num_queries(9):
        assert record_beats(SYSTEM, [*beats, ("KHONG-CO", beat(), NOW)]) == 3
    assert list(Pulse.objects.values_list("is_online", "volume")) == [(True, 70)] * 3


def test_a_beat_that_plays_shows_the_part_as_playing(at_once, speakers):
    record_beats(SYSTEM, [(speakers[0].serial, beat(playing=str(at_once.uuid)), NOW)])
    assert Run.objects.get(device=speakers[0]).state == "playing"
    assert Run.objects.get(device=speakers[1]).state == "expected"


def test_whatever_a_device_says_it_plays_breaks_nothing(speakers):
    assert record_beats(SYSTEM, [(speakers[0].serial, beat(playing="x' OR 1=1 --"), NOW)]) == 1


def test_log_lines_settle_the_parts_and_count_once(at_once, speakers):
    lines = [row(one, at_once, NOW, volume=90, rms=-14.0) for one in speakers[:2]]
    kept = record_plays(SYSTEM, lines)
    assert kept == {serial: [line.id] for serial, line in lines}
    record_plays(SYSTEM, lines)
    assert Piece.objects.count() == 2
    outcome = queries.outcome("")
    assert (outcome.played, outcome.waiting, outcome.devices) == (2, 1, 3)


def test_an_interrupted_item_that_goes_on_is_played(at_once, speakers):
    device = speakers[0]
    record_plays(SYSTEM, [row(device, at_once, NOW, 0, 20.0, "interrupted", by="power")])
    assert Run.objects.get(device=device).state == "playing"
    record_plays(SYSTEM, [row(device, at_once, NOW, 1, 40.0, "played", started_at=NOW + timedelta(minutes=3))])
    run = Run.objects.get(device=device)
    assert (run.state, run.seconds, run.interrupted_by) == ("played", 60.0, "power")


def test_lines_a_day_late_correct_the_report(at_once, speakers, clock):
    clock.shift(timedelta(minutes=10))
    settle_due(SYSTEM)
    assert queries.outcome("").failed == 3
    clock.shift(timedelta(hours=24))
    record_plays(SYSTEM, [row(one, at_once, NOW) for one in speakers])
    assert queries.outcome("").played == 3


def test_a_device_that_was_heard_and_did_not_play_is_silent_one_that_was_not_is_offline(at_once, speakers, clock):
    record_beats(SYSTEM, [(speakers[0].serial, beat(), NOW)])
    clock.shift(timedelta(minutes=5))
    settle_due(SYSTEM)
    states = dict(Run.objects.values_list("device__serial", "state"))
    assert states == {"LOA-1": "silent", "LOA-2": "offline", "LOA-3": "offline"}


def test_a_line_for_a_play_that_was_never_its_own_is_forgotten(phuc, ngu_kien, lien_chau, make_device, at_once):
    foreign = make_device("LOA-X", ngu_kien)
    foreign.unit_path = lien_chau.path
    foreign.save()
    line = row(foreign, at_once, NOW)
    assert record_plays(SYSTEM, [line]) == {"LOA-X": [line[1].id]}
    assert not Piece.objects.exists()


def test_a_schedule_deleted_while_it_played_is_still_in_the_log(weekly, speakers, phuc, clock):
    at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    clock.move_to(at + timedelta(seconds=30))
    stop_play(phuc, weekly, reason="Có họp")
    stopped = row(speakers[0], weekly, at, 0, 31.0, "stopped")
    record_plays(SYSTEM, [stopped])
    run = Run.objects.get(device=speakers[0], scheduled_at=at)
    assert (run.state, run.seconds) == ("interrupted", 31.0)


def test_presence_marks_a_device_offline_and_back(speakers):
    record_presence(SYSTEM, online=["LOA-1", "LOA-2", "KHONG-CO"])
    record_presence(SYSTEM, offline=["LOA-2"])
    assert dict(Pulse.objects.values_list("device__serial", "is_online")) == {
        "LOA-1": True, "LOA-2": False, "LOA-3": False,
    }  # fmt: skip


def test_only_the_device_with_its_secret_gets_only_its_files(client, at_once, speakers, make_device, lien_chau):

    def ask(serial, secret, **headers):
        word = base64.b64encode(f"{serial}:{secret}".encode()).decode()
        return client.get(url, headers={"Authorization": f"Basic {word}", **headers})

    url = queries.pending_commands()[0].command.item.sound.path
    mine = speakers[0]
    whole = ask(mine.serial, mine.secret)
    content = b"".join(whole)
    assert (whole.status_code, content[: len(MP3)]) == (200, MP3)
    part = ask(mine.serial, mine.secret, Range="bytes=10-19")
    assert (part.status_code, part.content, part["Content-Range"]) == (
        206,
        content[10:20],
        f"bytes 10-19/{len(content)}",
    )
    assert ask(mine.serial, mine.secret, Range="bytes=99999999-").status_code == 416
    assert ask(mine.serial, mine.secret, **{"If-None-Match": whole["ETag"]}).status_code == 304
    assert ask(mine.serial, "khac").status_code == 401
    assert ask(speakers[1].serial, mine.secret).status_code == 401
    assert client.get(url).status_code == 401
    foreign = make_device("LOA-Y")
    foreign.unit_path = lien_chau.path
    foreign.save()
    assert ask(foreign.serial, foreign.secret).status_code == 404
