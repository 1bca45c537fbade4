"""Both operators' dialects over real HTTP, against simulators that enforce what our notes say."""

import httpx
import pytest

from xaso.core.access import SYSTEM
from xaso.kit.tests.programs import Program
from xaso.modules.sms import carrying
from xaso.modules.sms.models import Sms
from xaso.modules.sms.tests.conftest import queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PARAMS = {"agent": "1", "contract": "2", "template": "3", "label": "4", "username": "u", "cp_code": "CP1"}
MARKED = "Họp thôn lúc 19 giờ."


class Operator(Program):
    def __init__(self, name):
        super().__init__(f"xaso.modules.sms.simulators.{name}")

    @property
    def state(self):
        return httpx.get(f"{self.url}/control/state").json()

    def fault(self, kind):
        httpx.post(f"{self.url}/control/fault", json={"kind": kind})


@pytest.fixture(scope="module", params=["vnpt", "viettel"])
def process(request):
    with Operator(request.param) as operator:
        yield request.param, operator


@pytest.fixture
def operator(process, settings):
    name, made = process
    settings.SMS = {"provider": name, "url": f"{made.url}/send", "user": "xaso", "password": "bi-mat",
                    "sender": "UBND XA", "params": PARAMS}  # fmt: skip
    return made


def sent(unit, text="Hop thon", key="1", to="0912345601"):
    queue(SYSTEM, unit, to=to, text=text, kind="emergency", key=key)
    carrying.carry()
    return Sms.objects.get(key=key)


def test_it_says_that_it_is_a_simulator(operator):
    page = httpx.get(operator.url)
    assert "BỘ GIẢ LẬP" in page.text
    assert page.headers["X-Simulator"] == "XaSo"


@pytest.mark.parametrize(
    ("text", "codings"), [("Hop thon", {"0"}), (MARKED, {"8", "1"}), ('a < b & c > "d" {x}', {"0"})]
)
def test_a_message_is_taken_as_it_was_written(operator, ngu_kien, text, codings):
    one = sent(ngu_kien, text)
    assert (one.state, one.error) == ("handed", "")
    last = operator.state["taken"][-1]
    assert (last["to"], last["text"]) == ("84912345601", text)
    assert last["coding"] in codings


@pytest.mark.parametrize("change", [{"password": "sai"}, {"params": {}}])
def test_a_refusal_is_final_and_quoted(operator, ngu_kien, settings, change):
    settings.SMS = settings.SMS | change
    one = sent(ngu_kien)
    assert one.state == "failed"
    assert one.error.startswith(("VNPT từ chối", "Viettel từ chối"))
    assert "bi-mat" not in one.error


@pytest.mark.parametrize(
    "fault", ["html", "empty", "broken", "huge", "redirect", "list", "deep", "entities", "cut", "lost"]
)
def test_an_answer_that_says_nothing_leaves_a_doubt_and_no_second_message(operator, ngu_kien, fault):
    before = operator.state["asked"]
    operator.fault(fault)
    one = sent(ngu_kien)
    assert one.state == "unknown"
    assert "có thể đã được nhận" in one.error
    carrying.carry()
    assert operator.state["asked"] == before + 1
    assert "root:" not in one.error


def test_a_busy_operator_is_asked_again_later(operator, ngu_kien, noon):
    operator.fault("busy")
    one = sent(ngu_kien)
    assert (one.state, one.attempts) == ("queued", 1)
    assert "bận" in one.error
    assert carrying.carry() == 0
    noon.shift(90)
    assert carrying.carry() == 1
    one.refresh_from_db()
    assert one.state == "handed"


def test_an_operator_that_is_not_there_is_asked_again_and_given_up_in_the_end(operator, ngu_kien, noon, settings):
    settings.SMS = settings.SMS | {"url": "http://127.0.0.1:1/"}
    one = sent(ngu_kien)
    assert one.state == "queued"
    assert "Không nối được" in carrying.ask_how_it_does()
    for _ in range(6):
        noon.shift(90)
        carrying.carry()
    one.refresh_from_db()
    assert (one.state, one.attempts) == ("failed", 6)


def test_a_wrong_address_is_said(operator, ngu_kien, settings):
    settings.SMS = settings.SMS | {"url": "khong-phai-dia-chi"}
    assert "XASO_SMS_URL" in sent(ngu_kien).error
