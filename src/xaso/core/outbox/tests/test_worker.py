"""Real worker processes on a real database, killed and doubled."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.outbox import actions as outbox
from xaso.core.outbox.models import Delivery
from xaso.core.outbox.tests import happenings
from xaso.core.outbox.tests.happenings import effects, happen, happen_deadly, happen_many, happen_slowly
from xaso.core.outbox.worker import Worker
from xaso.kit import clock

PATIENCE = 40


def test_one_turn_delivers_and_seals(db):
    happen(SYSTEM, None, what="good")
    assert Worker([]).turn()
    assert effects("good") == 1
    assert not Entry.objects.filter(position=None).exists()


def test_an_idle_turn_writes_nothing(db, django_assert_max_num_queries):
    worker = Worker([])
    with django_assert_max_num_queries(3) as captured:
        assert not worker.turn()
    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.05)


@pytest.fixture
def notebook(tmp_path):
    return tmp_path / "notebook"


@pytest.fixture
def start_worker(transactional_db, notebook):
    started = []

    def start(slow=0):
        name = str(connection.settings_dict["NAME"])
        surroundings = {**os.environ, happenings.NOTEBOOK: str(notebook), happenings.SLOW: str(slow)}
        surroundings["PYTHONPATH"] = os.pathsep.join(sys.path)
        command = [sys.executable, "-m", "xaso.core.outbox.tests.other_worker", name]
        started.append(subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.long
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(start_worker, notebook, monkeypatch):
    happen_slowly(SYSTEM, None, what="slow")
    victim = start_worker(slow=PATIENCE)
    until(lambda: notebook.exists() and "begun" in notebook.read_text())
    victim.kill()
    victim.wait()
    assert Delivery.objects.get().state == "running"
    assert effects("slow") == 0
    monkeypatch.setenv(happenings.NOTEBOOK, str(notebook))
    assert outbox.deliver_due() == 0
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.deliver_due() == 1
    assert effects("slow") == 1
    assert Delivery.objects.get().state == "done"


@pytest.mark.long
def test_what_kills_every_worker_is_left_for_a_person(start_worker, notebook, monkeypatch):
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 2)
    happen_deadly(SYSTEM, None, what="deadly")
    happen(SYSTEM, None, what="next")
    for attempt in (1, 2):
        worker = start_worker()
        assert worker.wait(PATIENCE) == -signal.SIGKILL
        deadly = Delivery.objects.get(handler__endswith="it_kills_its_worker")
        assert (deadly.state, deadly.attempts) == ("running", attempt)
        Delivery.objects.filter(pk=deadly.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    assert notebook.read_text() == "begun\n" * 2
    # A third claim would kill this very process.
    outbox.deliver_all()
    deadly.refresh_from_db()
    assert (deadly.state, deadly.attempts, deadly.lease_until) == ("stuck", 2, None)
    assert "đã chết 2 lần giữa chừng" in deadly.error
    assert effects("deadly") == 0
    assert effects("next") == 1
    assert outbox.deliver_due() == 0


@pytest.mark.long
def test_two_workers_share_the_work_without_doubling(start_worker):
    happen_many(SYSTEM, None, what="good", times=150)
    workers = [start_worker(), start_worker()]
    until(lambda: not Delivery.objects.exclude(state="done").exists())
    assert effects("good") == effects("good-broken") == 150
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0


@pytest.mark.long
def test_a_worker_asked_to_stop_finishes_what_it_delivers(start_worker, notebook):
    happen_slowly(SYSTEM, None, what="slow")
    happen(SYSTEM, None, what="next")
    worker = start_worker(slow=1)
    until(lambda: notebook.exists() and "begun" in notebook.read_text())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert effects("slow") == 1
    assert effects("next") == 0
