"""Every page about recordings, live sound and alerts, and a voice recorded and spoken live in a real browser."""

import time
from types import SimpleNamespace

import pytest
from django.urls import get_resolver, resolve

from tests.browser.conftest import DEVICE_NAME
from tests.browser.test_every_page import pages
from xaso.core.outbox.actions import deliver_all
from xaso.modules.alerts.actions import arm_drill, disarm_drill, take_in
from xaso.modules.alerts.tests.samples import info, xml
from xaso.modules.audio import queries as audio
from xaso.modules.audio.actions import open_live, say
from xaso.modules.audio.models import Live, Recording
from xaso.modules.audio.tests import stations

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("desk-audio:", "desk-alerts:")
TEXT = "UBND xã thông báo: từ 7h30 đến 9h ngày 12/3/2026 cắt điện để sửa đường dây 110kV.\n" * 3
# Answers to a POST, or a file to be saved.
ELSEWHERE = {"desk-alerts:act", "desk-alerts:dismiss", "desk-alerts:source", "desk-audio:listen"}
FAKE = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def made(monday, settings, tmp_path, truc, phuc, ngu_kien):
    settings.DATA_DIR = tmp_path
    ready = say(phuc, ngu_kien, text=TEXT)
    deliver_all()
    failed = say(phuc, ngu_kien, text="Chờ máy làm")
    Recording.objects.filter(pk=failed.pk).update(state="failed", why="Máy đọc gặp lỗi. Hãy thử lại.", speech_key="")
    waiting = take_in(truc, ngu_kien, source=xml())
    less = take_in(truc, ngu_kien, source=xml("VN-2", infos=(info(urgency="Expected", headline="Mưa lớn diện rộng"),)))
    test = take_in(truc, ngu_kien, source=xml("VN-3", status="Exercise"))
    return SimpleNamespace(recordings=(ready, failed), alerts=(waiting, less, test))


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, truc, phuc, ngu_kien, walker):
    duty, voice = walker(truc), walker(phuc)
    live = open_live(truc, ngu_kien, title="Nước lên báo động 3")
    heard = ["/desk/audio/", "/desk/audio/?words=khong-co", "/desk/audio/doc/", "/desk/audio/thu/"]
    heard += [one.get_absolute_url() for one in made.recordings]
    on_duty = ["/desk/audio/truc-tiep/", "/desk/audio/truc-tiep/micro/", "/desk/audio/truc-tiep/tiep-song/"]
    on_duty += [live.get_absolute_url(), "/desk/alerts/", "/desk/alerts/?klass=normal", "/desk/alerts/nhan/"]
    on_duty += ["/desk/alerts/dien-tap/", *(one.get_absolute_url() for one in made.alerts)]
    for path in heard:
        voice.visit(path)
    for path in on_duty:
        duty.visit(path)
    opened = {resolve(path.split("?")[0]).view_name for path in (*heard, *on_duty)}
    assert {name for name in pages(get_resolver()) if name.startswith(OURS)} - opened - ELSEWHERE == set()
    drill = arm_drill(truc, ngu_kien, reason="Diễn tập phòng chống lụt bão, Kế hoạch 15/KH-UBND", hours=2)
    for path in ("/desk/alerts/?dien-tap", made.alerts[2].get_absolute_url() + "?dien-tap", "/desk/?dien-tap"):
        duty.visit(path)
    disarm_drill(truc, drill)


def test_speech_is_corrected_and_heard_on_a_phone_without_scripts(made, phuc, walker):
    phone = walker(phuc, width=320, script=False)
    phone.visit("/desk/audio/doc/")
    page = phone.page
    page.get_by_label("Nội dung").fill("Họp lúc 19h30 tại TBA số 2")
    page.get_by_role("button", name="Xem máy sẽ đọc thế nào").click()
    read = page.get_by_label("Máy sẽ đọc là")
    assert "mười chín giờ ba mươi phút" in read.input_value()
    phone.look("/desk/audio/doc/doc-la")
    read.fill("Họp lúc bảy rưỡi tối tại trạm biến áp số hai.")
    page.get_by_role("button", name="Làm bản thu để nghe").click()
    deliver_all()
    page.reload()
    assert page.locator("audio").is_visible()
    assert Recording.objects.order_by("-pk")[0].spoken == "Họp lúc bảy rưỡi tối tại trạm biến áp số hai."


@pytest.fixture
def microphone(chromium, live_server, walker):
    """`microphone(actor)`: the same person in a browser whose microphone beeps once a second."""
    browsers = []

    def make(actor):
        with_sound = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=FAKE)
        browsers.append(with_sound)
        cookies = walker(actor).context.cookies()
        size = {"width": 360, "height": 800}
        context = with_sound.new_context(viewport=size, permissions=["microphone"], user_agent=DEVICE_NAME)
        context.add_cookies(cookies)
        return context.new_page()

    yield make
    for one in browsers:
        one.close()


def test_a_voice_is_recorded_heard_and_kept(made, phuc, microphone, live_server):
    page = microphone(phuc)
    page.goto(f"{live_server.url}/desk/audio/thu/")
    page.get_by_label("Tên bản thu").fill("Trưởng thôn mời họp")
    page.get_by_role("button", name="Thu", exact=True).click()
    time.sleep(2.5)
    page.get_by_role("button", name="Dừng").click()
    page.locator("[data-recorder-heard]").wait_for(state="visible")
    page.get_by_role("button", name="Giữ bản thu").click()
    page.wait_for_url("**/ban-thu/**")
    deliver_all()
    kept = Recording.objects.get(title="Trưởng thôn mời họp")
    assert (kept.state, kept.why) == ("ready", "")
    assert 1.5 < kept.seconds < 6


def test_a_live_voice_leaves_the_browser_and_is_heard(made, truc, ngu_kien, microphone, live_server, monkeypatch):
    page = microphone(truc)
    with stations.carrier(monkeypatch) as port:
        page.goto(f"{live_server.url}/desk/audio/truc-tiep/micro/")
        page.get_by_label("Nói về việc gì").fill("Nước lên")
        page.get_by_role("button", name="Mở micrô").click()
        page.get_by_role("button", name="Bắt đầu nói").click()
        page.get_by_text("Đang phát").wait_for()
        live = Live.objects.get()
        listener = stations.Listener(port, f"/live/{live.uuid}.mp3")
        end = time.monotonic() + 20
        while len(listener.content) < 2 * stations.BYTES_A_SECOND and time.monotonic() < end:
            page.wait_for_timeout(200)
        page.get_by_role("button", name="Ngừng nói").click()
        page.get_by_role("button", name="Đóng").click()
        page.get_by_text("Đã đóng").first.wait_for()
        listener.stop()
    assert len(listener.content) >= 2 * stations.BYTES_A_SECOND
    assert not audio.live(live.uuid).is_open
