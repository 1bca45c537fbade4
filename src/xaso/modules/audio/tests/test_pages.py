"""The pages of recordings: what is heard is first seen, and what was typed stays."""

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.modules.audio.actions import say
from xaso.modules.audio.models import Recording
from xaso.modules.audio.tests import sounds

pytestmark = pytest.mark.django_db
URL = "/desk/audio/"


def test_what_will_be_read_is_shown_before_it_is_made(phuc, browser_of):
    browser = browser_of(phuc)
    shown = browser.post(f"{URL}doc/", {"text": "Cắt điện lúc 7h30", "voice": "bac"})
    assert "Cắt điện lúc bảy giờ ba mươi phút." in shown.content.decode()
    assert not Recording.objects.exists()
    made = browser.post(
        f"{URL}doc/",
        {
            "text": "Cắt điện lúc 7h30", "read_from": "Cắt điện lúc 7h30", "voice": "bac", "step": "make",
            "spoken": "Cắt điện lúc bảy giờ rưỡi.",
        },
    )  # fmt: skip
    recording = Recording.objects.get()
    assert made.url == recording.get_absolute_url()
    assert recording.spoken == "Cắt điện lúc bảy giờ rưỡi."
    waiting = browser.get(made.url)
    assert waiting.headers["Refresh"] == "3"
    deliver_all()
    page = browser.get(made.url)
    assert "<audio" in page.content.decode()
    assert "Refresh" not in page.headers


def test_a_text_changed_afterwards_is_read_anew(phuc, browser_of):
    data = {
        "text": "Họp lúc 8h",
        "read_from": "Họp lúc 7h",
        "spoken": "Họp lúc bảy giờ.",
        "voice": "bac",
        "step": "make",
    }
    page = browser_of(phuc).post(f"{URL}doc/", data).content.decode()
    assert "Họp lúc tám giờ." in page
    assert not Recording.objects.exists()


def test_too_long_is_told_and_kept(phuc, browser_of):
    text = "Thông báo. " * 900
    data = {"text": text, "read_from": text.strip(), "spoken": "a", "voice": "bac", "step": "make"}
    page = browser_of(phuc).post(f"{URL}doc/", data).content.decode()
    assert "quá mức 8000" in page
    assert page.count("Thông báo.") > 800


def test_a_sound_is_taken_listened_to_in_parts_and_put_away(phuc, browser_of):
    browser = browser_of(phuc)
    sent = browser.post(
        f"{URL}thu/", {"title": "Thôn đọc", "sound": sounds.upload(sounds.wav(sounds.tone(2)), "a.wav")}
    )
    deliver_all()
    heard = browser.get(f"{sent.url}nghe.mp3")
    whole = b"".join(heard.streaming_content)
    assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/mpeg")
    part = browser.get(f"{sent.url}nghe.mp3", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert browser.get(f"{sent.url}nghe.mp3", headers={"Range": "bytes=-5"}).content == whole[-5:]
    beyond = browser.get(f"{sent.url}nghe.mp3", headers={"Range": "bytes=9999999-"})
    assert (beyond.status_code, b"".join(beyond.streaming_content)) == (200, whole)
    browser.post(f"{sent.url}cat/")
    assert browser.get(URL).context["rows"] == []


def test_a_bad_sound_is_told_on_the_form(phuc, browser_of):
    answer = browser_of(phuc).post(f"{URL}thu/", {"title": "Thôn đọc", "sound": sounds.upload(b"xin chao" * 99)})
    assert "không phải tệp âm thanh" in answer.content.decode()
    assert "Thôn đọc" in answer.content.decode()
    assert not Recording.objects.exists()


def test_the_page_may_use_the_microphone_and_works_without(phuc, browser_of):
    page = browser_of(phuc).get(f"{URL}thu/")
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "blob:" in page.headers["Content-Security-Policy"]
    assert 'enctype="multipart/form-data"' in page.content.decode()


def test_others_hear_nothing(phuc, tam, lan, bay, browser_of, ngu_kien):
    made = say(phuc, ngu_kien, text="Xin chào")
    for stranger in (tam, lan, bay):
        assert browser_of(stranger).get(made.listen_url).status_code in {302, 403, 404}


def test_the_list_asks_little(phuc, browser_of, ngu_kien, django_assert_max_num_queries):
    for number in range(40):
        say(phuc, ngu_kien, text=f"Thông báo thứ {number + 100}")
    browser = browser_of(phuc)
    browser.get(URL)
    with django_assert_max_num_queries(8):
        page = browser.get(URL).content.decode()
    assert "Thông báo thứ 139" in page
    assert "Thông báo thứ 100" not in page
    assert "Trang sau" in page
