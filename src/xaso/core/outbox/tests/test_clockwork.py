"""Jobs by the clock run once, whoever runs them, and a failing one is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from xaso.core.outbox import clockwork, worker
from xaso.core.outbox.models import JobRun
from xaso.kit import clock
from xaso.kit.module import Job

pytestmark = pytest.mark.django_db
EVENING = datetime(2025, 11, 21, 17, 59, 30, tzinfo=UTC)  # 00:59:30 in Vietnam, a day later


@pytest.fixture
def ran():
    return []


@pytest.fixture
def nightly(ran):
    return Job("test.nightly", "0 1 * * *", lambda: ran.append(clock.local(clock.now()).hour))


def test_cron_lines_mean_vietnamese_time():
    assert clockwork.next_due("0 1 * * *", EVENING) == datetime(2025, 11, 21, 18, 0, tzinfo=UTC)
    assert clockwork.next_due("*/15 * * * * *", EVENING) == EVENING + timedelta(seconds=15)


def test_a_job_runs_at_its_time_and_once(nightly, ran):
    with time_machine.travel(EVENING, tick=False) as now:
        clockwork.plan([nightly])
        assert clockwork.run_due([nightly]) == 0
        now.shift(30)
        assert clockwork.run_due([nightly]) == 1
        assert clockwork.run_due([nightly]) == 0
        now.shift(timedelta(days=1))
        assert clockwork.run_due([nightly]) == 1
    assert ran == [1, 1]


def test_a_job_missed_for_days_runs_once_not_once_a_day(nightly, ran):
    with time_machine.travel(EVENING, tick=False) as now:
        clockwork.plan([nightly])
        now.shift(timedelta(days=4))
        assert clockwork.run_due([nightly]) == 1
        assert clockwork.run_due([nightly]) == 0
    assert len(ran) == 1


def test_two_workers_run_a_job_once(ran):
    def take_the_row_too():
        ran.append("first")
        clockwork.run_due([job])

    job = Job("test.shared", "0 1 * * *", take_the_row_too)
    with time_machine.travel(EVENING, tick=False) as now:
        clockwork.plan([job])
        clockwork.plan([job])
        now.shift(60)
        clockwork.run_due([job])
    assert ran == ["first"]


def test_a_failing_job_is_kept_and_does_not_stop_the_next(nightly, ran):
    def fail():
        raise OSError("đĩa đầy")

    jobs = [Job("test.failing", "0 1 * * *", fail), nightly]
    with time_machine.travel(EVENING, tick=False) as now:
        clockwork.plan(jobs)
        now.shift(60)
        assert clockwork.run_due(jobs) == 2
        failed = JobRun.objects.get(name="test.failing")
        assert failed.error == "OSError: đĩa đầy"
        assert failed.due_at > clock.now()
    assert ran == [1]


def test_a_cron_line_changed_to_an_earlier_time_counts_at_once(nightly):
    with time_machine.travel(EVENING, tick=False):
        clockwork.plan([nightly])
        clockwork.plan([Job("test.nightly", "* * * * *", nightly.function)])
        clockwork.plan([nightly])
        assert JobRun.objects.get(name="test.nightly").due_at == EVENING + timedelta(seconds=30)


def test_a_worker_gives_a_sign_of_life():
    assert not worker.is_alive()
    with time_machine.travel(clock.now(), tick=False) as now:
        clockwork.plan([worker.ALIVE])
        now.shift(16)
        clockwork.run_due([worker.ALIVE])
        assert worker.is_alive()
        now.shift(timedelta(minutes=3))
        assert not worker.is_alive()
