"""The inbox, the devices, and the app at the root of the site."""

import json
from datetime import timedelta

import pytest
from PIL import Image

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.core.actions import action
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.audiences.actions import withdraw_consent
from xaso.modules.audiences.models import Contact
from xaso.modules.bulletins.events import BulletinPublished
from xaso.modules.bulletins.models import Area, Bulletin
from xaso.modules.notifications.actions import notify
from xaso.modules.notifications.models import Message
from xaso.modules.push import handlers, keys
from xaso.modules.push.actions import tell_device
from xaso.modules.push.models import Device, LastLook, Notice

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
]
HOME = "/portal/push/"


def text_of(answer):
    return answer.content.decode()


def in_the_book(actor, unit):
    """A line of the commune's book for a resident."""
    return Contact.objects.create(
        unit=unit, unit_path=unit.path, person_id=actor.person_id, name=actor.name, folded_name=actor.name.lower(),
        phone="84912345601", source="portal", created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip


def bulletin(unit, title, *, topic="general", klass="normal", ago=timedelta(0)):
    """A published one, as its own module leaves it: one row, one place."""
    now = clock.now() - ago
    made = Bulletin.objects.create(
        unit=unit, unit_path=unit.path, title=title, text="Nội dung.", klass=klass, topic=topic, unit_paths=[unit.path],
        channels=["inbox"], state="done", created_at=now, saved_at=now, published_at=now,
        emergency_reason="lũ" if klass == "emergency" else "",
    )  # fmt: skip
    Area.objects.create(bulletin=made, path=unit.path)
    return made


def message(actor, title, ago=timedelta(0), key=""):
    return Message.objects.create(
        person=Person.objects.get(pk=actor.person_id), template="x", channel="inapp", title=title, body="Nội dung thư",
        state="sent", created_at=clock.now() - ago, idempotency_key=key or title, link="/portal/dossiers/",
    )  # fmt: skip


def test_one_place_for_everything_newest_first(browser_of, lan, ngu_kien, lien_chau):
    in_the_book(lan, ngu_kien)
    message(lan, "Hồ sơ đã nhận", ago=timedelta(hours=3))
    bulletin(ngu_kien, "Lịch cắt điện", ago=timedelta(hours=2))
    bulletin(lien_chau, "Tin xã khác", ago=timedelta(hours=1))
    page = text_of(browser_of(lan).get(HOME))
    assert page.index("Lịch cắt điện") < page.index("Hồ sơ đã nhận")
    assert "Tin xã khác" not in page


def test_nobody_sees_another_persons_inbox(browser_of, client, lan, nam):
    message(lan, "Thư của Lan")
    assert "Thư của Lan" not in text_of(browser_of(nam).get(HOME))
    assert client.get(HOME).status_code == 302


def test_a_refused_topic_is_left_out_but_not_an_emergency(browser_of, lan, ngu_kien):
    contact = in_the_book(lan, ngu_kien)
    withdraw_consent(SYSTEM, contact, topic="farming", channel="push", how="portal", evidence="tự chọn")
    bulletin(ngu_kien, "Lịch bón phân", topic="farming")
    bulletin(ngu_kien, "Lũ về khẩn cấp", topic="farming", klass="emergency")
    page = text_of(browser_of(lan).get(HOME))
    assert "Lịch bón phân" not in page
    assert "Lũ về khẩn cấp" in page


def test_pages_go_on_without_gap_or_repeat(browser_of, lan, ngu_kien):
    in_the_book(lan, ngu_kien)
    same = clock.now() - timedelta(days=1)
    for number in reversed(range(60)):
        message(lan, f"Thư {number:03}", ago=timedelta(minutes=number), key=f"m{number}")
        bulletin(ngu_kien, f"Tin {number:03}", ago=timedelta(minutes=number, seconds=30))
    Message.objects.filter(title__in=["Thư 010", "Thư 011"]).update(created_at=same)
    Bulletin.objects.filter(title="Tin 025").update(published_at=clock.now())  # it waited for its hour
    browser, seen, address = browser_of(lan), [], HOME
    while address:
        answer = browser.get(address)
        seen += [row.entry.title for row in answer.context["rows"]]
        address = HOME + answer.context["next"] if answer.context["next"] else ""
    assert sorted(seen) == sorted([f"{kind} {number:03}" for kind in ("Thư", "Tin") for number in range(60)])


@pytest.mark.parametrize(
    "after", ["x", "1~", "~", "nan~/x", "1e999~/x", "-5~/x", "9" * 400 + "~x", "1700000000.5~/x", "inf~x"]
)
def test_made_up_places_show_something(browser_of, lan, after):
    message(lan, "Thư của Lan")
    assert browser_of(lan).get(HOME, {"sau": after}).status_code == 200


def test_new_until_looked_at(browser_of, lan, nam):
    message(lan, "Thư của Lan")
    browser = browser_of(lan)
    assert "Mới</span>" in text_of(browser.get(HOME))
    assert browser.post(f"{HOME}seen/").status_code == 302
    assert "Mới</span>" not in text_of(browser.get(HOME))
    assert browser.post(f"{HOME}seen/").status_code == 302
    assert LastLook.objects.count() == 1
    message(lan, "Thư mới hơn", ago=-timedelta(seconds=5))
    assert "Mới</span>" in text_of(browser.get(HOME))


def test_few_questions_however_long_the_inbox(browser_of, lan, ngu_kien, django_assert_max_num_queries):
    in_the_book(lan, ngu_kien)
    for number in range(30):
        message(lan, f"Thư {number}")
        bulletin(ngu_kien, f"Tin {number}")
    browser = browser_of(lan)
    browser.get(HOME)
    with django_assert_max_num_queries(10):
        browser.get(HOME)


def test_switched_on_tested_and_off_from_the_page(browser_of, service, lan, nam):
    browser = browser_of(lan)
    assert browser.post(f"{HOME}devices/on/", service.browser()).status_code == 302
    device = Device.objects.get()
    page = text_of(browser.get(f"{HOME}devices/"))
    assert "Máy này" in page
    assert device.endpoint not in page
    assert browser_of(nam).post(f"{HOME}devices/{device.uuid}/off/").status_code == 404
    assert browser.post(f"{HOME}devices/{device.uuid}/test/").status_code == 302
    deliver_all()
    assert len(service.told(device)) == 1
    assert browser.post(f"{HOME}devices/{device.uuid}/off/").status_code == 302
    assert not Device.objects.exists()


def test_a_hostile_subscription_is_told_no(browser_of, lan, service):
    wrong = service.browser() | {"endpoint": "https://169.254.169.254/x"}
    assert browser_of(lan).post(f"{HOME}devices/on/", wrong).status_code == 409
    assert not Device.objects.exists()


def test_a_bulletin_is_told_to_the_devices_of_its_place(service, device_of, lan, nam, ngu_kien, lien_chau):
    in_the_book(lan, ngu_kien)
    in_the_book(nam, lien_chau)
    here, elsewhere = device_of(lan), device_of(nam)
    told = bulletin(ngu_kien, "Họ tên ông A nợ thuế")
    handlers.a_bulletin_is_out(BulletinPublished(str(told.uuid)))
    handlers.a_bulletin_is_out(BulletinPublished(str(told.uuid)))
    deliver_all()
    assert [one["message"]["title"] for one in service.told(here)] == ["Bạn có tin mới của xã Ngũ Kiên."]
    assert service.told(elsewhere) == []


def test_an_emergency_is_told_also_to_who_refused(service, device_of, lan, ngu_kien):
    contact = in_the_book(lan, ngu_kien)
    withdraw_consent(SYSTEM, contact, topic="", channel="push", how="portal", evidence="tự chọn")
    device = device_of(lan)
    for klass in ("normal", "emergency"):
        made = bulletin(ngu_kien, "Tin", klass=klass)
        handlers.a_bulletin_is_out(BulletinPublished(str(made.uuid)))
    deliver_all()
    [told] = service.told(device)
    assert "khẩn" in told["message"]["title"]
    assert told["urgency"] == "high"


def test_the_app_is_named_after_its_only_commune(client, ngu_kien):
    answer = client.get("/manifest.webmanifest")
    made = json.loads(answer.content)
    assert made["name"].startswith("Xã Ngũ Kiên")
    assert made["display"] == "standalone"
    for one in made["icons"]:
        content = client.get(one["src"])
        assert content.headers["Content-Type"] == "image/png"
    assert client.get("/icons/9999.png").status_code == 404


def test_with_several_communes_it_has_the_common_name(client, ngu_kien, lien_chau):
    assert json.loads(client.get("/manifest.webmanifest").content)["name"] == "Dịch vụ công của xã"


def test_icons_have_their_size_and_show_the_mark(client, tmp_path):
    for name, side in (("192", 192), ("512", 512), ("512-maskable", 512)):
        (tmp_path / "icon.png").write_bytes(client.get(f"/icons/{name}.png").content)
        picture = Image.open(tmp_path / "icon.png")
        assert picture.size == (side, side)
        assert picture.getpixel((side // 2, side - side // 8 if "mask" not in name else side // 10))[:3] == (11, 85, 99)
    assert Image.open(tmp_path / "icon.png").getpixel((1, 1))[3] == 255


def test_the_worker_keeps_nobodys_page(client, browser_of, lan):
    answer = client.get("/sw.js")
    source = text_of(answer)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert 'credentials: "omit"' in source
    shell = json.loads(source.split("const SHELL = ")[1].split(";\n")[0])
    assert all(path.startswith("/static/") for path in shell)
    assert source == text_of(browser_of(lan).get("/sw.js"))
    assert lan.name not in text_of(browser_of(lan).get("/offline/"))


def test_the_version_follows_the_content(client):
    first = text_of(client.get("/sw.js")).splitlines()[0]
    assert first == text_of(client.get("/sw.js")).splitlines()[0]
    assert first.startswith("const VERSION = ")


def test_the_portal_offers_the_app_and_the_desk_does_not(client, browser_of, minh):
    assert "/manifest.webmanifest" in text_of(client.get("/"))
    assert "/manifest.webmanifest" not in text_of(browser_of(minh).get("/desk/"))


# The browser changed its address


RENEW = "/api/v1/push/renew"


def renewed(client, old, fresh):
    return client.post(RENEW, {"old": old, **fresh}, content_type="application/json")


def test_a_new_address_replaces_the_old_row_and_what_waits_goes_there(client, service, device_of, lan):
    device, fresh = device_of(lan), service.browser()
    assert renewed(client, device.endpoint, fresh).json() == {"renewed": True}
    kept = Device.objects.get()
    assert (kept.pk, kept.uuid, kept.person_id, kept.endpoint) == (
        device.pk, device.uuid, lan.person_id, fresh["endpoint"],
    )  # fmt: skip
    tell_device(lan, kept)
    deliver_all()
    assert len(service.told(kept)) == 1
    assert service.told(device) == []
    assert renewed(client, device.endpoint, fresh).status_code == 404  # told again, the old one is nobody's


def test_nobody_else_can_put_an_address_in_place(client, service, device_of, lan, nam):
    mine, theirs, fresh = device_of(lan), device_of(nam), service.browser()
    before = set(Device.objects.values_list("pk", "endpoint"))
    assert renewed(client, "https://fcm.googleapis.com/fcm/send/guessed", fresh).status_code == 404
    assert renewed(client, mine.endpoint, fresh | {"endpoint": "https://169.254.169.254/x"}).status_code == 409
    assert renewed(client, mine.endpoint, fresh | {"p256dh": "x"}).status_code == 409
    taken = {"endpoint": theirs.endpoint, "p256dh": theirs.p256dh, "auth": theirs.auth}
    assert renewed(client, mine.endpoint, taken).status_code == 409
    assert client.post(RENEW, {"old": mine.endpoint}, content_type="application/json").status_code in {400, 422}
    assert set(Device.objects.values_list("pk", "endpoint")) == before
    for number in range(30):
        renewed(client, f"https://fcm.googleapis.com/{number}", fresh)
    assert renewed(client, mine.endpoint, fresh).status_code == 429


def test_the_worker_subscribes_anew_by_itself(client, service):
    source = text_of(client.get("/sw.js"))
    assert "pushsubscriptionchange" in source
    assert RENEW in source
    assert client.get("/api/v1/push/key").json() == {"key": keys.public_key()}


# A letter to one person


@action("test.tell", "Việc của phép thử")
def tell(by, person, /, *, key):
    values = {"number": "1", "code": "A", "unit": "Xã", "due": "1", "note": "Đã sửa đèn nhà ông A", "short": "-"}
    notify(by, person, "feedback.answered", subject="x.Y:1", unit_path="", key=key, values=values)


def test_a_letter_to_one_person_is_told_on_that_persons_devices_once(service, device_of, lan, nam):
    mine, theirs = device_of(lan), device_of(nam)
    for _ in range(2):
        tell(SYSTEM, Person.objects.get(pk=lan.person_id), key="a")
    deliver_all()
    deliver_all()
    [told] = service.told(mine)
    assert told["message"]["title"] == "Bạn có thư mới trong hộp thư."
    assert told["message"]["url"] == HOME
    assert service.told(theirs) == []


def test_who_has_no_device_costs_nothing(lan):
    tell(SYSTEM, Person.objects.get(pk=lan.person_id), key="a")
    deliver_all()
    assert not Notice.objects.exists()
