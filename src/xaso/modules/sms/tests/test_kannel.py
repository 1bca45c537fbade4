"""Through a real Kannel: words, receipts by callback in any order, answers of residents; and what may be forged."""

import base64
import os
import time
import uuid

import pytest

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.modules.audiences.models import Consent
from xaso.modules.sms import actions, carrying
from xaso.modules.sms.models import Received, Sms
from xaso.modules.sms.providers.kannel import receipt_url
from xaso.modules.sms.providers.tokens import receipt_token
from xaso.modules.sms.tests import kannel
from xaso.modules.sms.tests.conftest import queue, queue_many

LONG = (
    "Kính mời bà con đến Nhà văn hoá thôn lúc 19 giờ 30 ngày 25/11 để họp bàn việc làm đường, bàn giao giống lúa mới."
)


def until(condition, what):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


@pytest.fixture
def gateway(tmp_path, live_server, settings):
    if not kannel.is_here():
        if "kannel" in os.environ.get("XASO_REQUIRE", ""):
            pytest.fail("Kannel is not installed")
        pytest.skip("Kannel is not installed")
    with kannel.kannel(tmp_path, live_server.url) as made:
        settings.SMS = made.settings(live_server.url)
        yield made


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_there_and_back_through_kannel(gateway, ngu_kien):
    queue_many(SYSTEM, ngu_kien, [f"849123456{n:02d}" for n in range(20)], text="Moi hop thon 19h30")
    one = queue(SYSTEM, ngu_kien, to="0987654321", text=LONG, kind="emergency", purpose="test:2")
    assert carrying.carry(seconds=60) == 21
    until(lambda: Sms.objects.filter(state="delivered").count() == 21, gateway.logs)
    one.refresh_from_db()
    assert one.parts == 2
    assert "Moi hop thon 19h30" in gateway.arrived()
    assert "%05%00%03" in gateway.arrived()
    gateway.say("+84987654321", "TU CHOI")
    until(lambda: Consent.objects.filter(phone="84987654321", given=False).exists(), gateway.logs)
    deliver_all()
    answer = Sms.objects.get(purpose__startswith="sms.Received:")
    until(lambda: Sms.objects.get(pk=answer.pk).state == "delivered", gateway.logs)
    assert kannel.PASSWORD not in (gateway.folder / "access.log").read_text(errors="replace")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_at_kannel_is_tried_later(gateway, ngu_kien, settings):
    settings.SMS = {**settings.SMS, "password": "sai"}
    queue(SYSTEM, ngu_kien, to="0987654321", kind="emergency")
    carrying.carry()
    one = Sms.objects.get()
    assert one.state == "queued"
    assert "tài khoản" in one.error
    assert one.due_at > one.created_at
    assert carrying.ask_how_it_does() == ""


@pytest.fixture
def handed(db, ngu_kien, settings):
    settings.SMS = {"provider": "kannel", "inbound_secret": "bi-mat"}
    one = queue(SYSTEM, ngu_kien, to="0987654321", kind="emergency")
    actions.claim(SYSTEM, one, provider="kannel", mark="m", limit=1)
    actions.record_answers(SYSTEM, one, mark="m", answers=[actions.Answer(one.pk, (str(one.uuid),))])
    return one


def report(client, one, kind, token=None):
    path = receipt_url("", str(one.uuid)).replace("%d", str(kind))
    return client.get(path if token is None else path.replace(receipt_token(str(one.uuid)), token))


@pytest.mark.parametrize(
    ("kinds", "state"),
    [([8, 1], "delivered"), ([1, 8], "delivered"), ([1, 1, 1], "delivered"), ([8, 4, 2], "failed"), ([16], "failed"),
     ([1, 2], "delivered"), ([2, 1], "failed"), ([8], "handed"), ([4, 8], "handed")],
)  # fmt: skip
def test_callbacks_in_any_order_settle_once(client, handed, kinds, state):
    for kind in kinds:
        assert report(client, handed, kind).status_code == 200
    handed.refresh_from_db()
    assert handed.state == state


@pytest.mark.parametrize("token", ["0" * 32, "", "x", receipt_token(str(uuid.UUID(int=7)))])
def test_a_forged_callback_changes_nothing(client, handed, token):
    assert report(client, handed, 1, token).status_code in (401, 404)
    handed.refresh_from_db()
    assert handed.state == "handed"


@pytest.mark.parametrize("kind", ["", "3", "abc", "1;2", "999999999999"])
def test_a_callback_of_no_known_type_changes_nothing(client, handed, kind):
    assert report(client, handed, kind).status_code == 400
    handed.refresh_from_db()
    assert handed.state == "handed"


def test_a_token_of_one_message_opens_no_other(client, handed, ngu_kien):
    other = queue(SYSTEM, ngu_kien, to="0987654320", kind="emergency", key="other")
    assert report(client, other, 1, receipt_token(str(handed.uuid))).status_code == 401


def password(secret):
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(f"kannel:{secret}".encode()).decode()}


IN = "/api/v1/sms/kannel/received"


def test_a_residents_message_comes_in_once(client, handed):
    asked = {"from": "+84912345601", "to": "8088", "text": "Đèn đường hỏng", "coding": "0", "ref": "7"}
    for _ in range(3):
        assert client.get(IN, asked, **password("bi-mat")).status_code == 200
    row = Received.objects.get()
    assert (row.sender, row.text, row.meaning) == ("84912345601", "Đèn đường hỏng", "other")


def test_unicode_as_kannel_sends_it_is_read(client, handed):
    raw = "".join(f"%{byte:02X}" for byte in "Từ chối".encode("utf-16-be"))
    assert client.get(f"{IN}?from=84912345601&text={raw}&coding=2&ref=8", **password("bi-mat")).status_code == 200
    assert Received.objects.get().meaning == "stop"


@pytest.mark.parametrize("headers", [{}, password("sai"), password(""), {"HTTP_AUTHORIZATION": "Basic !!!"},
                                     {"HTTP_AUTHORIZATION": "Bearer bi-mat"}])  # fmt: skip
def test_without_the_password_nothing_comes_in(client, handed, headers):
    assert client.get(IN, {"from": "84912345601", "text": "TU CHOI"}, **headers).status_code == 401
    assert not Received.objects.exists()


def test_without_a_secret_the_door_is_shut(client, handed, settings):
    settings.SMS = {"provider": "kannel"}
    assert client.get(IN, {"from": "84912345601", "text": "x"}, **password("")).status_code == 401


def test_hostile_messages_are_kept_short_or_refused(client, handed):
    ask = password("bi-mat")
    assert client.get(IN, {"from": "", "text": "x"}, **ask).status_code == 400
    assert client.get(IN, {"from": "1", "text": "x" * 9000}, **ask).status_code == 413
    for number, sender in enumerate(["VNPT", "1414", "'; drop table", "849" * 20]):
        assert client.get(IN, {"from": sender, "text": "TU CHOI", "ref": str(number)}, **ask).status_code == 200
    assert Received.objects.count() == 4
    assert not Consent.objects.exists()
    assert Sms.objects.count() == 1


def test_a_machine_that_answers_our_answers_is_left_alone(client, handed):
    for number in range(12):
        client.get(IN, {"from": "84912345601", "text": "TC", "ref": str(number)}, **password("bi-mat"))
    assert Sms.objects.filter(purpose__startswith="sms.Received:").count() == 5
    assert Consent.objects.count() == 12
