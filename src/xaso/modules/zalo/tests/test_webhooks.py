"""Notices of Zalo: forged, changed, late, replayed, slow, doubled; and what each of them moves."""

import hashlib
import json
import time

import pytest

from xaso.core.audit.models import Entry as Audit
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.audiences.models import Consent, Contact
from xaso.modules.zalo import queries
from xaso.modules.zalo.models import Follower, Message, Notice, Received
from xaso.modules.zalo.simulators.account import Settings
from xaso.modules.zalo.simulators.telling import body_of, signed
from xaso.modules.zalo.tests.conftest import until

HOOK = "/api/v1/zalo/webhook"
SIMULATED = Settings()


@pytest.fixture(autouse=True)
def by_day(real_clock):
    """Notices carry the machine's own time."""


def post(client, raw: bytes, signature: str):
    return client.post(HOOK, raw, content_type="application/json", headers={"X-ZEvent-Signature": signature})


def tell(client, **given):
    body = body_of(SIMULATED, given)
    raw = json.dumps(body, ensure_ascii=False).encode()
    return post(client, raw, signed(SIMULATED, raw, body["timestamp"]))


def letter(**given) -> tuple[bytes, str]:
    body = body_of(SIMULATED, {"kind": "text", "user": "u-1", "text": "Đèn đường hỏng"} | given)
    raw = json.dumps(body, ensure_ascii=False).encode()
    return raw, signed(SIMULATED, raw, body["timestamp"])


@pytest.mark.django_db
def test_a_message_is_taken_and_understood_later(client, connected):
    answer = tell(client, kind="text", user="u-1", text="Đèn đường thôn 3 hỏng")
    assert (answer.status_code, answer.json()["new"]) == (200, True)
    assert not Received.objects.exists()
    deliver_all()
    received = Received.objects.get()
    assert (received.user, received.text) == ("u-1", "Đèn đường thôn 3 hỏng")
    assert Follower.objects.get().wrote_at is not None
    assert Notice.objects.get().body == {}


@pytest.mark.django_db
def test_the_prefix_may_be_missing_and_the_digest_may_be_capitals(client, connected):
    raw, signature = letter()
    assert post(client, raw, signature.removeprefix("mac=").upper()).status_code == 200


@pytest.mark.django_db
def test_a_changed_body_is_refused(client, connected):
    raw, signature = letter()
    assert post(client, raw.replace(b"u-1", b"u-2"), signature).status_code == 401
    assert post(client, raw + b" ", signature).status_code == 401
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_forged_one_is_refused(client, connected):
    raw, _ = letter()
    stamp = json.loads(raw)["timestamp"]
    wrong = hashlib.sha256(b"app-1" + raw + stamp.encode() + b"guess").hexdigest()
    for signature in ("", "mac=", f"mac={wrong}", "mac=" + "0" * 64, "đ" * 10):
        assert (
            client.post(HOOK, raw, content_type="application/json", HTTP_X_ZEVENT_SIGNATURE=signature).status_code
            == 401
        )
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [16 * 60, 7 * 24 * 3600, -16 * 60])
def test_an_old_one_is_refused(client, connected, ago):
    raw, signature = letter(ago=ago)
    answer = post(client, raw, signature)
    assert (answer.status_code, answer.json()["title"]) == (401, "Quá cũ")


@pytest.mark.django_db
@pytest.mark.parametrize("stamp", ["", "abc", "-1", "1" * 19, "9" * 13, None, 1.5])
def test_no_time_is_no_time(client, connected, stamp):
    body = json.loads(letter()[0]) | {"timestamp": stamp}
    raw = json.dumps(body).encode()
    text = str(stamp) if isinstance(stamp, str) else ""
    assert post(client, raw, signed(SIMULATED, raw, text)).status_code == 401


@pytest.mark.django_db
def test_replayed_it_counts_once(client, connected):
    raw, signature = letter()
    answers = [post(client, raw, signature).json()["new"] for _ in range(3)]
    deliver_all()
    assert answers == [True, False, False]
    assert Received.objects.count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_the_same_message_told_anew_counts_once(client, connected):
    """A repetition may carry a new timestamp; the message id is the same."""
    for ago in (30, 0):
        raw, signature = letter(msg_id="m-7", ago=ago)
        assert post(client, raw, signature).status_code == 200
    deliver_all()
    assert Received.objects.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused(client, connected):
    for raw in (b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"a":' * 3000):
        assert post(client, raw, "mac=x").status_code in {400, 401}
    assert post(client, b"{" + b" " * 70_000, "mac=x").status_code == 413
    assert client.get(HOOK).status_code == 405


@pytest.mark.django_db
def test_another_app_another_account_no_secret(client, connected, monkeypatch):
    for changed in ({"app_id": "app-2"}, {"recipient": {"id": "999"}}):
        raw = json.dumps(json.loads(letter()[0]) | changed).encode()
        assert post(client, raw, signed(SIMULATED, raw, json.loads(raw)["timestamp"])).status_code == 401
    monkeypatch.delenv("XASO_ZALO_OA_SECRET")
    raw, signature = letter()
    assert post(client, raw, signature).status_code == 503


@pytest.mark.django_db
def test_strange_shapes_inside_a_right_signature_do_no_harm(client, connected):
    strange = [
        {"event_name": "user_send_text", "sender": "x", "message": []},
        {"event_name": "user_send_image", "sender": {"id": "u"}, "message": {"attachments": [1, {"type": {}}]}},
        {"event_name": "user_seen_message", "message": {"msg_ids": {"a": 1}}},
        {"event_name": "user_received_message", "message": {"msg_id": {"a": 1}}},
        {"event_name": "follow", "follower": []},
        {"event_name": "oa_send_text"}, {"event_name": "x" * 500}, {},
    ]  # fmt: skip
    for number, one in enumerate(strange):
        stamp = str(int(time.time() * 1000) + number)
        raw = json.dumps({"app_id": "app-1", "oa_id": "4900000000001", "timestamp": stamp, **one}).encode()
        assert post(client, raw, signed(SIMULATED, raw, stamp)).status_code == 200
    deliver_all()
    assert not Notice.objects.filter(state="waiting").exists()


# What they move


@pytest.mark.django_db
def test_following_and_leaving_in_any_order(client, connected):
    tell(client, kind="follow", user="u-5", ago=60)
    tell(client, kind="unfollow", user="u-5", ago=10)
    tell(client, kind="follow", user="u-5", ago=120)
    deliver_all()
    assert Follower.objects.get(user="u-5").is_following is False
    assert queries.follower_count(connected.unit_path) == 0


@pytest.mark.django_db
def test_leaving_is_a_refusal_of_the_contact_we_know(client, connected, ngu_kien):
    contact = Contact.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, name="Lan", folded_name="lan", phone="84912345601", zalo_user="u-5",
        source="hand", created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    tell(client, kind="follow", user="u-5", ago=60)
    tell(client, kind="unfollow", user="u-5")
    deliver_all()
    said = list(Consent.objects.filter(contact=contact).order_by("id").values_list("channel", "given", "how"))
    assert said == [("zalo", True, "zalo"), ("zalo", False, "zalo")]


# Whom Zalo means


@pytest.fixture
def lan_in_book(ngu_kien) -> Contact:
    return Contact.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, name="Lan", folded_name="lan", phone="84912345601", source="hand",
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip


def zalo_user(contact: Contact) -> str:
    contact.refresh_from_db()
    return contact.zalo_user


@pytest.mark.django_db
def test_a_follower_who_shares_the_number_is_known_until_leaving(client, connected, lan_in_book):
    tell(client, kind="follow", user="u-5", ago=60)
    tell(client, kind="share", user="u-5", phone="0912345601", ago=50)
    deliver_all()
    assert zalo_user(lan_in_book) == "u-5"
    said = Consent.objects.filter(contact=lan_in_book).values_list("channel", "given", "how")
    assert list(said) == [("zalo", True, "zalo")]
    tell(client, kind="unfollow", user="u-5", ago=10)
    deliver_all()
    assert zalo_user(lan_in_book) == ""
    assert Consent.objects.filter(contact=lan_in_book).order_by("-id")[0].given is False
    assert "84912345601" not in str(list(Audit.objects.values_list("details", flat=True)))


@pytest.mark.django_db
def test_a_notice_of_following_may_bring_the_number(client, connected, lan_in_book):
    body = body_of(SIMULATED, {"kind": "follow", "user": "u-5"})
    raw = json.dumps(body | {"follower": {"id": "u-5", "phone": "84912345601"}}).encode()
    assert post(client, raw, signed(SIMULATED, raw, body["timestamp"])).status_code == 200
    deliver_all()
    assert zalo_user(lan_in_book) == "u-5"


@pytest.mark.django_db
def test_forged_late_and_foreign_shares_change_nothing(client, connected, lan_in_book, lien_chau):
    body = body_of(SIMULATED, {"kind": "share", "user": "u-9", "phone": "0912345601"})
    raw = json.dumps(body).encode()
    assert post(client, raw, "mac=" + "0" * 64).status_code == 401
    tell(client, kind="share", user="u-9", phone="0912345601", ago=16 * 60)
    tell(client, kind="follow", user="u-5", ago=90)
    tell(client, kind="unfollow", user="u-5", ago=20)
    tell(client, kind="share", user="u-5", phone="0912345601", ago=40)
    for phone in ("", "12", "0241234567", "không"):
        tell(client, kind="share", user="u-5", phone=phone)
    deliver_all()
    assert zalo_user(lan_in_book) == ""
    Contact.objects.filter(pk=lan_in_book.pk).update(unit=lien_chau, unit_path=lien_chau.path)
    tell(client, kind="share", user="u-6", phone="0912345601")
    deliver_all()
    assert zalo_user(lan_in_book) == ""


@pytest.mark.django_db
def test_somebody_elses_number_is_not_taken_over(client, connected, lan_in_book):
    tell(client, kind="share", user="u-5", phone="0912345601", ago=50)
    tell(client, kind="share", user="u-6", phone="0912345601", ago=40)
    deliver_all()
    assert zalo_user(lan_in_book) == "u-5"
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_another_number_moves_the_user_and_an_older_word_does_not(client, connected, lan_in_book, ngu_kien):
    other = Contact.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, name="Lan", folded_name="lan", phone="84912345699", source="hand",
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    tell(client, kind="share", user="u-5", phone="0912345601", ago=50)
    tell(client, kind="share", user="u-5", phone="0912345699", ago=30)
    tell(client, kind="share", user="u-5", phone="0912345601", ago=45)
    deliver_all()
    assert (zalo_user(lan_in_book), zalo_user(other)) == ("", "u-5")


@pytest.mark.django_db
def test_a_report_and_a_chat_receipt_have_the_same_name(client, queued, oa):
    message = sent_one(queued)
    tell(client, kind="chat_receipt", msg_id="m-of-a-chat")
    tell(client, kind="report", msg_id=message.msg_id)
    tell(client, kind="report", msg_id=message.msg_id)
    deliver_all()
    message.refresh_from_db()
    assert message.state == "delivered"
    assert message.delivered_at is not None
    assert Notice.objects.filter(state="ignored").count() == 1


@pytest.mark.django_db
def test_seen_before_delivered_stays_seen(client, queued, oa):
    message = sent_one(queued)
    tell(client, kind="seen", msg_id=message.msg_id)
    tell(client, kind="report", msg_id=message.msg_id)
    deliver_all()
    message.refresh_from_db()
    assert message.state == "seen"


@pytest.mark.django_db
def test_a_report_faster_than_the_answer_is_found_by_the_tracking_id(client, queued, oa):
    from xaso.core.access import SYSTEM
    from xaso.modules.zalo.actions import sending
    from xaso.modules.zalo.rules import Sent

    message = queued()
    tell(client, kind="report", msg_id="m-9", tracking_id=str(message.uuid))
    from xaso.core.outbox.models import Delivery

    Delivery.objects.filter(event="zalo.ZaloQueued").delete()
    deliver_all()
    sending.record_sent(SYSTEM, message, sent=Sent("m-9"))
    assert (message.state, message.msg_id) == ("delivered", "m-9")


def sent_one(queued) -> Message:
    """At any hour of the day: the night has its own tests."""
    from xaso.core.access import SYSTEM
    from xaso.modules.zalo.actions import sending
    from xaso.modules.zalo.rules import Sent

    message = queued()
    from xaso.core.outbox.models import Delivery

    Delivery.objects.filter(event="zalo.ZaloQueued").delete()
    return sending.record_sent(SYSTEM, message, sent=Sent(f"m-{message.pk}"))


# Pictures


@pytest.mark.django_db
def test_a_picture_is_fetched_and_kept(client, connected, oa, tmp_path, settings):
    tell(client, kind="image", user="u-1", text="Rác ở cổng chợ", url=f"{oa.url}/pictures/a.jpg")
    deliver_all()
    received = Received.objects.get()
    assert received.picture.blob.media_type == "image/jpeg"
    assert received.picture.unit_path == connected.unit_path
    assert received.picture_error == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://169.254.169.254/latest", "máy chủ lạ"),
        ("https://example.com/a.jpg", "máy chủ lạ"),
        ("https://zdn.vn.example.com/a.jpg", "máy chủ lạ"),
        ("https://user:pw@a.zdn.vn/a.jpg", "máy chủ lạ"),
        ("file:///etc/passwd", "máy chủ lạ"),
        ("http://[::1", "máy chủ lạ"),
        ("{oa}/pictures/moved.jpg", "không còn giữ"),
        ("{oa}/pictures/text.jpg", "không phải ảnh"),
        ("{oa}/pictures/large.jpg", "lớn hơn 10 MB"),
    ],
)
def test_a_picture_from_elsewhere_or_none_is_not_taken(client, connected, oa, url, why):
    tell(client, kind="image", user="u-1", text="Xem ảnh", url=url.format(oa=oa.url))
    deliver_all()
    received = Received.objects.get()
    assert received.picture is None
    assert why in received.picture_error


# Over real HTTP


@pytest.mark.django_db(transaction=True)
def test_the_simulator_tells_twice_at_once_and_it_counts_once(live_server, connected, oa):
    oa.control("set", webhook=f"{live_server.url}{HOOK}")
    told = oa.control("tell", kind="text", user="u-1", text="Hai lần", times=3, delay=0.05)
    assert told["statuses"] == [200, 200, 200]
    deliver_all()
    assert until(lambda: Received.objects.count() == 1)
    assert oa.control("tell", kind="text", user="u-1", text="Muộn", ago=3600)["statuses"] == [401]
