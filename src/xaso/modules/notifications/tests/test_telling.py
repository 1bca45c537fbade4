import json
from pathlib import Path

import pytest

from xaso.core.access import ANONYMOUS, SYSTEM
from xaso.core.accounts import actions as accounts
from xaso.core.accounts import queries as account_queries
from xaso.core.accounts.models import Person
from xaso.core.actions import action
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import events
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.notifications import actions, queries
from xaso.modules.notifications.actions import Contact, notify
from xaso.modules.notifications.definitions import TextFault
from xaso.modules.notifications.events import MessageQueued
from xaso.modules.notifications.handlers import a_message_was_queued, check_providers
from xaso.modules.notifications.models import Message
from xaso.modules.notifications.tests.smtp_server import smtp_server

pytestmark = pytest.mark.django_db
PATH = "26.252.09157."
VALUES = {
    "number": "H62.28.15-261121-0001",
    "procedure": "Đăng ký khai sinh",
    "unit": "UBND xã Ngũ Kiên",
    "due": "16:30 ngày 23/11/2026",
    "address": "http://localhost:8000/portal/dossiers/abc/",
}


@action("notifications.test_tell", "Báo tin thử")
def tell(by, to, /, **options):
    template = options.pop("template", "dossiers.accepted")
    notify(by, to, template, subject="dossiers.Dossier:42", unit_path=PATH, values=VALUES, **options)


@pytest.fixture(autouse=True)
def outgoing(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "outgoing"


@pytest.fixture
def person(lan) -> Person:
    person = Person.objects.get(pk=lan.person_id)
    person.email = "lan@example.vn"
    person.save()
    return person


def lines(folder: Path, channel: str) -> list[dict]:
    return [
        json.loads(line) for file in folder.glob(f"{channel}-*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]


def by_channel() -> dict[str, Message]:
    return {message.channel: message for message in Message.objects.all()}


def test_one_telling_reaches_every_channel(person, outgoing):
    tell(SYSTEM, person)
    assert {channel: message.state for channel, message in by_channel().items()} == {
        "inapp": "sent",
        "sms": "queued",
        "email": "queued",
    }
    deliver_all()
    found = by_channel()
    assert found["sms"].state == found["email"].state == "sent"
    assert found["sms"].provider_ref.startswith("file:sms-")
    sent = lines(outgoing, "sms")
    assert [(one["to"], one["id"]) for one in sent] == [(person.phone, str(found["sms"].uuid))]
    assert VALUES["number"] in sent[0]["body"]
    assert VALUES["address"] in lines(outgoing, "email")[0]["body"]
    assert found["inapp"].link == "/portal/dossiers/abc/"


def test_all_channels_cost_one_insert(person, django_assert_num_queries):
    # transaction, messages, audit entry, deliveries, commit
    with django_assert_num_queries(5):
        tell(SYSTEM, person)


def test_the_file_is_for_its_owner_only(person, outgoing):
    tell(SYSTEM, person)
    deliver_all()
    assert {file.stat().st_mode & 0o777 for file in outgoing.iterdir()} == {0o600}


def test_somebody_without_an_account_is_reached_by_phone_only(db, outgoing):
    tell(SYSTEM, Contact("Bà Tư", "0911111111"))
    assert list(by_channel()) == ["sms"]
    tell(SYSTEM, Person(full_name="Ông Năm", phone="0922222222"))
    deliver_all()
    assert [one["to"] for one in lines(outgoing, "sms")] == ["0911111111", "0922222222"]


def test_under_one_key_it_is_told_once(person):
    for _ in range(2):
        tell(SYSTEM, person, key="dossiers.accepted:42")
    assert Message.objects.count() == 3
    tell(SYSTEM, person, key="x" * 150 + "1")
    tell(SYSTEM, person, key="x" * 150 + "2")
    assert Message.objects.count() == 9


def test_a_missing_value_stops_the_whole_action(person):
    with pytest.raises(TextFault):
        tell(SYSTEM, person, template="payments.short")
    assert not Message.objects.exists()


def test_a_delivery_told_twice_is_sent_once(person, outgoing):
    tell(SYSTEM, person)
    fact = MessageQueued(str(by_channel()["sms"].uuid), "sms")
    for _ in range(3):
        a_message_was_queued(fact)
    assert len(lines(outgoing, "sms")) == 1


def test_a_channel_that_fails_is_recorded_tried_again_and_hinders_no_other(person, outgoing):
    outgoing.write_text("a file where the folder should be")
    tell(SYSTEM, person)
    deliver_all()
    found = by_channel()
    assert found["sms"].state == "failed"
    assert "Không ghi được tệp" in found["sms"].error
    assert found["inapp"].state == "sent"
    assert Delivery.objects.filter(event="notifications.MessageQueued", state="waiting", attempts=1).count() == 2
    outgoing.unlink()
    Delivery.objects.update(next_at=found["sms"].created_at)
    deliver_all()
    assert by_channel()["sms"].state == "sent"
    assert by_channel()["sms"].error == ""


@pytest.fixture
def mail_settings(settings):
    settings.EMAIL_HOST = "127.0.0.1"
    settings.DEFAULT_FROM_EMAIL = "mot-cua@xa.example.vn"
    return settings


def test_mail_goes_through_a_real_server(person, mail_settings):
    with smtp_server() as inbox:
        mail_settings.EMAIL_PORT = inbox.port
        assert check_providers() == []
        tell(SYSTEM, person)
        deliver_all()
    message = by_channel()["email"]
    assert message.state == "sent"
    assert message.provider_ref == f"<{message.uuid}@xa.example.vn>"
    [(to, mail)] = inbox.mails
    assert to == "lan@example.vn"
    assert message.provider_ref in mail
    assert "mot-cua@xa.example.vn" in mail


def test_an_address_refused_for_good_is_not_tried_again(person, mail_settings):
    with smtp_server(refuse="550 no such user") as inbox:
        mail_settings.EMAIL_PORT = inbox.port
        tell(SYSTEM, person)
        deliver_all()
    assert by_channel()["email"].state == "failed"
    assert "550" in by_channel()["email"].error
    assert not Delivery.objects.filter(state="waiting").exists()


def test_a_busy_or_silent_server_is_tried_again(person, mail_settings):
    with smtp_server(refuse="451 later") as inbox:
        mail_settings.EMAIL_PORT = inbox.port
        tell(SYSTEM, person)
        deliver_all()
    assert Delivery.objects.filter(state="waiting", attempts=1).count() == 1
    Delivery.objects.update(next_at=by_channel()["email"].created_at)
    deliver_all()
    assert "Không nối được máy chủ thư" in by_channel()["email"].error
    assert "Không nối được" in check_providers()[0]


def test_a_sign_in_code_reaches_the_phone_and_stays_nowhere_else(db, outgoing):
    code = accounts.request_code(ANONYMOUS, "0987654321")
    digits = account_queries.code_of(str(code.uuid))
    deliver_all()
    [line] = lines(outgoing, "sms")
    assert digits in line["body"]
    assert line["to"] == "0987654321"
    kept = Message.objects.get()
    assert kept.state == "sent"
    assert digits not in kept.body
    assert "••••••" in kept.body
    handler = events.handlers_of("accounts.CodeRequested")[0]
    handler.function(events.unpack("accounts.CodeRequested", Delivery.objects.get().payload))
    assert len(lines(outgoing, "sms")) == 1


def test_a_code_already_used_is_not_sent(db, outgoing):
    code = accounts.request_code(ANONYMOUS, "0987654321")
    accounts.sign_in_with_code(ANONYMOUS, "0987654321", account_queries.code_of(str(code.uuid)))
    deliver_all()
    assert not outgoing.exists()


def test_a_message_is_read_by_its_owner_only(person, lan, nam):
    tell(SYSTEM, person)
    message = by_channel()["inapp"]
    assert queries.unread_count(lan.person_id) == 1
    with pytest.raises(Forbidden):
        actions.mark_read(nam, message)
    actions.mark_read(lan, message)
    first = message.read_at
    actions.mark_read(lan, message)
    assert message.read_at == first
    assert queries.unread_count(lan.person_id) == 0
    assert queries.inbox(lan.person_id).rows == [message]
    assert queries.inbox(nam.person_id).rows == []


def test_only_a_failed_message_is_sent_again(person, quan, minh, outgoing):
    outgoing.write_text("in the way")
    tell(SYSTEM, person)
    deliver_all()
    failed = by_channel()["sms"]
    with pytest.raises(Forbidden):
        actions.resend(minh, failed)
    outgoing.unlink()
    actions.resend(quan, failed)
    deliver_all()
    assert by_channel()["sms"].state == "sent"
    with pytest.raises(Refused, match="tải lại"):
        actions.resend(quan, failed)


def test_the_inbox_page(browser_of, person, lan, nam):
    tell(SYSTEM, person)
    page = browser_of(lan).get("/portal/notifications/")
    assert VALUES["number"] in page.content.decode()
    assert "1 thông báo chưa đọc" in page.content.decode()
    assert len(page.content) < 60_000
    url = f"/portal/notifications/{by_channel()['inapp'].uuid}/doc/"
    assert browser_of(nam).post(url).status_code == 404
    assert browser_of(lan).get(url).status_code == 405
    assert browser_of(lan).post(url, {"open": "1"})["Location"] == "/portal/dossiers/abc/"
    assert "chưa đọc" not in browser_of(lan).get("/portal/notifications/").content.decode()
    assert "Chưa có thông báo nào" in browser_of(nam).get("/portal/notifications/").content.decode()


def test_the_inbox_goes_back_page_by_page(browser_of, person, lan):
    for _ in range(25):
        tell(SYSTEM, person)
    page = browser_of(lan).get("/portal/notifications/").content.decode()
    assert page.count("đã được tiếp nhận</h2>") == 20
    older = page.split('rel="next" href="')[1].split('"')[0]
    assert browser_of(lan).get(f"/portal/notifications/{older}").content.decode().count("đã được tiếp nhận</h2>") == 5
    assert browser_of(lan).get("/portal/notifications/?before=abc").status_code == 200


def test_the_failures_page_is_the_administrators(browser_of, person, quan, minh, tam, outgoing):
    outgoing.write_text("in the way")
    tell(SYSTEM, person)
    deliver_all()
    page = browser_of(quan).get("/desk/notifications/").content.decode()
    assert "Nguyễn Thị Lan" in page
    assert "Không ghi được tệp" in page
    assert browser_of(minh).get("/desk/notifications/").status_code == 403
    outgoing.unlink()
    url = f"/desk/notifications/{by_channel()['sms'].uuid}/gui-lai/"
    assert browser_of(quan).post(url).status_code == 302
    deliver_all()
    assert by_channel()["sms"].state == "sent"
    assert browser_of(quan).post(url).status_code == 404
