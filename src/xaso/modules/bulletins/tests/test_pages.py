"""The pages as the people who use them see them. Nothing typed is lost; nothing is shown to others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.modules.audio.models import Recording
from xaso.modules.bulletins import actions
from xaso.modules.bulletins.definitions import starters
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.tests.conftest import TEXT, again, deliver, make_sound, words

NEW = "/desk/bulletins/soan/moi/"


def typed(unit, **changes):
    kept = {
        "title": "Mời họp thôn", "text": TEXT, "klass": "normal", "topic": "meetings", "unit_paths": [unit.path],
        "channels": ["speakers", "sms", "web", "inbox"], "when": "now", "loops": "1", "zalo_template": "",
        "go": "preview",
    }  # fmt: skip
    return kept | changes


def text_of(response):
    return response.content.decode()


def sound_at(browser, url):
    response = browser.get(url)
    assert response.headers["Content-Type"] == "audio/mpeg"
    return response.getvalue()


def test_every_notice_to_begin_from_can_be_written_and_is_refused_while_it_has_blanks(phuc, ngu_kien, browser_of):
    assert len(starters()) >= 6
    browser = browser_of(phuc)
    page = text_of(browser.get("/desk/bulletins/soan/"))
    for code, one in starters().items():
        assert one.name in page
        assert one.title in text_of(browser.get(f"{NEW}?mau={code}"))
        content = words(ngu_kien, title=one.title, text=one.text, topic=one.topic, channels=one.channels, sms=one.sms)
        made = actions.write(phuc, ngu_kien, content=content)
        if "[" in one.title + one.text:
            assert "Còn chỗ chưa điền" in text_of(browser.get(made.get_absolute_url()))


def test_written_looked_at_and_handed_in(phuc, ngu_kien, people, devices, browser_of):
    browser = browser_of(phuc)
    response = browser.post(NEW, typed(ngu_kien))
    made = Bulletin.objects.get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert Recording.objects.get().state == "making"
    assert "Lời đọc đang được tạo" in text_of(browser.get(made.get_absolute_url()))
    make_sound()
    page = text_of(browser.get(made.get_absolute_url()))
    for wanted in ("20 giây", "2 loa", "2 số điện thoại", "đoạn mỗi người", "tiết kiệm", "Hiển thị cho", "Trình duyệt",
                   "/nghe/"):  # fmt: skip
        assert wanted in page, wanted
    assert sound_at(browser, f"{made.get_absolute_url()}nghe/")
    assert browser.post(f"{made.get_absolute_url()}trinh/").status_code == 302
    assert again(made).state == "submitted"


def test_twenty_thousand_characters_are_refused_and_nothing_is_lost(phuc, ngu_kien, browser_of):
    long = "câu dài " * 2_600
    page = text_of(browser_of(phuc).post(NEW, typed(ngu_kien, text=long)))
    assert "nhiều hơn mức 20.000" in page
    assert "Chữ đã viết vẫn còn" in page
    assert long.strip() in page
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"when": "at"}, "ngày gửi"), ({"when": "at", "day": "18/11/2026", "hour": "25:00"}, "19:30"),
     ({"when": "weekly", "days": ["0"], "times": "5 giờ", "until_day": "30/11/2026"}, "19:30"),
     ({"when": "weekly"}, "các ngày trong tuần"), ({"title": ""}, "Hãy ghi tiêu đề"),
     ({"unit_paths": ["26.252.09055."]}, "không"), ({"loops": "40"}, "10")],
)  # fmt: skip
def test_what_the_form_does_not_take(phuc, ngu_kien, browser_of, changes, word):
    page = text_of(browser_of(phuc).post(NEW, typed(ngu_kien, **changes)))
    assert word in page
    assert "Kính mời đại diện các hộ dự họp." in page
    assert not Bulletin.objects.exists()


def test_weekly_as_people_type_it(phuc, ngu_kien, browser_of):
    changes = {"when": "weekly", "days": ["0", "4"], "times": "5h30 và 17:00", "until_day": "31/12/2026", "go": "draft"}
    browser = browser_of(phuc)
    browser.post(NEW, typed(ngu_kien, **changes))
    made = Bulletin.objects.get()
    assert made.weekly == {"days": [0, 4], "times": ["05:30", "17:00"]}
    assert "05:30, 17:00" in text_of(browser.get(f"{made.get_absolute_url()}sua/"))


def test_an_edit_of_an_old_page_is_refused_and_keeps_the_words(draft, phuc, ngu_kien, browser_of):
    actions.edit(phuc, draft, content=words(ngu_kien, text="Một."), revision=0)
    url = f"{draft.get_absolute_url()}sua/"
    page = text_of(browser_of(phuc).post(url, typed(ngu_kien, text="Hai, viết lâu lắm.", revision="0")))
    assert "lưu ở chỗ khác" in page
    assert "Hai, viết lâu lắm." in page


def test_a_broken_picture_does_not_cost_the_text(phuc, ngu_kien, browser_of):
    broken = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff nothing", content_type="image/jpeg")
    response = browser_of(phuc).post(NEW, typed(ngu_kien, picture=broken), follow=True)
    assert "tệp kèm theo chưa nhận được" in text_of(response)
    assert Bulletin.objects.get().text == TEXT


def test_the_leader_decides_on_one_page(submitted, hoa, browser_of, django_assert_max_num_queries):
    browser = browser_of(hoa)
    assert submitted.title in text_of(browser.get("/desk/"))
    url = submitted.get_absolute_url()
    with django_assert_max_num_queries(90):
        page = text_of(browser.get(url))
    assert page.index("Loa truyền thanh") < page.index("Duyệt và gửi") < page.index("Không duyệt")
    response = browser.post(f"{url}duyet/", {"content_hash": submitted.content_hash})
    assert response.status_code == 302
    assert again(submitted).state == "approved"


def test_the_leader_refuses_with_words(submitted, hoa, phuc, browser_of):
    url = submitted.get_absolute_url()
    assert browser_of(hoa).post(f"{url}khong-duyet/", {"reason": ""}).status_code == 409
    browser_of(hoa).post(f"{url}khong-duyet/", {"reason": "Ghi rõ phòng họp."})
    page = text_of(browser_of(phuc).get("/desk/"))
    assert "Bị trả lại" in page
    assert "Ghi rõ phòng họp." in text_of(browser_of(phuc).get(f"{url}sua/"))


def test_what_would_be_refused_is_refused_before(phuc, ngu_kien, people, browser_of):
    """No loudspeaker and no page: said on the page, and handing in is refused with the channel's name."""
    made = actions.write(phuc, ngu_kien, content=words(ngu_kien, channels=("speakers", "facebook", "zalo", "web")))
    browser, url = browser_of(phuc), made.get_absolute_url()
    page = text_of(browser.get(url))
    for wanted in ("chưa có loa nào", "chưa khai báo trang Facebook", "chưa nối trang Zalo OA"):
        assert wanted in page
    answer = browser.post(f"{url}trinh/")
    assert answer.status_code == 409
    assert "Loa truyền thanh:" in text_of(answer)


def test_quiet_hours_are_said_before_not_after(phuc, ngu_kien, people, devices, browser_of):
    from xaso.modules.bulletins.tests.conftest import MONDAY

    noon = words(ngu_kien, starts_at=MONDAY.replace(hour=23))
    made = actions.write(phuc, ngu_kien, content=noon)
    from xaso.modules.bulletins.actions.drafting import speak

    speak(phuc, made)
    make_sound()
    browser = browser_of(phuc)
    assert "giờ yên tĩnh" in text_of(browser.get(made.get_absolute_url())).lower()
    assert browser.post(f"{made.get_absolute_url()}trinh/").status_code == 409


def test_an_emergency_in_two_steps_without_javascript(truc, hoa, ngu_kien, people, devices, browser_of):
    browser, url = browser_of(truc), "/desk/bulletins/khan-cap/"
    form = {
        "title": "Nước lên nhanh", "text": "Di dời ngay.", "reason": "Vượt báo động 3.", "unit_paths": [ngu_kien.path],
        "channels": ["speakers", "sms", "inbox"],
    }  # fmt: skip
    assert "Gửi khẩn cấp" in text_of(browser.get(url))
    asked = text_of(browser.post(url, form))
    assert "Gửi ngay bây giờ?" in asked
    assert not Bulletin.objects.exists()
    assert "Hãy ghi lý do" in text_of(browser.post(url, form | {"reason": "", "confirmed": "1"}))
    assert not Bulletin.objects.exists()
    assert browser.post(url, form | {"confirmed": "1"}).status_code == 302
    made = Bulletin.objects.get()
    deliver()
    assert again(made).state == "running"
    assert "chờ xem xét" in text_of(browser_of(hoa).get("/desk/"))
    page = text_of(browser_of(hoa).get(made.get_absolute_url()))
    assert "Vượt báo động 3." in page
    browser_of(hoa).post(f"{made.get_absolute_url()}xem-xet/", {"verdict": "right", "remark": ""})
    assert again(made).verdict == "right"


def test_the_author_who_leads_is_told_why_there_is_no_button(submitted, hoa, browser_of):
    Bulletin.objects.filter(pk=submitted.pk).update(writers=[hoa.account_id])
    page = text_of(browser_of(hoa).get(submitted.get_absolute_url()))
    assert "Người viết không tự duyệt" in page
    assert "Duyệt và gửi" not in page


def test_the_list_by_state(draft, phuc, ngu_kien, browser_of, django_assert_max_num_queries):
    for number in range(25):
        actions.write(phuc, ngu_kien, content=words(ngu_kien, title=f"Tin {number}"))
    browser = browser_of(phuc)
    with django_assert_max_num_queries(14):
        page = text_of(browser.get("/desk/bulletins/"))
    assert "Tin 24" in page
    assert "Tin 2<" not in page
    assert "after=" in page
    assert "Chưa có bản tin nào" in text_of(browser.get("/desk/bulletins/?trang-thai=done"))
    assert browser.get("/desk/bulletins/?trang-thai=x&after=99x").status_code == 200


def test_a_series_is_found_together(draft, phuc, ngu_kien, browser_of):
    for number in range(2):
        actions.write(phuc, ngu_kien, content=words(ngu_kien, title=f"Nông vụ {number}"), series="Bản tin nông vụ")
    page = text_of(browser_of(phuc).get("/desk/bulletins/", {"loat": "Bản tin nông vụ"}))
    assert "Nông vụ 0" in page
    assert draft.title not in page


def test_the_public_page(sent, client, phuc, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = text_of(client.get(sent.public_url))
    assert "19 giờ 30 ngày 18/11/2026" in page
    assert sound_at(client, f"{sent.public_url}nghe/")
    assert sent.title in text_of(client.get("/portal/bulletins/?xa=09157"))
    actions.cancel(phuc, sent, reason="Hoãn họp vì mưa.")
    page = text_of(client.get(sent.public_url))
    assert "Hoãn họp vì mưa." in page
    assert client.get(f"{sent.public_url}nghe/").status_code == 404
    assert sent.title not in text_of(client.get("/portal/bulletins/"))


def test_nobody_reads_what_is_not_out(approved, client):
    assert client.get(approved.public_url).status_code == 404
    assert client.get(f"{approved.public_url}nghe/").status_code == 404
    assert client.get(approved.get_absolute_url()).status_code == 302


def test_who_may_open_what(draft, minh, lan, bay, browser_of):
    for actor in (minh, lan, bay):
        assert browser_of(actor).get(draft.get_absolute_url()).status_code in {403, 404}
    assert browser_of(bay).get("/desk/bulletins/khan-cap/").status_code == 403
    assert browser_of(bay).get("/desk/bulletins/").status_code == 200


def test_buttons_that_change_something_want_a_post(draft, phuc, browser_of):
    for part in ("trinh/", "duyet/", "huy/", "chep/", "xoa/", "gui-lai/"):
        assert browser_of(phuc).get(f"{draft.get_absolute_url()}{part}").status_code in {403, 405}
