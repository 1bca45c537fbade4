"""Short messages through the gateway: in the queue once, codes unreadable, what did not arrive among the failures."""

import json
from datetime import UTC, datetime

import pytest
import time_machine

from xaso.core.access import ANONYMOUS, SYSTEM
from xaso.core.accounts import actions as accounts
from xaso.core.accounts import queries as account_queries
from xaso.core.accounts.models import Person
from xaso.core.audit.models import Entry
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.modules.notifications import actions
from xaso.modules.notifications.actions import Contact
from xaso.modules.notifications.handlers import check_providers
from xaso.modules.notifications.models import Message
from xaso.modules.notifications.tests.test_telling import tell
from xaso.modules.sms import actions as sms
from xaso.modules.sms.models import Sms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outgoing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMS = {"provider": "file"}
    return tmp_path / "outgoing"


def sent(folder):
    return [json.loads(line) for file in folder.glob("sms-*.jsonl") for line in file.read_text("utf-8").splitlines()]


def test_a_message_goes_through_the_queue_once(outgoing, ngu_kien, noon_hours):
    tell(SYSTEM, Contact("Bà Tư", "0911111111"))
    deliver_all()
    one, message = Sms.objects.get(), Message.objects.get()
    assert (one.phone, one.kind, one.unit, one.text) == ("84911111111", "service", ngu_kien, message.body)
    assert message.provider_ref == f"sms:{one.uuid}"
    assert [line["to"] for line in sent(outgoing)] == ["84911111111"]


def test_a_number_that_is_none_is_a_failure_with_a_sentence(ngu_kien):
    tell(SYSTEM, Contact("Bà Tư", "0211388888"))
    deliver_all()
    message = Message.objects.get()
    assert message.state == "failed"
    assert "máy bàn" in message.error
    assert not Delivery.objects.filter(state="waiting").exists()


def test_a_code_is_unreadable_wherever_it_lies(outgoing):
    code = accounts.request_code(ANONYMOUS, "0987654321")
    digits = account_queries.code_of(str(code.uuid))
    deliver_all()
    assert digits in sent(outgoing)[0]["body"]
    rows = [list(table.objects.values()) for table in (Sms, Message, Entry, Delivery)]
    assert digits not in json.dumps(rows, default=str)
    one = Sms.objects.get()
    assert (one.kind, one.is_secret, one.text, one.sealed) == ("code", True, "", "")


def test_what_did_not_arrive_is_sent_again_by_a_person(outgoing, ngu_kien, quan, noon_hours):
    tell(SYSTEM, Person(full_name="Ông Năm", phone="0922222222"))
    deliver_all()
    one = Sms.objects.get()
    sms.take_receipts(SYSTEM, None, provider="file", heard=[sms.Heard(f"file-{one.uuid}", "failed", "")])
    deliver_all()
    message = Message.objects.get()
    assert (message.state, "Nhà mạng" in message.error) == ("failed", True)
    actions.resend(quan, message)
    deliver_all()
    message.refresh_from_db()
    one.refresh_from_db()
    assert (message.state, one.state, len(sent(outgoing))) == ("sent", "handed", 2)


def test_a_gateway_that_is_down_is_said(settings):
    settings.SMS = {"provider": "smpp"}
    assert check_providers() == []
    sms.report_gateway(SYSTEM, None, provider="smpp", state="down", said="Mất kết nối.")
    assert check_providers() == ["Tổng đài SMS không hoạt động: Mất kết nối."]


@pytest.fixture
def noon_hours():
    with time_machine.travel(datetime(2026, 11, 20, 5, tzinfo=UTC)):
        yield
