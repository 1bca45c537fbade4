"""The chain of tokens: one refresh whoever asks, both tokens kept together, and what happens when it breaks."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.tests.programs import SOURCE
from xaso.modules.zalo import jobs, tokens
from xaso.modules.zalo.actions import accounts, queue_text
from xaso.modules.zalo.models import Account, Follower, Message
from xaso.modules.zalo.module import chains_that_broke
from xaso.modules.zalo.providers import ChainBroken, ZaloFailed
from xaso.modules.zalo.sealing import opened, seal
from xaso.modules.zalo.tests.conftest import until


def ends_now():
    Account.objects.update(access_until=clock.machine_now())


@pytest.mark.django_db
def test_a_token_that_works_is_used_without_asking(connected, oa):
    token = tokens.access_token(connected)
    assert token == opened(Account.objects.get().access_sealed)
    assert oa.state["calls"] == []


@pytest.mark.django_db
def test_before_its_end_it_is_refreshed_and_both_are_kept(connected, oa):
    before = Account.objects.get()
    ends_now()
    token = tokens.access_token(connected)
    after = Account.objects.get()
    assert opened(after.access_sealed) == token != opened(before.access_sealed)
    assert opened(after.refresh_sealed) != opened(before.refresh_sealed)
    assert after.generation == before.generation + 1
    assert after.lease_until is None
    assert oa.state["refreshes"] == 1
    assert timedelta(hours=24) < after.access_until - clock.machine_now() <= timedelta(hours=25)


@pytest.mark.django_db
def test_the_job_refreshes_hours_before_the_end(connected, oa):
    assert jobs.refresh_soon() == 0
    Account.objects.update(access_until=clock.machine_now() + timedelta(hours=5))
    assert jobs.refresh_soon() == 1
    assert jobs.refresh_soon() == 0
    assert oa.state["refreshes"] == 1


@pytest.mark.django_db
def test_at_rest_no_token_is_readable(connected, settings):
    row = Account.objects.values().get()
    token = opened(row["access_sealed"])
    assert token.startswith("a-")
    assert token not in str(row)
    settings.ZALO_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    assert opened(seal("x")) == "x"
    with pytest.raises(ChainBroken, match="Khoá mã hoá đã đổi"):
        tokens.access_token(connected)
    assert Account.objects.get().state == "broken"


@pytest.mark.django_db
def test_a_used_refresh_token_breaks_the_chain_and_a_person_is_told(connected, oa):
    oa.control("revoke")
    ends_now()
    with pytest.raises(ChainBroken):
        tokens.access_token(connected)
    account = Account.objects.get()
    assert account.state == "broken"
    assert "Một người phải cấp quyền lại" in account.error
    assert any("cấp quyền lại" in said for said in chains_that_broke())
    assert Delivery.objects.filter(event="zalo.ZaloChainBroken").count() <= 1
    calls = len(oa.state["calls"])
    with pytest.raises(ChainBroken):
        tokens.access_token(connected)
    assert jobs.refresh_soon() == 0
    assert len(oa.state["calls"]) == calls


@pytest.mark.django_db
def test_the_answer_to_a_refresh_lost_on_the_way_breaks_the_chain_honestly(connected, oa):
    """Zalo used the token up and its answer never came: no lock helps; the next try hears -14020."""
    ends_now()
    oa.fault("/v4/oa/access_token", "cut")
    with pytest.raises(ZaloFailed) as lost:
        tokens.access_token(connected)
    assert lost.value.unsure
    assert Account.objects.get().state == "connected"
    assert Account.objects.get().error
    with pytest.raises(ChainBroken):
        tokens.access_token(connected)


@pytest.mark.django_db
def test_zalo_out_of_order_breaks_nothing(connected, oa):
    ends_now()
    oa.fault("/v4/oa/access_token", "http", code=502, times=1)
    with pytest.raises(ZaloFailed):
        tokens.access_token(connected)
    assert tokens.access_token(connected)
    assert oa.state["refreshes"] == 1
    assert Account.objects.get().error == ""


@pytest.mark.django_db
def test_a_worker_that_died_refreshing_leaves_a_lease_that_runs_out(connected, oa, monkeypatch):
    ends_now()
    assert accounts.begin_refresh(SYSTEM, connected, generation=connected.generation)
    assert not accounts.begin_refresh(SYSTEM, connected, generation=connected.generation)
    monkeypatch.setattr(tokens, "PATIENCE", 0.3)
    with pytest.raises(ZaloFailed) as busy:
        tokens.access_token(connected)
    assert busy.value.again
    Account.objects.update(lease_until=clock.machine_now())
    assert tokens.access_token(connected)


@pytest.mark.django_db
def test_who_comes_late_with_a_pair_does_not_overwrite_a_newer_one(connected, oa):
    from xaso.modules.zalo.rules import Tokens

    old = connected.generation
    ends_now()
    tokens.access_token(connected)
    kept = Account.objects.get().access_sealed
    assert not accounts.save_tokens(SYSTEM, connected, tokens=Tokens("late", "late", 90_000), generation=old)
    assert Account.objects.get().access_sealed == kept


@pytest.mark.django_db
def test_an_expired_token_is_refreshed_once_and_the_message_goes(queued, oa):
    oa.control("expire")
    message = queued()
    deliver_all()
    message.refresh_from_db()
    assert message.state == "sent"
    assert oa.state["refreshes"] == 1
    assert oa.state["calls"].count("/message/template") == 2


@pytest.mark.django_db
def test_revoked_by_a_person_the_words_go_by_sms_and_the_next_ones_at_once(queued, oa):
    from xaso.modules.sms.models import Sms

    oa.control("revoke")
    first = queued(fallback_text="Ho so da co ket qua.")
    deliver_all()
    first.refresh_from_db()
    assert first.state == "fell_back"
    second = queued(fallback_text="Ho so da co ket qua (2).")
    assert second.state == "fell_back"
    assert Sms.objects.count() == 2
    assert Account.objects.get().state == "broken"


# Several at once


class Other:
    """Another worker, as a process."""

    def __init__(self, what: str) -> None:
        command = [sys.executable, "-m", "xaso.modules.zalo.tests.other_worker"]
        name = str(connection.settings_dict["NAME"])
        paths = os.pathsep.join(filter(None, (str(SOURCE), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [*command, name, what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip

    def wait_ready(self) -> None:
        assert self.process.stdout.readline().strip() == "ready"

    def go(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def said(self) -> str:
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()


@pytest.fixture
def others(real_clock):
    """`others("job", "job")`: that many processes, ready."""
    running: list[Other] = []

    def start(*what):
        running.extend(Other(one) for one in what)
        for one in running:
            one.wait_ready()
        return running

    yield start
    for one in running:
        one.stop()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["refresh", "job"])
def test_two_processes_refresh_at_once_and_zalo_is_asked_once(connected, oa, others, what):
    ends_now()
    generation = Account.objects.get().generation
    oa.fault("/v4/oa/access_token", "slow", seconds=1.0, times=2)
    running = others(what, what)
    for one in running:
        one.go()
    said = [one.said() for one in running]
    state = oa.state
    assert (state["refreshes"], state["refused_refreshes"]) == (1, 0)
    account = Account.objects.get()
    assert (account.generation, account.state) == (generation + 1, "connected")
    if what == "refresh":
        assert set(said) == {opened(account.access_sealed)}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_workers_with_an_expired_token_refresh_once(connected, oa, others, ngu_kien, in_action):
    """Real workers, real deliveries: Zalo turns both away, one refreshes, every message leaves once."""
    users = [f"u-{number}" for number in range(12)]
    for user in users:
        oa.control("follower", user=user)
        Follower.objects.create(account=connected, user=user, wrote_at=clock.now())
        in_action(lambda user=user: queue_text(SYSTEM, ngu_kien, user=user, text="Chào", purpose="", key=user))
    oa.control("expire")
    oa.fault("/v4/oa/access_token", "slow", seconds=0.5, times=5)
    others("worker", "worker")
    assert until(lambda: not Message.objects.exclude(state="sent").exists(), 40), oa.state
    state = oa.state
    assert (state["refreshes"], state["refused_refreshes"]) == (1, 0)
    assert sorted(one["user"] for one in state["sent"]) == sorted(users)


@pytest.mark.django_db(transaction=True)
def test_while_zalo_is_slow_everybody_else_writes_on(connected, oa, ngu_kien, real_clock):
    """The lock is not held while Zalo is asked: on SQLite nobody could write meanwhile."""
    ends_now()
    oa.fault("/v4/oa/access_token", "slow", seconds=2.0)

    def ask():
        tokens.access_token(connected)
        connections.close_all()

    asking = threading.Thread(target=ask)
    asking.start()
    assert until(lambda: Account.objects.get().lease_until is not None)
    began = time.monotonic()
    Account.objects.update(name="Đổi tên trong lúc đó")
    assert time.monotonic() - began < 1
    assert asking.is_alive()
    asking.join(20)
    account = Account.objects.get()
    assert (account.name, oa.state["refreshes"]) == ("Đổi tên trong lúc đó", 1)
