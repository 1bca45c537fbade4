"""A resident speaks back: a photo from a phone without an account, an officer's answer, the public page, the verdict.

Everything through the pages, as people press them; messages and clocks through the worker.
"""

import io
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.tests.factories import MONDAY
from xaso.modules.notifications.models import Message
from xaso.modules.sms.actions import Incoming, take_in

pytestmark = pytest.mark.django_db
WORDS = "Nắp cống trước trường mầm non vỡ một mảng to, trẻ con dễ ngã. Gọi tôi số 0912345670."
CLEAN = "Nắp cống trước trường mầm non vỡ một mảng to, trẻ con dễ ngã."


def picture():
    written = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 90, 90)).save(written, "JPEG")
    return SimpleUploadedFile("IMG_2031.jpg", written.getvalue(), "image/jpeg")


def test_from_a_broken_drain_to_a_content_resident(client, browser_of, ngu_kien, village, minh, an, hoa):
    with time_machine.travel(MONDAY, tick=False) as clock:
        report = reported(client, village)
        assert triaged(browser_of(minh), an, report, village)
        twin = merged_from_sms(browser_of(minh), report)
        clock.shift(86_400)
        answered_by(browser_of(an), report)
        deliver_all()
        assert twin.written_code in Message.objects.get(template="feedback.answered", phone="0912345671").body
        published(browser_of(hoa), client, report)
        judged(client, report)
        assert "1" in browser_of(hoa).get("/desk/feedback/thang/?thang=2026-03").content.decode()


def reported(client, village):
    here = "/portal/feedback/gui/?xa=09157"
    assert "Đường, cầu, vỉa hè" in client.get(here).content.decode()
    form = client.get(f"{here}&loai=duong").content.decode()
    key = re.search(r'name="idempotency_key" value="(\w+)"', form)[1]
    sent = {"text": WORDS, "village": village.code, "place": "Trước trường mầm non", "phone": "0912345670",
            "may_publish": "on", "photo": picture(), "idempotency_key": key}  # fmt: skip
    shown = client.post(f"{here}&loai=duong", sent, follow=True).content.decode()
    report = Report.objects.get()
    assert report.written_code in shown
    deliver_all()
    assert report.written_code in Message.objects.get(template="feedback.received", phone="0912345670").body
    return report


def triaged(officer, an, report, village):
    page = officer.get("/desk/feedback/cho-phan-loai/").content.decode()
    assert str(report) in page
    screen = officer.get(f"/desk/feedback/{report.uuid}/phan-loai/").content.decode()
    lead = re.search(r'<option value="([0-9a-f-]{36})">Phạm Thị An', screen)[1]
    sent = {"a-category": "duong", "a-village": village.code, "a-lead": lead, "from": "triage"}
    officer.post(f"/desk/feedback/{report.uuid}/tiep-nhan/", sent)
    report.refresh_from_db()
    return report.lead_person_id == an.person_id


def merged_from_sms(officer, report):
    take_in(
        SYSTEM, None, message=Incoming("0912345671", "8099", "PA nap cong truong mam non vo, tre con de nga", "t", "9")
    )
    deliver_all()
    twin = Report.objects.get(channel="sms")
    sent = {"number": f"{report.number}/{report.year}", "from": "triage"}
    officer.post(f"/desk/feedback/{twin.uuid}/gop/", sent)
    twin.refresh_from_db()
    assert twin.merged_into == report
    return twin


def answered_by(officer, report):
    home = f"/desk/feedback/{report.uuid}/"
    officer.post(f"{home}nhan-viec/")
    text = {"text": "Xã đã thay nắp cống sáng nay. Cảm ơn ông/bà."}
    assert "Người dân sẽ đọc" in officer.post(f"{home}tra-loi/", text).content.decode()
    officer.post(f"{home}tra-loi/", text | {"send": "1"})
    report.refresh_from_db()
    assert (report.state, report.on_time) == ("answered", True)


def published(leader, client, report):
    home = f"/desk/feedback/{report.uuid}/cong-khai/"
    shot = str(report.photos.get().uuid)
    refused = leader.post(home, {"text": WORDS, "answer": report.answer, "photos": [shot]}).content.decode()
    assert "dữ liệu cá nhân" in refused
    leader.post(home, {"text": CLEAN, "answer": report.answer, "photos": [shot], "shows_place": "on"})
    shown = client.get(f"/portal/feedback/cong-khai/{report.uuid}/").content.decode()
    assert "Xã đã thay nắp cống" in shown
    assert "0912345670" not in shown
    (told,) = client.get("/portal/feedback/open311/v2/requests.json?jurisdiction_id=09157").json()
    assert (told["status"], told["description"]) == ("closed", CLEAN)


def judged(client, report):
    client.cookies.clear()
    client.post("/portal/feedback/theo-doi/", {"code": report.written_code})
    assert "Trả lời của xã" in client.get(f"/portal/feedback/{report.uuid}/").content.decode()
    client.post(f"/portal/feedback/{report.uuid}/danh-gia/", {"rating": "3", "why": ""})
    report.refresh_from_db()
    assert report.satisfaction == 3
