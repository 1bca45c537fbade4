"""One bulletin from the writer's page to the list of who was not reached: loudspeakers, SMS, Zalo, Facebook, web page
and inbox, through the modules that really carry them.

Real: the pages, the speech engine, the queue and sender of SMS (into a file), receipts by the gateway's ids, devices'
logs by the protocol's rows, the draft for Facebook posted by hand. Recorded: what Zalo answered.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all, deliver_due
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.audiences.actions import withdraw_consent
from xaso.modules.bulletins import jobs
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.tests.conftest import contact, make_sound
from xaso.modules.sms.actions import take_receipts
from xaso.modules.sms.carrying import carry
from xaso.modules.sms.models import Part
from xaso.modules.sms.rules.receipts import Heard
from xaso.modules.social.actions.posting import post_by_hand
from xaso.modules.social.models import Page, Post
from xaso.modules.speakers.actions.reporting import record_plays
from xaso.modules.speakers.models import Device, Play, Run
from xaso.modules.speakers.protocol.messages import LogRow
from xaso.modules.zalo.models import Account, Message, Template

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.VIETNAM)
HOME = "/desk/bulletins/"
EVERY = ["speakers", "sms", "zalo", "facebook", "web", "inbox"]
TEXT = "Trạm y tế tiêm vắc xin cho trẻ dưới 5 tuổi.\nThời gian: 7 giờ 30 ngày 20/11/2026, tại trạm y tế xã."


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def commune(ngu_kien, village):
    """Four people, two loudspeakers, an official account with a template, a Facebook page nobody connected."""
    now = clock.now()
    people = [
        contact(village, name, phone)
        for name, phone in (("Nguyễn Văn Ba", "84912000001"), ("Trần Thị Bốn", "84912000002"),
                            ("Lê Thị Năm", ""), ("Phạm Văn Sáu", "84912000006"))
    ]  # fmt: skip
    withdraw_consent(SYSTEM, people[3], topic="", channel="", how="counter", evidence="Nói tại quầy")
    for number, unit in enumerate((village, ngu_kien), start=1):
        Device.objects.create(unit=unit, unit_path=unit.path, commune_code=ngu_kien.code, serial=f"LOA-{number}",
                              name=f"Loa {number}", state_since=clock.today())  # fmt: skip
    Account.objects.create(unit=ngu_kien, unit_path=ngu_kien.path, oa_id="4900", name="Xã Ngũ Kiên", connected_at=now,
                           connected_by="Quân")  # fmt: skip
    Template.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, code="thong-bao", zalo_id="1", title="Thông báo của xã",
        text="<tieu_de>: <noi_dung>", state="approved", changed_at=now, price=300,
        params=[{"name": "tieu_de", "type": "title", "longest": 100},
                {"name": "noi_dung", "type": "text", "longest": 200}],
    )  # fmt: skip
    Page.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, kind="facebook", name="Xã Ngũ Kiên", folded="xa ngu kien",
        run_by="Lương Hồng Phúc", since_on=clock.today(),
    )  # fmt: skip
    return ngu_kien


def test_from_the_writers_page_to_who_was_not_reached(commune, phuc, hoa, client, browser_of):
    bulletin = written(browser_of(phuc), commune)
    decided(browser_of(hoa), bulletin)
    assert Play.objects.get(purpose=bulletin.ref).unit_paths == [commune.path]
    texted(bulletin)
    zalo_answered(bulletin)
    played(bulletin)
    posted(phuc, bulletin)
    read_by_residents(client, bulletin)
    reported(browser_of(phuc), bulletin)


def written(browser, commune):
    """Begun from the notice; the words of every channel are on one page before anybody decides."""
    assert "[trạm y tế xã]" in browser.get(f"{HOME}soan/moi/?mau=tiem-chung").content.decode()
    form = {
        "title": "Lịch tiêm chủng tháng 11", "text": TEXT, "klass": "normal", "topic": "health", "loops": "1",
        "unit_paths": [commune.path], "channels": EVERY, "when": "now", "zalo_template": "thong-bao", "go": "preview",
    }  # fmt: skip
    assert browser.post(f"{HOME}soan/moi/?mau=tiem-chung", form).status_code == 302
    bulletin = Bulletin.objects.get()
    hear(bulletin)
    page = browser.get(bulletin.get_absolute_url()).content.decode()
    for wanted in ("2 loa", "2 số điện thoại", "không dấu (GSM-7)", "tiết kiệm", "Lịch tiêm chủng tháng 11: ",
                   "Bản nháp cho", "Hiển thị cho"):  # fmt: skip
        assert wanted in page, wanted
    assert browser.get(f"{bulletin.get_absolute_url()}nghe/").getvalue()
    assert browser.post(f"{bulletin.get_absolute_url()}trinh/").status_code == 302
    bulletin.refresh_from_db()
    return bulletin


def hear(bulletin):
    """By the engine that is installed; where there is none, the sound is put there."""
    deliver_all()
    if Delivery.objects.exclude(state="done").filter(event="audio.RecordingAsked").exists():
        make_sound()


def decided(leader, bulletin):
    assert bulletin.title in leader.get("/desk/").content.decode()
    answer = leader.post(f"{bulletin.get_absolute_url()}duyet/", {"content_hash": bulletin.content_hash})
    assert answer.status_code == 302
    Delivery.objects.filter(event="zalo.ZaloQueued").delete()
    deliver_until_zalo()
    bulletin.refresh_from_db()
    assert bulletin.state == "running"
    assert {one.channel: one.state for one in bulletin.sendings.all()} == {
        "speakers": "sending", "sms": "sending", "zalo": "sending", "facebook": "sending", "web": "sent",
        "inbox": "sent",
    }  # fmt: skip


def deliver_until_zalo():
    """Everything but the calls to Zalo, whose answers are recorded below."""
    while deliver_due(limit=1):
        Delivery.objects.filter(event="zalo.ZaloQueued", state="waiting").delete()


def texted(bulletin):
    """Two numbers, one left out by refusal, one without a phone. The second number's receipt says no."""
    carry()
    lines = [json.loads(line) for line in _sent_to_the_file()]
    assert {line["to"] for line in lines} == {"84912000001", "84912000002"}
    assert all(line["body"].isascii() and "tiem chung" in line["body"] for line in lines)
    ids = dict(Part.objects.filter(sms__purpose=bulletin.ref).values_list("sms__phone", "gateway_id"))
    heard = [Heard(ids["84912000002"], "failed", "Thuê bao tắt máy"), Heard(ids["84912000001"], "delivered", "")]
    assert take_receipts(SYSTEM, None, provider="file", heard=heard) == 2


def _sent_to_the_file():
    files = (Path(settings.DATA_DIR) / "outgoing").glob("sms-*.jsonl")
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def zalo_answered(bulletin):
    rows = Message.objects.filter(purpose=bulletin.ref)
    assert {row.phone for row in rows} == {"84912000001", "84912000002"}
    assert rows.first().values["tieu_de"] == bulletin.title
    rows.filter(phone="84912000001").update(state="seen")
    rows.filter(phone="84912000002").update(state="failed", error="Tài khoản Zalo không tồn tại")


def played(bulletin):
    """One loudspeaker says that it played, the other that its power failed."""
    play = Play.objects.get(purpose=bulletin.ref)
    runs = {run.device.serial: run for run in Run.objects.filter(play=play).select_related("device")}
    rows = [
        (serial, LogRow(f"{serial}-1", str(play.uuid), play.version, runs[serial].scheduled_at, 0, began, ended,
                        seconds, result, reason=reason, volume=70, rms=-20.0 if seconds else None))
        for serial, began, ended, seconds, result, reason in (
            ("LOA-1", MONDAY, MONDAY + timedelta(seconds=play.seconds), play.seconds, "played", ""),
            ("LOA-2", None, None, 0.0, "failed", "Mất điện"),
        )
    ]  # fmt: skip
    record_plays(SYSTEM, rows)
    deliver_all()


def posted(phuc, bulletin):
    post = Post.objects.get(purpose=bulletin.ref)
    assert post.text.startswith(bulletin.title)
    post_by_hand(phuc, post, address="https://facebook.example/xangukien/posts/1")


def read_by_residents(client, bulletin):
    page = client.get(bulletin.public_url).content.decode()
    assert "7 giờ 30 ngày 20/11/2026" in page
    assert bulletin.title in client.get("/portal/news/?xa=09157", follow=True).content.decode()


def reported(browser, bulletin):
    jobs.look_at_running()
    jobs.count_missed()
    page = browser.get(f"{bulletin.get_absolute_url()}ket-qua/").content.decode()
    for wanted in ("1/2 loa đã phát", "Loa không phát", "Loa 2", "1 đã nhận, 1 không nhận được", "Đã đăng trên trang",
                   "lượt mở", "Trần Thị Bốn", "Thuê bao tắt máy", "Tài khoản Zalo không tồn tại", "Lê Thị Năm",
                   "Chưa có số điện thoại", "Phạm Văn Sáu", "từ chối"):  # fmt: skip
        assert wanted in page, wanted
    assert "Nguyễn Văn Ba" not in page
    bulletin.refresh_from_db()
    assert (bulletin.reached_persons, bulletin.missed_persons, bulletin.waiting_persons) == (1, 3, 0)
    assert bulletin.sendings.get(channel="speakers").heard_at == MONDAY
