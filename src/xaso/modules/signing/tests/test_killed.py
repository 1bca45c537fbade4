"""A worker is killed between the hash and the signature value: another finishes, with the same hash."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from xaso.core.outbox import actions as outbox
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.signing import rules
from xaso.modules.signing.models import Prepared, Request
from xaso.modules.signing.providers import PROVIDERS
from xaso.modules.signing.tests.papers import SoftKey
from xaso.modules.signing.tests.slow_hands import SlowHands
from xaso.modules.signing.tests.test_requests import ask, verdicts

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
PATIENCE = 60


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(0.1)


@pytest.fixture
def hands(pki, tmp_path, of_hoa):
    made = SlowHands(tmp_path, SoftKey(pki, "hoa"))
    PROVIDERS.add("slow", made)
    type(of_hoa).objects.filter(pk=of_hoa.pk).update(provider="slow")
    of_hoa.refresh_from_db()
    yield made
    del PROVIDERS._parts["slow"]


@pytest.fixture
def killed_while_asking(transactional_db, hands, pki, tmp_path, hoa, ngu_kien, of_hoa, paper):
    """The request of a worker that died while the provider had the hash."""
    request = ask(hoa, ngu_kien, paper, of_hoa)
    (tmp_path / "hang").touch()
    command = [sys.executable, "-m", "xaso.modules.signing.tests.other_worker"]
    places = [str(connection.settings_dict["NAME"]), tmp_path, pki.key_file("hoa"), pki.certificate_file("hoa")]
    around = {**os.environ, "XASO_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    worker = subprocess.Popen([*command, *map(str, places)], env=around, stderr=subprocess.DEVNULL)
    try:
        until(lambda: len(hands.asked()) == 1)
    finally:
        worker.kill()
        worker.wait()
    (tmp_path / "hang").unlink()
    assert Delivery.objects.get().state == "running"
    assert Prepared.objects.get().value == b""
    return request


def test_another_worker_finishes_with_the_same_hash(killed_while_asking, hands, pki):
    request = killed_while_asking
    hands.say("signed")
    assert outbox.deliver_due() == 0
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.deliver_all()
    request.refresh_from_db()
    assert request.state == rules.SIGNED
    assert verdicts(request.signed_file, pki) == {"ky_ca_nhan": True}
    first, second = hands.asked()
    assert first == second, "the same request with the same hash: one signature for the provider"
    assert not Prepared.objects.exists()


def test_or_the_signer_says_no_and_it_ends_cleanly(killed_while_asking, hands):
    request = killed_while_asking
    hands.say("refused")
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.deliver_all()
    request.refresh_from_db()
    assert (request.state, request.signed_file) == (rules.REFUSED, None)
    assert not Prepared.objects.exists()
    assert not Request.objects.filter(state__in=rules.OPEN).exists()
