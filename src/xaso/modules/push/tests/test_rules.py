"""Where notices may be sent to, and what answers mean."""

from datetime import timedelta

import pytest

from xaso.modules.push import rules

GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:DEF-123",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://db5p.notify.windows.com/w/?token=BQYAAA%3d",
    "https://web.push.apple.com/QGuQ",
]
HOSTILE = [
    "http://fcm.googleapis.com/fcm/send/x",
    "https://fcm.googleapis.com.evil.vn/x",
    "https://evil.vn/fcm.googleapis.com",
    "https://fcm.googleapis.com@evil.vn/x",
    "https://evil.vn#fcm.googleapis.com",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/x",
    "https://0x7f000001/x",
    "file:///etc/passwd",
    "gopher://x/y",
    "https://fcm.googleapis.com:22/x",
    "https://fcm.googleapis.com\\@evil.vn/",
    "https://notify.windows.com.evil.vn/x",
    "https://xnotify.windows.com/x",
    "",
    "https://fcm.googleapis.com/" + "x" * 900,
    "https://fcm.googleapis.com/\r\nHost: a",
    "https://fcm.googleapis.com/é",
    "https://fcm.googleapis.com:99999/x",
    "//fcm.googleapis.com/x",
]


@pytest.mark.parametrize("endpoint", GOOD)
def test_known_services_are_asked(endpoint):
    assert not rules.endpoint_fault(endpoint)


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_nobody_chooses_where_our_server_talks_to(endpoint):
    assert rules.endpoint_fault(endpoint)


def test_the_operator_may_add_a_host_and_tests_the_loopback():
    assert rules.endpoint_fault("https://push.tinh.vn/x")
    assert not rules.endpoint_fault("https://push.tinh.vn/x", ["push.tinh.vn"])
    assert not rules.endpoint_fault("http://127.0.0.1:8123/x", loopback=True)
    assert rules.endpoint_fault("http://127.0.0.2:8123/x", loopback=True)


def test_keys_are_a_point_of_the_curve_and_sixteen_bytes():
    generator = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    assert not rules.keys_fault(generator, "A" * 22)
    assert rules.keys_fault(generator[:-4] + "AAAA", "A" * 22)
    assert rules.keys_fault("A" * 87, "A" * 22)
    assert rules.keys_fault(generator, "A" * 10)
    assert rules.keys_fault("", "")
    assert rules.keys_fault("x" * 5000, "ä")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, "handed"), (200, "handed"), (404, "gone"), (410, "gone"), (429, "again"), (503, "again"), (0, "again"),
     (400, "failed"), (403, "failed"), (413, "failed"), (301, "failed")],
)  # fmt: skip
def test_what_an_answer_means(status, outcome):
    assert rules.outcome_of(status) == outcome


def test_waits_grow_and_the_services_wish_counts():
    waits = [rules.wait_after(tries) for tries in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == rules.LONGEST_WAIT
    assert rules.wait_after(1, "600") == timedelta(minutes=10)
    assert rules.wait_after(1, "999999") == rules.LONGEST_WAIT
    assert rules.wait_after(1, "Wed, 21 Oct") == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("agent", "name"),
    [("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/130 Mobile Safari/537", "Chrome trên Android"),
     ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit Version/18 Safari/605", "Safari trên iPhone"),
     ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari/537 Edg/130", "Edge trên Windows"),
     ("", "Trình duyệt")],
)  # fmt: skip
def test_a_device_is_recognised(agent, name):
    assert rules.device_name(agent) == name
