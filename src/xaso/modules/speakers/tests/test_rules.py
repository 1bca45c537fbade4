"""Schedules, limits, collisions, ladder, settling: pure decisions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.speakers.rules import collisions, credentials, limits, priority
from xaso.modules.speakers.rules.beats import heard, was_heard, with_beat
from xaso.modules.speakers.rules.clocks import fault_in_words
from xaso.modules.speakers.rules.collisions import Booked
from xaso.modules.speakers.rules.entries import Entry, faults_of
from xaso.modules.speakers.rules.limits import Limits
from xaso.modules.speakers.rules.ranges import Unsatisfiable, asked_range
from xaso.modules.speakers.rules.scheduling import Timing, Weekly, occurrences
from xaso.modules.speakers.rules.settling import Line, Part, settle
from xaso.modules.speakers.rules.silence import is_silent

# Friday 20 November 2026, 09:00 in Vietnam.
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIMITS = Limits((("21:30", "05:00"), ("11:30", "13:30")), (("05:00", "06:00", 60),), 1800, 70)
WORKDAYS = Weekly((0, 1, 2, 3, 4), ("05:00", "17:00"))


def at(hour, minute=0, day=20):
    """A Vietnamese wall-clock moment of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def once(moment, seconds=60.0):
    return Timing(moment, None, None, seconds)


def weekly(rule, seconds=60.0, **more):
    return Timing(None, more.pop("until", None), rule, seconds, **more)


# --- schedules


def test_weekly_times_are_those_of_the_vietnamese_wall_clock():
    found = list(occurrences(weekly(WORKDAYS), NOW, NOW + timedelta(days=4)))
    assert found == [at(17), at(5, day=23), at(17, day=23), at(5, day=24)]


def test_a_weekly_item_keeps_its_first_and_its_last_day():
    timing = weekly(WORKDAYS, until=at(6, day=24), begins_at=at(12, day=23))
    assert list(occurrences(timing, NOW, NOW + timedelta(days=14))) == [at(17, day=23), at(5, day=24)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((0, 1, 2, 3, 4), "Thứ 2–6"),
        ((5, 6), "Thứ 7, Chủ nhật"),
        (tuple(range(7)), "Hằng ngày"),
        ((0, 2), "Thứ 2, Thứ 4"),
    ],
)
def test_days_in_words(days, words):
    assert Weekly(days, ("05:00",)).words() == f"{words} lúc 05:00"


@pytest.mark.parametrize(("days", "times"), [((7,), ("05:00",)), ((), ("05:00",)), ((0,), ("24:00",)), ((0,), ("5h",))])
def test_a_schedule_that_is_none_is_refused(days, times):
    with pytest.raises(ValueError, match=r"needs days|time of day"):
        Weekly(days, times)


# --- limits


@pytest.mark.parametrize(
    ("hour", "seconds", "hit"),
    [(1320, 60, True), (299, 60, True), (300, 60, False), (1289, 61, True), (1289, 60, False),
     (11 * 60, 1800, False), (11 * 60, 1801, True), (0, 60, True)],
)  # fmt: skip
def test_quiet_hours_count_the_whole_sound_also_over_midnight(hour, seconds, hit):
    assert (limits.quiet_at(LIMITS, hour, seconds) is not None) == hit


def test_everything_that_is_not_allowed_is_said_at_once():
    found = limits.refusals(LIMITS, [330, 22 * 60], 2000, 80)
    assert ["30 phút" in found[0], "chỉ được mở loa đến 60 %" in found[1], "22:00 chạm giờ yên tĩnh" in found[2]] == [
        True
    ] * 3


def test_limits_that_leave_no_time_to_speak_are_refused():
    assert limits.faults_of_limits((("05:00", "03:00"),), (), 600, 60)
    assert limits.faults_of_limits((("5 giờ", "03:00"),), (), 600, 60)
    assert not limits.faults_of_limits(LIMITS.quiet, LIMITS.caps, 600, 60)


# --- collisions


def test_two_items_at_the_same_second_meet():
    assert collisions.meetings(once(at(17)), [Booked("Tin", weekly(WORKDAYS))], NOW)[0].at == at(17)


def test_one_that_begins_while_the_other_still_sounds_meets_it():
    assert collisions.meetings(once(at(17, 4)), [Booked("Tin", once(at(17), 300))], NOW)
    assert not collisions.meetings(once(at(17, 6)), [Booked("Tin", once(at(17), 300))], NOW)


def test_weekly_items_that_share_one_day_meet_on_that_day():
    mine, theirs = weekly(Weekly((2, 5), ("06:00",))), weekly(Weekly((5, 6), ("06:00",)))
    assert collisions.meetings(mine, [Booked("Tin", theirs)], NOW)[0].at == at(6, day=21)
    assert not collisions.meetings(mine, [Booked("Tin", weekly(Weekly((6,), ("06:00",))))], NOW)


def test_a_single_item_months_ahead_meets_the_weekly_one_of_that_day():
    far = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)  # a Monday, 17:00 in Vietnam
    assert collisions.meetings(once(far), [Booked("Tin", weekly(WORKDAYS))], NOW)
    assert not collisions.meetings(once(far + timedelta(hours=1)), [Booked("Tin", weekly(WORKDAYS))], NOW)


def test_the_next_free_time_is_free_and_not_quiet():
    booked = [Booked("Tin", once(at(21), 1500))]
    assert collisions.next_free(at(21, 1), 300, booked, LIMITS) == at(5, day=21)
    assert collisions.next_free(at(17, 2), 300, [Booked("Tin", once(at(17), 600))], LIMITS) == at(17, 15)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=12), st.integers(1, 60), st.integers(0, 2000))
def test_what_is_offered_as_free_never_meets_anything(starts, minutes, wish):
    booked = [Booked("Tin", once(NOW + timedelta(minutes=start), minutes * 60)) for start in starts]
    free = collisions.next_free(NOW + timedelta(minutes=wish), 120, booked, LIMITS)
    assert free is None or not collisions.meetings(once(free, 120), booked, NOW - timedelta(days=1))


# --- the ladder


def test_the_ladder_of_tt_39():
    rank = priority.rank_of
    ladder = [
        rank("emergency", "file"),
        rank("priority", "live"),
        rank("priority", "file"),
        rank("normal", "file"),
        rank("normal", "relay"),
    ]
    assert ladder == [0, 1, 2, 3, 4]


def test_between_two_priority_items_the_commune_decides():
    province = (priority.PRIORITY, priority.order_of("province", "commune"))
    own = (priority.PRIORITY, priority.order_of("commune", "commune"))
    assert (priority.beats(*own, *province), priority.beats(*province, *own)) == (True, False)
    assert not priority.beats(priority.NORMAL, 0, priority.NORMAL, 1)


# --- settling


def part(**more):
    return Part(NOW, NOW + timedelta(seconds=60), 60.0, **more)


def line(sequence=0, seconds=60.0, result="played", **more):
    start = more.pop("started_at", NOW)
    return Line(sequence, start, start + timedelta(seconds=seconds), seconds, result, **more)


LATER = NOW + timedelta(hours=25)


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([line()], "played"),
        ([line(seconds=57.1)], "played"),
        ([line(seconds=40, result="failed")], "partly"),
        ([line(seconds=20, result="interrupted", interrupted_by="power")], "interrupted"),
        ([line(seconds=20, result="interrupted"), line(1, 40)], "played"),
        ([line(1, 40), line(seconds=20, result="interrupted")], "played"),
        ([line(seconds=20, result="stopped")], "interrupted"),
        ([line(level=-80.0)], "silent"),
        ([line(level=-80.0, seconds=20, result="interrupted"), line(1, 40, level=-12.0)], "played"),
        ([line(seconds=0, result="refused", reason="không đọc được tệp")], "refused"),
        ([line(seconds=0, result="skipped")], "refused"),
        ([line(seconds=0, result="failed")], "silent"),
    ],
)
def test_what_a_log_means(lines, state):
    assert settle(part(), lines, LATER, True).state == state


@pytest.mark.parametrize(("was_heard", "state"), [(True, "silent"), (False, "offline")])
def test_without_a_log_the_connection_decides(was_heard, state):
    assert settle(part(), [], LATER, was_heard).state == state


def test_nothing_is_decided_before_the_log_can_have_come():
    early = NOW + timedelta(seconds=100)
    assert settle(part(), [], early, True).is_settled is False
    assert settle(part(), [line(seconds=20, result="interrupted")], early, True).state == "playing"


def test_a_speaker_without_a_log_proves_nothing():
    assert settle(part(keeps_log=False), [], LATER, True).state == "unproven"
    assert settle(part(keeps_log=False), [], LATER, False).state == "offline"


def test_an_order_that_was_refused_or_taken_back():
    assert settle(part(refusal="hết bộ nhớ"), [], NOW, True).state == "refused"
    assert settle(part(stopped_at=NOW - timedelta(minutes=1)), [], NOW, True).state == "cancelled"


def test_a_live_broadcast_is_as_long_as_it_is():
    live = Part(NOW, NOW + timedelta(minutes=10), 0.0, NOW + timedelta(minutes=10))
    assert settle(live, [line(seconds=590, result="stopped")], LATER, True).state == "played"


@pytest.mark.parametrize("skew", [-3600.0, -1.5, 0.0, 420.0])
def test_a_clock_that_is_off_is_mended_and_changes_no_length(skew):
    wrong = NOW + timedelta(seconds=skew)
    found = settle(part(), [line(started_at=wrong, clock_offset=skew)], LATER, True)
    assert (found.started_at, found.ended_at, found.state) == (NOW, NOW + timedelta(seconds=60), "played")


def test_a_clock_that_was_never_set_is_left_as_it_said():
    wrong = datetime(2000, 1, 1, tzinfo=UTC)
    off = (wrong - NOW).total_seconds()
    assert settle(part(), [line(started_at=wrong, clock_offset=off)], LATER, True).started_at == wrong


@given(st.permutations([line(0, 20, "interrupted"), line(1, 15, "interrupted"), line(2, 25, "played")]))
def test_the_order_in_which_lines_come_does_not_matter(lines):
    assert settle(part(), lines, LATER, True) == settle(
        part(), sorted(lines, key=lambda one: one.sequence), LATER, True
    )


# --- beats and silence


@pytest.mark.parametrize(
    ("offset", "words"),
    [(31.4, "nhanh 31 giây"), (-119, "chậm 119 giây"), (120, "nhanh 2 phút"), (-7_200, "chậm 2 giờ"),
     (61_084_800, "nhanh 707 ngày")],
)  # fmt: skip
def test_a_wrong_clock_is_said_in_units_a_person_knows(offset, words):
    assert fault_in_words(offset) == words


def test_a_day_of_beats_in_one_text():
    history, hour = "", 0
    for minute in range(30 * 60):
        history, hour = with_beat(history, hour, NOW + timedelta(minutes=minute))
    shown = heard(history, hour, NOW + timedelta(hours=30))
    assert len(shown) == 24
    assert [minutes for _, minutes in shown[:-1]] == [60] * 23
    assert len(history) == 360
    assert was_heard(history, hour, NOW + timedelta(hours=29), NOW + timedelta(hours=29, minutes=1))
    assert not was_heard(history, hour, NOW + timedelta(hours=31), NOW + timedelta(hours=32))


@given(st.lists(st.integers(0, 60 * 24 * 4), min_size=1, max_size=60))
def test_beats_in_any_order_count_the_minutes_of_the_last_day(minutes):
    history, hour = "", 0
    for minute in minutes:
        history, hour = with_beat(history, hour, NOW + timedelta(minutes=minute))
    end = NOW + timedelta(minutes=max(minutes))
    first = end.replace(minute=0) - timedelta(hours=23)
    shown = heard(history, hour, end)
    assert sum(count for _, count in shown) <= len(set(minutes))
    assert shown[0][0] == first
    assert shown[-1][1] >= 1


@pytest.mark.parametrize(
    ("online", "seen", "offline", "silent"),
    [(True, 179, None, False), (True, 180, None, True), (False, 30, 19, False), (False, 30, 20, True),
     (False, None, None, False)],
)  # fmt: skip
def test_three_missed_beats_or_the_brokers_word(online, seen, offline, silent):
    def ago(seconds):
        return None if seconds is None else NOW - timedelta(seconds=seconds)

    assert is_silent(online, ago(seen), ago(offline), NOW) == silent


# --- credentials, entries, ranges


def test_a_secret_fits_only_its_digest():
    secret = credentials.new_secret()
    digest = credentials.digest(secret)
    assert (credentials.matches(secret, digest), credentials.matches(secret + "x", digest)) == (True, False)
    assert digest.startswith("$7$101$")
    assert not any(
        credentials.matches(secret, wrong) for wrong in ("", "$7$", "$7$101$@@$@@", "$6$101$a$b", "$7$0$YQ==$YQ==")
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": "a b"}, {"serial": "../x"}, {"serial": "LINK"}, {"serial": "x" * 41}, {"name": ""},
        {"latitude": "105.5", "longitude": "21.2"}, {"latitude": "abc", "longitude": "1"},
        {"latitude": "nan", "longitude": "nan"},
        {"sim_phone": "12345"}, {"sim": "abc"}, {"installed_on": "2025-13-01"}, {"protocol": "http"},
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_device_is_said(wrong):
    assert faults_of(Entry(**({"serial": "XS-1", "name": "Loa"} | wrong)))


def test_a_right_device_has_no_faults():
    assert not faults_of(Entry("XS-1", "Loa", latitude="21.2", longitude="105.5", sim_phone="0912345678"))


@pytest.mark.parametrize(
    ("header", "span"),
    [("", None), ("bytes=0-", (0, 99)), ("bytes=10-19", (10, 19)), ("bytes=90-500", (90, 99)), ("bytes=-10", (90, 99)),
     ("bytes=-", None), ("bytes=0-1,5-6", None), ("items=0-1", None)],
)  # fmt: skip
def test_ranges(header, span):
    assert asked_range(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=50-40", "bytes=-0"])
def test_a_range_outside_the_file(header):
    with pytest.raises(Unsatisfiable):
        asked_range(header, 100)
