"""The service as a process of its own: ten thousand messages, killed in mid-window, the SMSC killed in mid-window."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection

from xaso.core.access import SYSTEM
from xaso.modules.sms import queries as sms
from xaso.modules.sms.models import Gateway, Part, Receipt
from xaso.modules.sms.tests.conftest import queue_many
from xaso.modules.sms.tests.smsc import smsc

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
PATIENCE = 420
WORDS = "Thông báo: ngày 25/11 xã tổ chức tiêm vắc-xin phòng bệnh cho đàn gia súc."


def until(condition, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not in time: {sms.outcomes('test:1')}"
        time.sleep(0.1)
    return found


def phones(count):
    """Every fiftieth number cannot be reached, every fiftieth is switched off for too long."""
    ends = {0: "99", 1: "98"}
    return [f"84{90 + n // 100_000:02d}{n % 100_000:05d}{ends.get(n % 50, '01')}" for n in range(count)]


@contextmanager
def service(gateway, folder, **more):
    around = {
        **os.environ, "XASO_DATA": str(folder), "PYTHONPATH": os.pathsep.join(sys.path), "XASO_SMS": "smpp",
        "XASO_SMS_URL": gateway.url, "XASO_SMS_USER": "xaso", "XASO_SMS_PASSWORD": "bi-mat",
        "XASO_SMS_SENDER": "UBND XA", **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "xaso.modules.sms.tests.smpp_process", str(connection.settings_dict["NAME"])]
    process = subprocess.Popen(command, env=around)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


@pytest.fixture
def start(peer):
    """`peer`, only for its skipping when Node is not here."""
    return peer


def told(outcome):
    return outcome.delivered, outcome.failed, outcome.expired


def test_ten_thousand_vietnamese_messages_are_each_counted_once(start, tmp_path, ngu_kien):
    gateway = start(receipts="shuffled", twice_every=3, throttle_every=997, ids="hex-decimal")
    assert queue_many(SYSTEM, ngu_kien, phones(10_000), text=WORDS) == 10_000
    assert queue_many(SYSTEM, ngu_kien, phones(10_000), text=WORDS) == 0
    with service(gateway, tmp_path, XASO_SMS_IDS="hex"):
        until(lambda: told(sms.outcomes("test:1")) == (9_600, 200, 200))
        state = gateway.state
    found = sms.outcomes("test:1")
    assert (found.total, found.unknown, found.handed, found.queued) == (10_000, 0, 0, 0)
    parts = sms.segments(WORDS).parts
    assert (found.parts, found.cost) == (10_000 * parts, 10_000 * parts * 700)
    assert state["accepted"] == 10_000 * parts
    assert state["most_open"] <= 10
    assert state["acknowledged"] > state["accepted"]
    assert Counter(Part.objects.values_list("state", flat=True))["delivered"] == 9_600 * parts
    assert not Receipt.objects.exists()
    arrived = Counter(message["to"] for message in gateway.messages)
    assert set(arrived.values()) == {parts}


def test_a_service_killed_in_mid_window_sends_nothing_twice(start, tmp_path, ngu_kien):
    gateway = start(answer_after=15)
    queue_many(SYSTEM, ngu_kien, phones(600))
    with service(gateway, tmp_path) as process:
        until(lambda: gateway.state["accepted"] >= 200)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    with service(gateway, tmp_path):
        until(lambda: sms.outcomes("test:1").queued == 0)
    found = sms.outcomes("test:1")
    assert found.handed + found.unknown == 600
    assert 0 < found.unknown <= 120
    arrived = Counter(message["to"] for message in gateway.messages)
    assert set(arrived.values()) == {1}
    assert len(arrived) >= found.handed


def test_a_service_told_to_stop_leaves_no_doubt(start, tmp_path, ngu_kien):
    gateway = start(answer_after=15)
    queue_many(SYSTEM, ngu_kien, phones(400))
    with service(gateway, tmp_path) as process:
        until(lambda: gateway.state["accepted"] >= 100)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    found = sms.outcomes("test:1")
    assert found.unknown == 0
    assert found.handed == gateway.state["accepted"]
    assert found.handed + found.queued == 400
    assert gateway.state["unbinds"] == 1
    assert Gateway.objects.get().state == "off"


def test_an_smsc_killed_in_mid_window_is_found_again(start, tmp_path, ngu_kien):
    gateway = start(answer_after=15)
    queue_many(SYSTEM, ngu_kien, phones(500))
    with service(gateway, tmp_path):
        until(lambda: gateway.state["accepted"] >= 100)
        before = Counter(message["to"] for message in gateway.messages)
        gateway.kill()
        until(lambda: Gateway.objects.get().state == "down")
        with smsc(port=gateway.port, receipts="shuffled") as back:
            until(lambda: sms.outcomes("test:1").queued == 0)
            after = Counter(message["to"] for message in back.messages)
            until(lambda: sum(told(sms.outcomes("test:1"))) == len(after))
    found = sms.outcomes("test:1")
    assert 0 < found.unknown <= 10
    assert Gateway.objects.get().reconnects == 1
    assert not before.keys() & after.keys()
    assert found.unknown + found.handed + sum(told(found)) == 500
