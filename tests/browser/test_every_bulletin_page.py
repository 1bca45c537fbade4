"""Every page about bulletins, at the widths of a phone and of a desk; an emergency against time."""

import time
from types import SimpleNamespace

import pytest
from django.urls import get_resolver, resolve

from tests.browser.test_every_page import pages
from xaso.core.access import SYSTEM
from xaso.modules.bulletins import actions
from xaso.modules.bulletins.actions.drafting import speak
from xaso.modules.bulletins.actions.reaching import count_missed
from xaso.modules.bulletins.models import Bulletin, Relay, Sending
from xaso.modules.bulletins.tests.conftest import again, contact, deliver, make_sound, words
from xaso.modules.sms.models import Sms
from xaso.modules.speakers.models import Device

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("desk-bulletins:", "portal-bulletins:")


@pytest.fixture
def made(monday, settings, tmp_path, ngu_kien, village, phuc, hoa, truc, province):
    """A bulletin at every stage, with people and loudspeakers."""
    settings.DATA_DIR = tmp_path
    for number in range(6):
        contact(village, f"Nguyễn Thị Hạnh Phúc {number}", f"8491200000{number}" if number else "")
    for unit in (village, ngu_kien):
        Device.objects.create(
            unit=unit, unit_path=unit.path, commune_code=ngu_kien.code, serial=f"LOA-{unit.pk}", name="Loa nhà văn hoá",
            state_since="2026-01-01",
        )  # fmt: skip
    every = ("speakers", "sms", "zalo", "facebook", "web", "inbox")
    draft = actions.write(phuc, ngu_kien, content=words(ngu_kien, channels=every, text="Mời họp lúc [giờ, ngày]."))
    speak(phuc, draft)
    submitted = actions.submit(phuc, actions.write(phuc, ngu_kien, content=words(ngu_kien)))
    refused = actions.refuse(hoa, handed_in(phuc, ngu_kien), reason="Ghi rõ địa điểm họp.")
    sent = handed_in(phuc, ngu_kien)
    actions.approve(hoa, sent, content_hash=sent.content_hash)
    alarm = actions.send_emergency(
        truc, ngu_kien, title="Nước sông dâng nhanh", text="Các hộ ven đê di dời ngay.", reason="Vượt báo động 3.",
        unit_paths=[ngu_kien.path], channels=every,
    )  # fmt: skip
    deliver()
    Sms.objects.filter(purpose=sent.ref, phone__endswith="1").update(state="failed", error="Thuê bao tắt máy")
    count_missed(SYSTEM, again(sent))
    relay = Relay.objects.create(
        bulletin=Bulletin.objects.get(pk=sent.pk), unit=ngu_kien, unit_path=ngu_kien.path, unit_paths=[ngu_kien.path],
        starts_at="2026-11-20T10:00:00Z",
    )  # fmt: skip
    return SimpleNamespace(draft=draft, submitted=submitted, refused=refused, sent=sent, alarm=alarm, relay=relay)


def handed_in(phuc, unit):
    one = actions.submit(phuc, actions.write(phuc, unit, content=words(unit)))
    make_sound()
    return again(one)


def addresses(made, people) -> list[tuple]:
    home, here = "/desk/bulletins/", "/portal/bulletins/"
    return [
        (None, here), (None, f"{here}?xa=09157"), (None, made.sent.public_url), (None, made.alarm.public_url),
        (people.phuc, "/desk/?phuc"), (people.phuc, home), (people.phuc, f"{home}?trang-thai=done"),
        (people.phuc, f"{home}soan/"), (people.phuc, f"{home}soan/moi/"), (people.phuc, f"{home}soan/moi/?mau=bao-lu"),
        (people.phuc, f"{made.draft.get_absolute_url()}?nhap"),
        (people.phuc, f"{made.draft.get_absolute_url()}sua/"),
        (people.phuc, f"{made.refused.get_absolute_url()}sua/?tra-lai"), (people.phuc, made.sent.get_absolute_url()),
        (people.phuc, f"{made.sent.get_absolute_url()}ket-qua/"), (people.phuc, f"{home}cap-tren/"),
        (people.phuc, f"{home}cap-tren/{made.relay.uuid}/"),
        (people.hoa, "/desk/?hoa"), (people.hoa, "/cockpit/?hoa"), (people.hoa, "/desk/bulletins/cho-duyet/"),
        (people.hoa, f"{made.submitted.get_absolute_url()}?cho-duyet"),
        (people.hoa, f"{made.alarm.get_absolute_url()}?khan-cap"),
        (people.truc, f"{home}khan-cap/"), (people.truc, f"{home}?truc"),
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, phuc, hoa, truc, walker):
    people = SimpleNamespace(phuc=phuc, hoa=hoa, truc=truc)
    walkers: dict[int | None, object] = {}
    opened = set()
    for actor, path in addresses(made, people):
        key = actor.account_id if actor else None
        if key not in walkers:
            walkers[key] = walker(actor)
        walkers[key].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    assert {name for name in pages(get_resolver()) if name.startswith(OURS)} - opened == set()


@pytest.mark.parametrize("script", [True, False])
def test_an_emergency_is_out_in_twenty_seconds(made, truc, walker, script):
    """Three boxes, a red button, one question; on a phone, also without JavaScript."""
    before = Bulletin.objects.count()
    person = walker(truc, width=320, script=script)
    person.go("/desk/bulletins/khan-cap/")
    began = time.monotonic()
    page = person.page
    page.fill("[name=title]", "Vỡ bờ kênh thôn Đồng Mới")
    page.fill("[name=text]", "Bà con lên nhà văn hoá ngay.")
    page.fill("[name=reason]", "Kênh vỡ lúc 8 giờ 50.")
    page.click("main .form-actions button.button--danger")
    page.wait_for_selector("text=Gửi ngay bây giờ?")
    person.look(f"khan-cap-hoi-{script}")
    page.click("button[name=confirmed]")
    page.wait_for_selector("text=Đã gửi tin khẩn cấp")
    assert time.monotonic() - began < 20
    assert Bulletin.objects.count() == before + 1
    made_now = Bulletin.objects.latest("pk")
    sent = set(Sending.objects.filter(bulletin=made_now).values_list("channel", flat=True))
    assert sent == {"speakers", "sms", "web", "inbox"}, "what the commune has set up"


def test_a_bulletin_is_written_on_a_phone_without_javascript(made, phuc, walker):
    person = walker(phuc, width=320, script=False)
    page = person.page
    person.go("/desk/bulletins/soan/moi/?mau=phong-chay")
    page.check("[name=unit_paths] >> nth=0")
    page.uncheck("[name=channels][value=facebook]")
    page.uncheck("[name=channels][value=zalo]")
    page.click("button[value=preview]")
    page.wait_for_selector("text=Trình lãnh đạo duyệt")
    page.click("text=Trình duyệt >> nth=0")
    page.wait_for_selector("text=Đã trình duyệt")
    assert Bulletin.objects.latest("pk").state == "submitted"
