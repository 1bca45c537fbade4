"""The arithmetic of the clock, against a table made by hand and against naive recounts."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.core.deadlines import calendar as shipped
from xaso.core.deadlines.rules import (
    VIETNAM,
    Calendar,
    Course,
    Light,
    Limit,
    LimitInvalid,
    Shift,
    UnitMissing,
    Wait,
    YearMissing,
    add_working_time,
    due,
    is_late,
    light,
    moved,
    near_from,
    next_open,
    nth_working_day,
    verdicts,
    working_days_between,
    working_minutes_left,
    working_time_between,
)

CONTENT = Path(__file__).resolve().parents[5] / "content" / "calendar"
OFFICE = (Shift(time(7), time(11, 30)), Shift(time(13, 30), time(17)))
LOADED = shipped.load((CONTENT,))
REAL = Calendar(LOADED.off, LOADED.working, OFFICE, LOADED.years)
SUNDAY_HOLIDAY = Calendar(frozenset({date(2018, 9, 2), date(2018, 9, 3)}), frozenset(), OFFICE)
CUT_OFF = time(15)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)


def workdays(amount: float | Decimal) -> Limit:
    return Limit(amount, "workday")


TODAY = Limit(0, None, same_day=True)


@pytest.mark.parametrize(
    ("received", "limit", "expected"),
    [
        pytest.param("2026-11-13 16:30", workdays(1), "2026-11-16 17:00", id="Friday 16:30, one working day"),
        pytest.param("2026-11-13 17:00", workdays(1), "2026-11-16 17:00", id="at closing time still that day"),
        pytest.param("2026-11-13 17:01", workdays(1), "2026-11-17 17:00", id="after closing: as if Monday morning"),
        pytest.param("2026-11-14 09:00", workdays(1), "2026-11-17 17:00", id="Saturday: as if Monday morning"),
        pytest.param("2026-11-16 14:59", TODAY, "2026-11-16 17:00", id="14:59 within the day"),
        pytest.param("2026-11-16 15:00", TODAY, "2026-11-16 17:00", id="15:00 sharp within the day"),
        pytest.param("2026-11-16 15:01", TODAY, "2026-11-17 17:00", id="15:01 next working day"),
        pytest.param("2026-11-13 15:01", TODAY, "2026-11-16 17:00", id="Friday 15:01, over the weekend"),
        pytest.param("2026-11-15 20:00", TODAY, "2026-11-16 17:00", id="Sunday evening: Monday"),
        pytest.param("2026-11-16 09:00", workdays(0), "2026-11-16 17:00", id="0 working days is within the day"),
        pytest.param("2026-11-16 09:00", Limit(8, "hour"), "2026-11-17 09:00", id="eight office hours"),
        pytest.param("2026-11-16 11:00", Limit(1, "hour"), "2026-11-16 14:00", id="an hour across lunch"),
        pytest.param("2026-11-16 12:10", Limit(1, "hour"), "2026-11-16 14:30", id="received at lunch: from 13:30"),
        pytest.param("2026-11-16 18:00", Limit(1, "hour"), "2026-11-17 08:00", id="received in the evening"),
        pytest.param("2026-11-16 05:00", Limit(1, "hour"), "2026-11-16 08:00", id="received before opening"),
        pytest.param("2026-11-16 10:30", Limit(1, "hour"), "2026-11-16 11:30", id="ends when the shift ends"),
        pytest.param("2026-11-16 07:00", Limit(Decimal("0.5"), "hour"), "2026-11-16 07:30", id="half an hour"),
        pytest.param("2026-11-16 08:00", workdays(Decimal("0.5")), "2026-11-17 11:00", id="half a working day"),
        pytest.param("2026-11-16 08:00", workdays(Decimal("1.5")), "2026-11-18 11:00", id="a day and a half"),
        pytest.param("2026-11-16 09:00", Limit(5, "day"), "2026-11-23 17:00", id="calendar days ending on Saturday"),
        pytest.param("2023-08-18 09:00", Limit(15, "day"), "2023-09-05 17:00", id="15 days ending on 2 September"),
        pytest.param("2026-01-31 09:00", Limit(1, "month"), "2026-03-02 17:00", id="as if 2 February"),
        pytest.param("2026-01-30 09:00", Limit(1, "month"), "2026-03-02 17:00", id="to the last day, a Saturday"),
        pytest.param("2024-01-31 09:00", Limit(1, "month"), "2024-02-29 17:00", id="to the last day of a leap month"),
        pytest.param("2025-11-14 09:00", Limit(14, "month"), "2027-01-14 17:00", id="over a year"),
        pytest.param("2026-11-23 09:00", workdays(1), "2026-11-25 17:00", id="Vietnamese Culture Day is off"),
    ],
)
def test_due(received: str, limit: Limit, expected: str) -> None:
    assert due(at(received), limit, REAL, CUT_OFF) == at(expected)


def test_fifteen_days_ending_on_a_sunday_holiday_end_after_the_holiday_block() -> None:
    assert due(at("2018-08-18 09:00"), Limit(13, "day"), SUNDAY_HOLIDAY) == at("2018-09-04 17:00")
    assert due(at("2018-08-17 09:00"), Limit(16, "day"), SUNDAY_HOLIDAY) == at("2018-09-04 17:00")


@pytest.mark.parametrize(
    ("eve", "back"),
    [
        ("2022-01-28", "2022-02-07"),
        ("2023-01-19", "2023-01-27"),
        ("2024-02-07", "2024-02-15"),
        ("2025-01-24", "2025-02-03"),
        ("2026-02-13", "2026-02-23"),
        ("2027-02-03", "2027-02-11"),
    ],
)
def test_tet_is_jumped_over(eve: str, back: str) -> None:
    assert due(at(f"{eve} 09:00"), workdays(1), REAL) == at(f"{back} 17:00")
    assert working_days_between(date.fromisoformat(eve), date.fromisoformat(back), REAL) == 1


@pytest.mark.parametrize(
    ("saturday", "day_off"),
    [
        ("2024-05-04", "2024-04-29"),
        ("2025-04-26", "2025-05-02"),
        ("2026-01-10", "2026-01-02"),
        ("2026-08-22", "2026-08-31"),
    ],
)
def test_swapped_saturdays_are_worked_with_mondays_hours(saturday: str, day_off: str) -> None:
    day = date.fromisoformat(saturday)
    assert REAL.is_working(day)
    assert not REAL.is_working(day - timedelta(days=7))
    assert not REAL.is_working(date.fromisoformat(day_off))
    assert due(at(f"{saturday} 09:00"), Limit(4, "hour"), REAL) == at(f"{saturday} 15:00")
    assert due(at(f"{day - timedelta(days=1)} 09:00"), workdays(1), REAL) == at(f"{saturday} 17:00")


def test_a_limit_without_unit_is_never_guessed() -> None:
    with pytest.raises(UnitMissing, match="thiếu đơn vị tính"):
        due(at("2026-11-16 09:00"), Limit(5, None), REAL)
    with pytest.raises(UnitMissing):
        due(at("2026-11-16 09:00"), Limit(0, None), REAL)


@pytest.mark.parametrize("limit", [Limit(-1, "workday"), Limit(Decimal("1.5"), "day"), Limit(Decimal("0.5"), "month")])
def test_a_senseless_limit_is_refused(limit: Limit) -> None:
    with pytest.raises(LimitInvalid):
        due(at("2026-11-16 09:00"), limit, REAL)


def test_a_year_without_calendar_names_the_file_to_add() -> None:
    with pytest.raises(YearMissing, match=r"calendar/2028\.yaml"):
        due(at("2027-12-30 09:00"), workdays(5), REAL)


def test_a_pause_moves_the_date_by_what_was_waited() -> None:
    received, limit = at("2026-11-02 09:00"), workdays(10)
    assert due(received, limit, REAL) == at("2026-11-16 17:00")
    wait = Wait(at("2026-11-04 10:00"), at("2026-11-10 15:00"))
    assert due(received, limit, REAL, CUT_OFF, (wait,)) == at("2026-11-20 17:00")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(8, "hour"), "2026-11-05 15:30"),
        (Limit(20, "day"), "2026-11-26 17:00"),
        (Limit(1, "month"), "2026-12-07 17:00"),
        (TODAY, "2026-11-04 17:00"),
    ],
)
def test_a_pause_is_measured_in_the_unit_of_the_limit(limit: Limit, expected: str) -> None:
    wait = Wait(at("2026-11-02 10:00"), at("2026-11-04 16:30"))
    if limit.unit in {"day", "month"}:
        wait = Wait(at("2026-11-02 10:00"), at("2026-11-06 09:00"))
    assert due(at("2026-11-02 09:00"), limit, REAL, CUT_OFF, (wait,)) == at(expected)


def test_a_promise_made_by_hand_moves_with_a_pause() -> None:
    wait = Wait(at("2026-11-02 10:00"), at("2026-11-05 09:00"))
    assert moved(at("2026-11-12 10:00"), wait, workdays(5), REAL) == at("2026-11-17 10:00")
    assert moved(at("2026-11-12 10:00"), wait, Limit(5, "day"), REAL) == at("2026-11-16 10:00")
    assert moved(at("2026-11-12 10:00"), wait, Limit(9, "hour"), REAL) == at("2026-11-17 09:00")
    nothing = Wait(at("2026-11-02 10:00"), at("2026-11-02 11:00"))
    assert moved(at("2026-11-12 10:00"), nothing, workdays(5), REAL) == at("2026-11-12 10:00")


def course(**changes: object) -> Course:
    """Received Monday 2 November, five working days: due Monday 9 November."""
    known = {
        "started_at": at("2026-11-02 09:00"),
        "limit": workdays(5),
        "due_legal_at": at("2026-11-09 17:00"),
        "due_shown_at": at("2026-11-09 17:00"),
    }
    return Course(**(known | changes))


def judged(now: str = "2026-12-31 09:00", **changes: object) -> tuple[bool, bool, bool]:
    found = verdicts(course(**changes), REAL, CUT_OFF, at(now))
    return found.legal, found.shown, found.qd766


def test_verdicts_of_a_plain_dossier() -> None:
    assert judged(finished_at=at("2026-11-09 17:00")) == (True, True, True)
    assert judged(finished_at=at("2026-11-09 17:01")) == (False, False, False)
    assert judged(now="2026-11-09 16:00") == (True, True, True)
    assert judged(now="2026-11-10 07:00") == (False, False, False)


def test_another_pause_than_a_supplement_does_not_help_766() -> None:
    legal = at("2026-11-13 17:00")
    assert judged(finished_at=at("2026-11-13 10:00"), due_legal_at=legal, due_shown_at=legal) == (True, True, False)


def test_one_supplement_is_forgiven_by_766_and_a_second_is_not() -> None:
    once = Wait(at("2026-11-03 09:00"), at("2026-11-06 09:00"))
    legal = at("2026-11-13 17:00")
    done = {"finished_at": at("2026-11-12 16:00"), "due_legal_at": legal, "due_shown_at": legal}
    assert judged(**done, supplements=(once,)) == (True, True, True)
    late_for_766 = done | {"finished_at": at("2026-11-13 09:00")}
    assert judged(**late_for_766, supplements=(once,)) == (True, True, False)
    twice = Wait(at("2026-11-09 09:00"), at("2026-11-09 10:00"))
    assert judged(finished_at=at("2026-11-05 09:00"), supplements=(once, twice)) == (True, True, False)


def test_a_single_supplement_that_comes_last_is_the_end_for_766() -> None:
    asked_in_time = Wait(at("2026-11-03 09:00"))
    assert judged(now="2027-03-01 09:00", supplements=(asked_in_time,))[2] is True
    asked_too_late = Wait(at("2026-11-10 09:00"))
    assert judged(now="2027-03-01 09:00", supplements=(asked_too_late,))[2] is False


def test_766_takes_finished_before_returned_before_stopped() -> None:
    in_time, late = at("2026-11-06 09:00"), at("2026-12-01 09:00")
    assert judged(finished_at=in_time, returned_at=late, stopped_at=late) == (True, True, True)
    assert judged(returned_at=in_time, stopped_at=late) == (True, True, True)
    assert judged(stopped_at=late) == (False, False, False)


def test_a_new_promise_helps_only_the_promise() -> None:
    promised = at("2026-11-20 17:00")
    assert judged(finished_at=at("2026-11-18 09:00"), due_shown_at=promised) == (False, True, False)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, Light.GREEN), (49, Light.GREEN), (50, Light.YELLOW), (79, Light.YELLOW), (80, Light.RED), (120, Light.RED)],
)
def test_light(share: int, expected: Light) -> None:
    started = at("2026-11-02 09:00")
    now = started + timedelta(minutes=share)
    assert light(now, started, started + timedelta(minutes=100)) == expected
    assert is_late(now, started + timedelta(minutes=100)) is (share > 100)


def test_near_is_the_opening_of_the_working_day_before() -> None:
    assert near_from(at("2026-11-16 17:00"), REAL) == at("2026-11-13 07:00")
    assert near_from(at("2026-11-25 17:00"), REAL) == at("2026-11-23 07:00")


def test_working_minutes_left_counts_office_time_and_turns_negative() -> None:
    assert working_minutes_left(at("2026-11-13 16:30"), at("2026-11-16 08:00"), REAL) == 90
    assert working_minutes_left(at("2026-11-16 08:00"), at("2026-11-13 16:30"), REAL) == -90


def test_a_saturday_desk_works_on_saturday_mornings() -> None:
    police = Calendar(REAL.off, REAL.working, (*OFFICE, Shift(time(7), time(11), frozenset({6}))), REAL.years)
    assert due(at("2026-11-13 16:30"), Limit(1, "hour"), police) == at("2026-11-14 07:30")
    assert police.closing(date(2026, 8, 22)) == at("2026-08-22 17:00")


FIRST, LAST = datetime(2022, 2, 1), datetime(2026, 6, 30)  # noqa: DTZ001 - Hypothesis wants bounds without a zone
MOMENTS = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(tzinfo=VIETNAM))
AMOUNTS = st.integers(0, 60)
HALVES = st.integers(0, 60).map(lambda n: Decimal(n) / 2)
LIMITS = st.one_of(
    st.builds(Limit, HALVES, st.sampled_from(["hour", "workday"])),
    st.builds(Limit, AMOUNTS, st.just("day")),
    st.builds(Limit, st.integers(0, 6), st.just("month")),
    st.just(TODAY),
)
BOUNDED = settings(max_examples=150, deadline=None)


def inside(moment: datetime) -> bool:
    return any(shift.start <= moment.time() <= shift.end for shift in REAL.shifts_on(moment.date()))


@BOUNDED
@given(MOMENTS, LIMITS)
def test_due_is_never_outside_office_hours_nor_before_receipt(received: datetime, limit: Limit) -> None:
    found = due(received, limit, REAL)
    assert inside(found)
    assert found >= received
    if limit.unit in {"day", "month"} or limit.same_day:
        assert found == REAL.closing(found.date())


@BOUNDED
@given(MOMENTS, HALVES, HALVES, st.sampled_from(["hour", "workday"]))
def test_more_time_is_never_due_earlier(received: datetime, one: Decimal, other: Decimal, unit: str) -> None:
    less, more = sorted((one, other))
    assert due(received, Limit(max(less, Decimal("0.5")), unit), REAL) <= due(
        received, Limit(max(more, Decimal("0.5")), unit), REAL
    )


@BOUNDED
@given(MOMENTS, MOMENTS, LIMITS)
def test_received_later_is_never_due_earlier(one: datetime, other: datetime, limit: Limit) -> None:
    first, second = sorted((one, other))
    assert due(first, limit, REAL) <= due(second, limit, REAL)


@BOUNDED
@given(MOMENTS, st.integers(1, 90))
def test_working_days_recounted_by_a_naive_loop(received: datetime, amount: int) -> None:
    start, end = next_open(received, REAL).date(), due(received, workdays(amount), REAL).date()
    counted, day = 0, start
    while day < end:
        day += timedelta(days=1)
        weekend = day.weekday() >= 5 and day not in LOADED.working
        counted += not weekend and day not in LOADED.off
    assert counted == amount
    assert working_days_between(start, end, REAL) == amount
    assert nth_working_day(end, -amount, REAL) == (
        start if REAL.is_working(start) else nth_working_day(start, -1, REAL)
    )


@BOUNDED
@given(MOMENTS, st.integers(0, 4000))
def test_office_time_added_is_office_time_found(start: datetime, minutes: int) -> None:
    end = add_working_time(start, timedelta(minutes=minutes), REAL)
    assert working_time_between(start, end, REAL) == timedelta(minutes=minutes)


@BOUNDED
@given(MOMENTS, LIMITS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_waiting_never_brings_the_date_forward(received: datetime, limit: Limit, after: int, length: int) -> None:
    begin = received + timedelta(minutes=after)
    wait = Wait(begin, begin + timedelta(minutes=length))
    assert due(received, limit, REAL, CUT_OFF, (wait,)) >= due(received, limit, REAL)
