# ruff: noqa: DTZ001
"""Prefix sums give the same moments as the rules of deadlines."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.core.deadlines import rules
from xaso.core.deadlines.queries import due_for, part_of
from xaso.demo.office import day_of, iso, moment, office_of, stamp, whole

PATH = "26.09148."
MOMENTS = st.datetimes(datetime(2022, 1, 3), datetime(2025, 11, 30)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=rules.VIETNAM)
)
LIMITS = st.sampled_from(
    [
        rules.Limit(0, "workday", same_day=True),
        rules.Limit(3, "workday"),
        rules.Limit(15, "day"),
        rules.Limit(1, "month"),
        rules.Limit(8, "hour"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS, limit=LIMITS, share=st.integers(0, 100))
def test_due_near_and_part_are_those_of_the_rules(at, limit, share):
    us = moment(at)
    office = office_of(PATH, us)
    due = office.due(us, limit)
    assert whole(due) == due_for(PATH, limit, at)
    part = part_of(PATH, at, whole(due), share)
    assert office.part(us, due, share) == (None if part is None else moment(part))
    assert whole(office.next_open(us)) == rules.next_open(at, office.calendar)
    near = office.near(us, due)
    same_day = rules.next_open(at, office.calendar).date() == whole(due).astimezone(rules.VIETNAM).date()
    assert near == (None if same_day else moment(rules.near_from(whole(due), office.calendar)))


@settings(max_examples=300, deadline=None)
@given(at=MOMENTS, hours=st.integers(0, 60))
def test_adding_and_measuring_office_time(at, hours):
    us = moment(at)
    office = office_of(PATH, us)
    end = rules.add_working_time(at, timedelta(hours=hours), office.calendar)
    assert whole(office.add(us, hours * 3_600_000_000)) == end
    assert timedelta(microseconds=office.between(us, moment(end))) == rules.working_time_between(
        at, end, office.calendar
    )


@pytest.mark.parametrize("at", [datetime(2024, 2, 29, 23, 59, 1), datetime(2024, 3, 1, 0, 0, 0, 600_000)])
def test_moments_as_text(at):
    aware = at.replace(tzinfo=rules.VIETNAM)
    us = moment(aware)
    naive = whole(us).replace(tzinfo=None)
    assert stamp(us) == str(naive)
    assert iso(us) == whole(us).isoformat(timespec="microseconds")
    assert day_of(us) == date(at.year, at.month, at.day)
