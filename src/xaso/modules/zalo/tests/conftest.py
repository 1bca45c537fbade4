"""A simulated official account connected to Ngũ Kiên, with a template, at nine in the morning."""

import time
from datetime import datetime

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.actions import action
from xaso.kit import clock
from xaso.modules.zalo.actions import accounts, queue_template
from xaso.modules.zalo.actions import templates as register
from xaso.modules.zalo.actions.templates import Given
from xaso.modules.zalo.rules import Tokens
from xaso.modules.zalo.tests.processes import Oa

TEXT = "Chào <ten>, hồ sơ <ma_ho_so> đã có kết quả."


@action("test.queue_zalo", "Việc của phép thử")
def _somebodys_action(by, /, *, what):
    return what()


@pytest.fixture(scope="session")
def oa_process():
    with Oa() as running:
        yield running


@pytest.fixture
def oa(oa_process, monkeypatch):
    """Empty, by day, and the environment points at it."""
    oa_process.control("forget")
    oa_process.control("set", night=False, random_expired=0, quota=500, expires=90_000)
    for name, value in oa_process.environment().items():
        monkeypatch.setenv(name, value)
    return oa_process


@pytest.fixture(autouse=True)
def by_day(request):
    """Nine in the morning of this machine's own day: the simulator's clock is the real one."""
    if "real_clock" in request.fixturenames:
        yield
        return
    now = datetime.now(clock.VIETNAM)
    with time_machine.travel(now.replace(hour=9, minute=0, second=0), tick=True):
        yield


@pytest.fixture
def real_clock():
    return None


@pytest.fixture
def connected(oa, quan, ngu_kien):
    pair = oa.control("pair")
    tokens = Tokens(pair["access_token"], pair["refresh_token"], int(pair["expires_in"]))
    return accounts.connect(quan, ngu_kien, tokens=tokens, oa_id="4900000000001", name="Xã Ngũ Kiên")


def given(**more) -> Given:
    values = {
        "code": "ket-qua", "zalo_id": "123456", "title": "Kết quả hồ sơ", "text": TEXT,
        "params": "ten name\nma_ho_so code", "price": 300,
    }  # fmt: skip
    return Given(**values | more)


@pytest.fixture
def template(oa, quan, ngu_kien):
    oa.control("template", id="123456", params={"ten": 30, "ma_ho_so": 30})
    made = register.register_template(quan, ngu_kien, given=given())
    return register.set_template_state(quan, made, state="approved")


@pytest.fixture
def queued(connected, template, ngu_kien, in_action):
    """`queued("0912345601")` is a template message that waits."""
    count = iter(range(1000))

    def make(to="0912345601", **more):
        values = {"ten": "Lan", "ma_ho_so": "H1"}
        asked = {"template": "ket-qua", "values": values, "purpose": "test:1", "key": f"k{next(count)}"} | more
        return in_action(lambda: queue_template(SYSTEM, ngu_kien, to=to, **asked))

    return make


@pytest.fixture
def in_action():
    """Queueing happens inside somebody's action."""
    return lambda what: _somebodys_action(SYSTEM, what=what)


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    return condition()
