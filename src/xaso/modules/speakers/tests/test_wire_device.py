"""A loudspeaker alone: what it plays, what it writes down, and what a power cut leaves of it."""

from pathlib import Path

import pytest

from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.tests.rehearsal import MONDAY_5AM, HandClock, Rehearsal, item, moment

START = MONDAY_5AM.timestamp()
DAILY = tuple(m.Slot(day, 5 * 60, 70) for day in range(7))


@pytest.fixture
def loa(tmp_path: Path) -> Rehearsal:
    """Connected at 04:50, it knows the time."""
    rehearsal = Rehearsal(tmp_path, HandClock(START - 600)).boot()
    rehearsal.connect()
    return rehearsal


def outcome(rehearsal: Rehearsal) -> list[tuple[str, int, str, float]]:
    return [(row.item, row.sequence, row.result, round(row.seconds)) for row in rehearsal.rows()]


def test_a_weekly_item_plays_at_its_minute_and_at_its_volume(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", slots=(m.Slot(0, 300, 55), m.Slot(0, 310, 40))),)))
    loa.run(1500)

    assert [(name, began - START, volume) for name, began, _, volume in loa.ear.heard] == [
        ("news", 0, 55),
        ("news", 600, 40),
    ]
    first = loa.rows()[0]
    assert (first.due_at, first.started_at, first.seconds, first.result) == (MONDAY_5AM, MONDAY_5AM, 60, "played")
    assert first.ended_at == moment(START + 60)
    assert first.rms == -20


def test_a_day_without_network_loses_nothing_and_a_lost_answer_doubles_nothing(loa: Rehearsal) -> None:
    hourly = tuple(m.Slot(day, hour * 60, 70) for day in range(7) for hour in range(24))
    loa.hear("cfg", m.Programme("1", items=(item("hour", 30, slots=hourly),)))
    loa.device.disconnected()
    loa.run(24 * 3600)

    rows = loa.rows()
    assert [row.due_at.timestamp() for row in rows] == [START + 3600 * n for n in range(24)]
    assert {row.result for row in rows} == {"played"}

    loa.said.clear()
    loa.connect()
    sent = [one for _, one in loa.said if isinstance(one, m.Log)]
    assert [row.id for row in sent[0].rows] == [row.id for row in rows]
    loa.run(20)  # the server said nothing: the same rows go again
    assert [one for _, one in loa.said if isinstance(one, m.Log)][-1].rows == sent[0].rows
    loa.hear("cmd", m.Kept(tuple(row.id for row in rows[:20])))
    assert [row.id for row in loa.rows()] == [row.id for row in rows[20:]]


def test_a_power_cut_in_mid_item_goes_on_where_it_was(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY),)))
    loa.run(600 + 100)
    loa.power_cut(20)
    loa.boot().run(400)

    first, second = loa.rows()
    assert (first.result, first.by, first.sequence) == ("interrupted", "power", 0)
    assert 95 <= first.seconds <= 100
    assert (second.result, second.sequence, second.due_at) == ("played", 1, MONDAY_5AM)
    assert second.started_at == moment(START + 120)
    assert first.seconds + second.seconds == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize(("flag", "expected"), [("restart", 300), ("drop", None)])
def test_a_power_cut_follows_the_flag_of_the_item(loa: Rehearsal, flag: str, expected: int | None) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY, when_interrupted=flag),)))
    loa.run(600 + 100)
    loa.power_cut(20)
    loa.boot().run(400)

    assert [round(row.seconds) for row in loa.rows()[1:]] == ([] if expected is None else [expected])


def test_two_power_cuts_while_sounding_are_three_stretches(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY),)))
    loa.run(600 + 100)
    for _ in range(2):
        loa.power_cut(10)
        loa.boot().run(50)
    loa.run(300)

    assert [(row.sequence, row.result) for row in loa.rows()] == [(0, "interrupted"), (1, "interrupted"), (2, "played")]


def test_what_was_due_while_the_power_was_off_is_played_late_or_said_to_be_skipped(loa: Rehearsal) -> None:
    items = (item("early", slots=(m.Slot(0, 300, 70),)), item("late", slots=(m.Slot(0, 350, 70),)))
    loa.hear("cfg", m.Programme("1", items=items))
    loa.power_cut(600 + 3600)
    loa.boot().run(600)

    assert outcome(loa) == [("early", 0, "skipped", 0), ("late", 0, "played", 60)]
    assert loa.rows()[0].reason == "Loa không hoạt động lúc đến giờ."


def test_an_emergency_takes_the_speaker_and_gives_it_back(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY),)))
    loa.run(600 + 100)
    command = loa.order(item=item("flood", 40, rank=m.Rank.EMERGENCY, volume=100))
    loa.run(600)

    assert [(name, began - START, seconds) for name, began, seconds, _ in loa.ear.heard] == [
        ("news", 0, 100),
        ("flood", 100, 40),
        ("news", 140, 200),
    ]
    rows = {(row.item, row.sequence): row for row in loa.rows()}
    assert (rows["news", 0].result, rows["news", 0].by) == ("interrupted", "flood")
    assert rows["flood", 0].command == command.id
    assert [ack.verdict for ack in loa.acks()] == ["accepted"]


def test_a_command_that_comes_twice_plays_once_and_is_answered_twice(loa: Rehearsal) -> None:
    command = loa.order(item=item("flood", 40, rank=m.Rank.EMERGENCY))
    loa.hear("cmd", command)
    loa.run(10)
    loa.power_cut(5)
    loa.boot()
    loa.connect()
    loa.hear("cmd", command)
    loa.run(100)

    assert [ack.id for ack in loa.acks()] == [command.id] * 3
    assert [(row.sequence, row.result) for row in loa.rows()] == [(0, "interrupted"), (1, "played")]


def test_the_same_moment_by_command_and_by_schedule_plays_once(loa: Rehearsal) -> None:
    flood = item("flood", 40, rank=m.Rank.EMERGENCY, starts_at=moment(START - 600))
    loa.order(item=flood)
    loa.hear("cfg", m.Programme("2", items=(flood,)))
    loa.run(300)

    assert [name for name, *_ in loa.ear.heard] == ["flood"]


def test_a_new_item_that_starts_now_is_not_missed_because_it_arrived_late(loa: Rehearsal) -> None:
    loa.run(100)
    loa.hear("cfg", m.Programme("2", items=(item("word", 40, starts_at=moment(START - 503)),)))
    loa.run(100)

    assert [name for name, *_ in loa.ear.heard] == ["word"]


def test_a_late_command_is_refused_as_expired(loa: Rehearsal) -> None:
    loa.order(item=item("old"), exp=moment(START - 700))
    loa.run(60)

    assert [ack.verdict for ack in loa.acks()] == ["expired"]
    assert loa.ear.heard == []


def test_two_slots_in_the_same_second_both_play_in_the_order_of_the_ladder(loa: Rehearsal) -> None:
    items = (
        item("relay", 30, rank=m.Rank.RELAY, slots=DAILY),
        item("normal", 30, slots=DAILY),
        item("commune", 30, rank=m.Rank.PRIORITY, order=1, slots=DAILY),
        item("province", 30, rank=m.Rank.PRIORITY, order=0, slots=DAILY),
    )
    loa.hear("cfg", m.Programme("1", items=items))
    loa.run(900)

    assert [name for name, *_ in loa.ear.heard] == ["province", "commune", "normal", "relay"]
    assert {row.result for row in loa.rows()} == {"played"}


def test_a_schedule_deleted_while_it_plays_stops_and_says_so(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY),)))
    loa.run(600 + 50)
    loa.hear("cfg", m.Programme("2"))
    loa.run(600)

    assert outcome(loa) == [("news", 0, "stopped", 50)]
    assert loa.rows()[0].reason == "Lịch đã bị xoá."


def test_a_stop_ends_what_plays_and_what_waits(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", 300, slots=DAILY), item("next", 30, slots=DAILY))))
    loa.run(600 + 50)
    loa.order(kind=m.STOP, item_id="next", reason="Hết mưa.")
    loa.order(kind=m.STOP, item_id="news", reason="Hết mưa.")
    loa.run(600)

    assert sorted(outcome(loa)) == [("news", 0, "stopped", 50), ("next", 0, "stopped", 0)]


@pytest.mark.parametrize("skew", [600.0, -600.0])
def test_a_clock_that_is_ten_minutes_wrong_plays_at_the_right_minute(tmp_path: Path, skew: float) -> None:
    loa = Rehearsal(tmp_path, HandClock(START - 600, skew)).boot()
    loa.connect()
    loa.hear("cfg", m.Programme("1", items=(item("news", slots=DAILY),)))
    loa.run(300)
    loa.power_cut(10)
    loa.boot().run(600)  # and it still knows its error after a restart without network

    assert [began - START for _, began, *_ in loa.ear.heard] == [0]
    assert loa.rows()[0].started_at == MONDAY_5AM
    assert loa.device.time.error == pytest.approx(skew, abs=0.01)


def test_somebody_setting_the_clock_meanwhile_moves_nothing(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", slots=DAILY),)))
    loa.run(300)
    loa.clock.skew = 7200
    loa.run(600)

    assert [began - START for _, began, *_ in loa.ear.heard] == [0]


def test_a_clock_that_forgot_the_year_does_not_go_back_before_what_was_played(loa: Rehearsal) -> None:
    loa.hear("cfg", m.Programme("1", items=(item("news", slots=DAILY),)))
    loa.run(700)
    loa.power_cut(1)
    loa.clock.skew = -20 * 365 * 86_400
    loa.boot().run(3600)

    assert [name for name, *_ in loa.ear.heard] == ["news"]
    assert loa.device.time.now() > START


def test_without_knowing_the_time_a_command_waits_for_the_answer(tmp_path: Path) -> None:
    loa = Rehearsal(tmp_path, HandClock(START, 7200)).boot()
    loa.device.connected()
    loa.round()
    command = m.Command("0" * 26, m.PLAY, moment(START), moment(START + 60), item("flood", 20))
    loa.hear("cmd", command)
    assert loa.acks() == []
    asked = next(one for _, one in loa.said if isinstance(one, m.Beat))
    loa.hear("cmd", m.ServerTime(asked.at, moment(START)))
    assert [ack.verdict for ack in loa.acks()] == ["accepted"]


def test_a_question_that_nobody_heard_is_asked_again_and_no_order_is_refused_meanwhile(tmp_path: Path) -> None:
    """The server starts after its speakers, whose clocks are two years ahead."""
    loa = Rehearsal(tmp_path, HandClock(START, 2 * 365 * 86_400)).boot()
    loa.device.connected()
    loa.run(40)
    questions = [one for _, one in loa.said if isinstance(one, m.Beat) and one.asks_time]
    assert len(questions) == 9
    command = m.Command("0" * 26, m.PLAY, moment(START + 40), moment(START + 100), item("flood", 20))
    loa.hear("cmd", command)
    assert loa.acks() == []
    loa.hear("cmd", m.ServerTime(loa.last_question().at, moment(START + 40)))
    assert [ack.verdict for ack in loa.acks()] == ["accepted"]
    loa.said.clear()
    loa.run(60)
    assert not any(one.asks_time for _, one in loa.said if isinstance(one, m.Beat))


def test_loops_are_played_and_a_break_inside_them_is_counted(loa: Rehearsal) -> None:
    loa.order(item=item("siren", 10, loops=6, rank=m.Rank.PRIORITY))
    loa.run(25)
    loa.order(item=item("flood", 5, rank=m.Rank.EMERGENCY))
    loa.run(100)

    seconds = {(row.item, row.sequence): row.seconds for row in loa.rows()}
    assert seconds == {("siren", 0): 25, ("flood", 0): 5, ("siren", 1): 35}


def test_nothing_sounds_after_its_until(loa: Rehearsal) -> None:
    loa.order(item=item("long", 600, until=moment(START - 500)))
    loa.order(item=item("gone", 600, until=moment(START - 601)))
    loa.run(400)

    assert outcome(loa) == [("long", 0, "stopped", 100)]
    assert [ack.verdict for ack in loa.acks()] == ["accepted", "expired"]


def test_a_file_that_comes_late_is_waited_for_and_one_that_never_comes_is_a_failure(loa: Rehearsal) -> None:
    loa.shelf.missing = {"slow", "never", "lost"}
    loa.order(item=item("slow"))
    loa.order(item=item("never"))
    loa.order(item=item("lost"))
    loa.run(60)
    loa.shelf.missing.discard("slow")
    loa.shelf.hopeless["never"] = "Máy chủ không cho tải tệp âm thanh (mã 404)."
    loa.run(3600)

    assert sorted(outcome(loa)) == [("lost", 0, "skipped", 0), ("never", 0, "failed", 0), ("slow", 0, "played", 60)]
    assert next(row for row in loa.rows() if row.item == "lost").reason == "Chưa tải được tệp âm thanh."


def test_a_missing_file_of_an_emergency_does_not_silence_what_plays(loa: Rehearsal) -> None:
    loa.order(item=item("news", 100))
    loa.run(10)
    loa.shelf.missing = {"flood"}
    loa.order(item=item("flood", 20, rank=m.Rank.EMERGENCY))
    loa.run(10)
    assert loa.device.player.current is not None
    loa.shelf.missing.clear()
    loa.run(5)
    assert loa.device.player.current.item.id == "flood"


def test_a_broken_file_is_said_and_the_next_one_plays(loa: Rehearsal) -> None:
    loa.ear.broken = {"bad"}
    loa.order(item=item("bad"))
    loa.order(item=item("good"))
    loa.run(100)

    assert outcome(loa) == [("bad", 0, "failed", 0), ("good", 0, "played", 60)]


def test_rubbish_on_the_wire_is_left_aside(loa: Rehearsal) -> None:
    loa.device.hear("cmd", b"[" * 5000)
    loa.device.hear("cfg", b'{"v":1,"t":"command"}')
    loa.run(10)

    assert len(loa.complaints) == 2
    assert loa.device.programme.version == "none"


def test_every_change_is_told_by_a_beat_and_one_comes_each_minute(loa: Rehearsal) -> None:
    loa.said.clear()
    loa.order(item=item("news", 30))
    loa.run(300)

    beats = [one for _, one in loa.said if isinstance(one, m.Beat)]
    assert [beat.playing for beat in beats[:3]] == ["news", "", ""]
    assert 5 <= len(beats) <= 8
