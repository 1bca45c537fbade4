"""The pages, opened and pressed by those who may and by those who may not."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry as Audit
from xaso.modules.feedback import actions
from xaso.modules.feedback.actions import Words
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.photos import receive_photo
from xaso.modules.feedback.tests.factories import TEXT, answered, assigned, photo, post, sent
from xaso.modules.notifications.models import Message

pytestmark = pytest.mark.django_db
FORM = "/portal/feedback/gui/?xa=09157&loai=den"
KEY = "0123456789abcdef0123456789abcdef"


def desk_url(name, *args):
    return reverse(f"desk-feedback:{name}", args=args)


def own(name, *args):
    return reverse(f"portal-feedback:{name}", args=args)


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:600]
    assert len(answer.content) < 100_000
    return answer.content.decode()


def shown_picture(client, address):
    """The bytes of a picture, or the status of who may not see it."""
    answer = client.get(address)
    if answer.status_code != 200:
        return answer.status_code
    return b"".join(answer.streaming_content)


def picture(name="anh.jpg"):
    return SimpleUploadedFile(name, photo().read(), "image/jpeg")


def typed(**more):
    return {"text": TEXT, "place": "Trước nhà văn hoá", "phone": "0912345699", "may_publish": "on",
            "idempotency_key": KEY} | more  # fmt: skip


def test_a_stranger_reports_in_three_pages_and_follows_with_the_code(client, ngu_kien, lien_chau, village):
    assert "Chọn nơi có việc" in page(client, "/portal/feedback/gui/")
    assert "Đèn, điện chiếu sáng" in page(client, "/portal/feedback/gui/?xa=09157")
    form = page(client, FORM)
    assert "Thôn Đồng Mới" in form
    answer = client.post(FORM, typed(village=village.code, photo=[picture()]), follow=True)
    report = Report.objects.get()
    assert (report.village, report.photos.count(), report.hides_name) == (village, 1, True)
    shown = answer.content.decode()
    assert report.written_code in shown
    assert "Xã đã nhận phản ánh" in shown
    assert shown_picture(client, own("photo", report.uuid, report.photos.get().uuid)).startswith(b"\xff\xd8")
    client.cookies.clear()
    assert client.get(own("own", report.uuid)).status_code == 404
    assert client.get(own("photo", report.uuid, report.photos.get().uuid)).status_code == 404
    found = client.post(own("follow"), {"code": report.written_code.lower()}, follow=True)
    assert "Phản ánh 1/2026" in found.content.decode()
    assert "Không có phản ánh mang mã này" in client.post(own("follow"), {"code": "AAAAA-AAAAA"}).content.decode()


def test_a_sender_chooses_who_reads_the_name(client, browser_of, ngu_kien, minh, an, thu, hoa):
    """The handler alone, unless the sender lets every officer read it; and never everybody."""
    assert "Ai được xem tên, số điện thoại của tôi?" in page(client, FORM)
    client.post(FORM, typed(name="Nguyễn Văn Dân", name_for="handler"))
    client.post(FORM, typed(name="Trần Thị Mở", name_for="office", phone="0912345688", idempotency_key="b" * 32))
    open_one, kept = Report.objects.order_by("-pk")
    assert (kept.hides_name, open_one.hides_name) == (True, False)
    actions.accept(minh, kept, lead=post(an))
    actions.accept(minh, open_one, lead=post(an))
    shown = {one: page(browser_of(one), kept.get_absolute_url()) for one in (minh, an, thu, hoa)}
    for reader in (minh, thu, hoa):
        assert "Người gửi chỉ cho người xử lý xem tên" in shown[reader]
        assert "Nguyễn Văn Dân" not in shown[reader]
        assert "0912345699" not in shown[reader]
    assert "Nguyễn Văn Dân" in shown[an]
    assert "0912345699" in shown[an]
    assert "Trần Thị Mở" in page(browser_of(thu), open_one.get_absolute_url())


def test_before_anybody_has_it_who_decides_may_call_the_sender(browser_of, ngu_kien, minh, an):
    report = sent(ngu_kien)
    assert "Nguyễn Văn Dân" in page(browser_of(minh), desk_url("triage", report.uuid))
    assert "Nguyễn Văn Dân" not in page(browser_of(an), report.get_absolute_url())


def test_the_phone_may_give_its_place_only_on_this_page(client, ngu_kien):
    assert "geolocation=(self)" in client.get(FORM).headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/portal/feedback/").headers["Permissions-Policy"]


def test_what_was_typed_and_photographed_stays_after_a_refusal(client, ngu_kien):
    answer = client.post(FORM, typed(place="", photo=[picture()]))
    text = answer.content.decode()
    assert "chọn thôn" in text
    assert TEXT in text
    assert "Đã giữ 1 ảnh" in text
    sealed = re.search(r'name="sealed" value="([^"]+)"', text)[1]
    client.post(FORM, typed(sealed=sealed))
    assert Report.objects.get().photos.count() == 1


def test_a_bad_photo_is_told_and_the_good_one_stays(client, ngu_kien):
    bad = SimpleUploadedFile("virus.jpg", b"MZ" + bytes(300), "image/jpeg")
    text = client.post(FORM, typed(photo=[picture(), bad])).content.decode()
    assert "virus.jpg" in text
    assert "Đã giữ 1 ảnh" in text
    assert not Report.objects.exists()


def test_the_form_sent_twice_is_one_report(client, ngu_kien):
    first, second = client.post(FORM, typed()), client.post(FORM, typed())
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1


def test_one_address_cannot_drown_a_commune(client, ngu_kien):
    allowed = desk().limits.address_hour
    for number in range(allowed):
        client.post(FORM, typed(phone="", idempotency_key=f"{number:032d}"))
    assert Report.objects.count() == allowed
    text = client.post(FORM, typed(phone="", idempotency_key=f"{99:032d}")).content.decode()
    assert "quá nhiều" in text
    assert TEXT in text


def test_codes_are_not_guessed(client, ngu_kien):
    for _ in range(20):
        client.post(own("follow"), {"code": "AAAAA-AAAAA"})
    assert client.post(own("follow"), {"code": sent(ngu_kien).code}).status_code == 409


@pytest.fixture
def confirmed(settings, tmp_path):
    """A content folder that asks for a confirmed phone."""
    text = (settings.CONTENT_DIRS[0] / "feedback.yaml").read_text(encoding="utf-8")
    (tmp_path / "feedback.yaml").write_text(text.replace("phone: optional", "phone: confirmed"), encoding="utf-8")
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    desk.cache_clear()
    yield
    desk.cache_clear()


def test_a_phone_is_confirmed_where_content_asks_for_it(client, confirmed, ngu_kien, minh, browser_of):
    assert "Hãy ghi số điện thoại" in client.post(FORM, typed(phone="")).content.decode()
    answer = client.post(FORM, typed(), follow=True)
    assert "Còn một bước" in answer.content.decode()
    report = Report.objects.get()
    assert (report.state, report.due_at) == ("unconfirmed", None)
    assert TEXT not in page(browser_of(minh), desk_url("inbox"))
    code = re.match(r"\d{6}", Message.objects.get(template="feedback.confirm").body)[0]
    wrong = "000000" if code != "000000" else "111111"
    assert client.post(own("confirm", report.uuid), {"code": wrong}).status_code == 409
    client.post(own("confirm", report.uuid), {"code": code})
    report.refresh_from_db()
    assert report.state == "received"
    assert report.due_at
    assert Message.objects.filter(template="feedback.received").exists()


def test_three_decisions_on_one_screen_and_the_next_one_opens(browser_of, minh, an, ngu_kien, village):
    officer = browser_of(minh)
    one, two, three = sent(ngu_kien), sent(ngu_kien), sent(ngu_kien, village=village)
    assert page(officer, desk_url("inbox")).index("Phản ánh 1/2026") < page(officer, desk_url("inbox")).index("3/2026")
    shown = page(officer, desk_url("triage", one.uuid))
    assert "Phạm Thị An, Chuyên viên" in shown
    assert "Có thể trùng với" in shown
    said = {"a-category": "den", "a-village": village.code, "a-lead": str(post(an).uuid), "from": "triage"}
    assert officer.post(desk_url("accept", one.uuid), said).headers["Location"] == desk_url("triage", two.uuid)
    assert officer.post(desk_url("merge", two.uuid), {"twin": "", "from": "triage"}).status_code == 409
    answer = officer.post(desk_url("merge", two.uuid), {"twin": "1/2026", "from": "triage"})
    assert answer.headers["Location"] == desk_url("triage", three.uuid)
    answer = officer.post(desk_url("refuse", three.uuid), {"r-why": "no-fact", "r-text": "", "from": "triage"})
    assert answer.headers["Location"] == desk_url("inbox")
    states = list(Report.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["assigned", "duplicate", "refused"]
    assert "Không còn phản ánh nào" in page(officer, desk_url("inbox"))


def test_an_officer_answers_after_reading_the_preview(browser_of, minh, an, ngu_kien):
    report = assigned(ngu_kien, minh, an)
    officer = browser_of(an)
    assert str(report) in page(officer, desk_url("mine"))
    officer.post(desk_url("take", report.uuid))
    text = "Xã đã thay bóng. Liên hệ 0912345678 khi cần."
    shown = officer.post(desk_url("answer", report.uuid), {"text": text}).content.decode()
    assert "Người dân sẽ đọc" in shown
    assert "số điện thoại" in shown
    report.refresh_from_db()
    assert report.state == "handling"
    officer.post(desk_url("answer", report.uuid), {"text": text, "send": "1"})
    report.refresh_from_db()
    assert (report.state, report.answer) == ("answered", text)


def test_publishing_shows_what_is_wrong_and_keeps_what_was_typed(browser_of, client, minh, an, hoa, ngu_kien):
    report = answered(ngu_kien, minh, an, photos=[receive_photo(photo())])
    leader, shot = browser_of(hoa), report.photos.get()
    assert str(report) in page(leader, desk_url("to_publish"))
    assert client.get(own("public_photo", report.uuid, shot.uuid)).status_code == 404
    wrong = leader.post(
        desk_url("publish", report.uuid), {"text": "Gọi 0912345699", "answer": "Xong."}
    ).content.decode()
    assert "dữ liệu cá nhân" in wrong
    assert "Gọi 0912345699" in wrong
    said = {"text": "Đèn hỏng", "answer": "Đã thay bóng.", "photos": [str(shot.uuid)]}
    leader.post(desk_url("publish", report.uuid), said)
    shown = page(client, "/portal/feedback/cong-khai/?xa=09157")
    assert "Đã thay bóng." in shown
    one = page(client, own("public", report.uuid))
    for secret in ("Nguyễn Văn Dân", "0912345699", "Phạm Thị An", report.code, "nhà văn hoá"):
        assert secret not in shown + one
    assert shown_picture(client, own("public_photo", report.uuid, shot.uuid)).startswith(b"\xff\xd8")
    assert "Đã thay bóng." not in page(client, "/portal/feedback/cong-khai/?xa=09157&loai=rac")


def test_the_sender_rates_disagrees_and_takes_back_consent(client, minh, an, hoa, ngu_kien):
    report = answered(ngu_kien, minh, an)
    actions.publish(hoa, report, text="Đèn hỏng")
    client.post(own("follow"), {"code": report.code})
    shown = page(client, own("own", report.uuid))
    assert "Trả lời của xã" in shown
    assert "Phạm Thị An" not in shown
    assert client.post(own("rate", report.uuid), {"rating": "1", "why": ""}).status_code == 409
    client.post(own("rate", report.uuid), {"rating": "1", "why": "Đèn lại tắt"})
    client.post(own("withdraw_consent", report.uuid))
    assert client.get(own("public", report.uuid)).status_code == 404
    client.post(own("reopen", report.uuid), {"why": "Đèn lại tắt ngay hôm sau"})
    report.refresh_from_db()
    assert (report.state, report.rounds, report.shown) == ("accepted", 2, "kept")


def test_the_sender_answers_a_question_with_a_photo(client, minh, ngu_kien):
    report = actions.ask_more(minh, sent(ngu_kien), question=actions.Words("Cột số mấy?"))
    client.post(own("follow"), {"code": report.code})
    assert "Cột số mấy?" in page(client, own("own", report.uuid))
    client.post(own("give_more", report.uuid), {"m-text": "Cột số 7", "photo": [picture()]})
    report.refresh_from_db()
    assert (report.state, report.photos.count()) == ("received", 1)


def test_nobody_acts_for_another_sender(browser_of, client, lan, nam, minh, an, ngu_kien):
    report = answered(ngu_kien, minh, an, by=lan)
    stranger = browser_of(nam)
    for name in ("rate", "reopen", "withdraw_consent", "confirm", "give_more"):
        sent_values = {"rating": "3", "why": "Không", "code": "1", "m-text": "x"}
        assert stranger.post(own(name, report.uuid), sent_values).status_code == 404, name
    assert stranger.get(own("own", report.uuid)).status_code == 404
    resident = browser_of(lan)
    assert str(report) in page(resident, own("mine"))
    assert str(report) not in page(stranger, own("mine"))
    assert "Trả lời của xã" in page(resident, own("own", report.uuid))
    assert client.get(own("mine")).status_code == 302


def test_a_confidential_report_is_shut_to_the_named_and_to_colleagues(browser_of, minh, an, hoa, thu, ngu_kien):
    shots = [receive_photo(photo())]
    report = sent(ngu_kien, category="can-bo", text="Ông Lê Văn Minh hách sách với dân", photos=shots)
    shot = report.photos.get().uuid
    for actor in (minh, an, thu):
        officer = browser_of(actor)
        for name in ("report", "triage"):
            if name == "report" or actor is not an:
                assert officer.get(desk_url(name, report.uuid)).status_code == 404
        assert officer.get(desk_url("photo", report.uuid, shot)).status_code == 404
        assert officer.get(f"/tep/{report.photos.get().file.uuid}/").status_code in {403, 404}
        assert "hách sách" not in page(officer, desk_url("listed"))
    leader = browser_of(hoa)
    assert "hách sách" in page(leader, desk_url("report", report.uuid))
    assert shown_picture(leader, desk_url("photo", report.uuid, shot)).startswith(b"\xff\xd8")
    assert Audit.objects.filter(subject=report.ref).exists()


def test_reading_is_on_record(browser_of, hoa, ngu_kien):
    report = sent(ngu_kien)
    before = Audit.objects.count()
    page(browser_of(hoa), desk_url("report", report.uuid))
    assert Audit.objects.filter(subject=report.ref).count() >= 1
    assert Audit.objects.count() > before


def test_the_counter_writes_down_and_reads_out_the_code(browser_of, minh, ngu_kien):
    officer = browser_of(minh)
    assert "Ghi đúng lời người dân" in page(officer, desk_url("intake"))
    said = {"channel": "phone", "category": "rac", "text": "Rác tồn ở chợ ba hôm nay", "place": "Chợ", "phone": "12"}
    wrong = officer.post(desk_url("intake"), said | {"idempotency_key": "k"}).content.decode()
    assert "đầu số ngắn" in wrong
    assert "Rác tồn" in wrong
    answer = officer.post(desk_url("intake"), said | {"phone": "0912345600", "idempotency_key": "k"}, follow=True)
    report = Report.objects.get()
    assert report.channel == "phone"
    assert report.written_code in answer.content.decode()


def test_leaders_see_the_board_the_month_and_the_csv(browser_of, minh, an, hoa, ngu_kien, village, monday):
    assigned(ngu_kien, minh, an, village=village)
    answered(ngu_kien, minh, an, category="rac")
    village.name = "=1+1"
    village.save()
    monday.shift(timedelta(days=40))
    leader = browser_of(hoa)
    board = page(leader, desk_url("overdue"))
    assert "Phạm Thị An" in board
    assert "cần kiểm chứng" in board
    sheet = page(leader, desk_url("month") + "?thang=2026-03")
    assert "Rác, môi trường" in sheet
    csv = leader.get(desk_url("month_csv") + "?thang=2026-03").content.decode("utf-8-sig")
    assert "Cộng,2,1,1,0,0,1,0,0" in csv
    assert "'=1+1" in csv
    assert browser_of(minh).get(desk_url("overdue")).status_code == 403
    assert "Phản ánh, kiến nghị của người dân" in page(leader, "/cockpit/")


def test_first_pages_tell_of_reports(browser_of, client, minh, lan, ngu_kien):
    sent(ngu_kien)
    assert "Chờ phân loại" in page(browser_of(minh), "/desk/")
    assert "Gửi phản ánh, kiến nghị" in page(client, "/")
    assert "Chưa có số liệu" in page(client, "/portal/feedback/so-lieu/?xa=09157")


def test_another_unit_opens_and_presses_nothing(browser_of, tam, minh, an, ngu_kien):
    report = assigned(ngu_kien, minh, an)
    stranger = browser_of(tam)
    assert str(report) not in page(stranger, desk_url("listed"))
    for name in ("report", "triage"):
        assert stranger.get(desk_url(name, report.uuid)).status_code == 404
    for name in ("accept", "refuse", "forward", "merge", "ask_more", "confide", "take"):
        assert stranger.post(desk_url(name, report.uuid)).status_code == 404, name
    for name in ("assign", "extend", "publish", "keep_private", "close"):
        assert stranger.post(desk_url(name, report.uuid)).status_code == 403, name


def test_long_lists_go_on_page_by_page_with_few_questions(
    browser_of, client, minh, hoa, an, ngu_kien, django_assert_max_num_queries
):
    for number in range(24):
        report = actions.take_in(minh, ngu_kien, given=_counter(number))
        if number < 17:
            actions.accept(minh, report, lead=post(an))
            actions.publish(hoa, report, text=f"Việc số {number} ở thôn")
    officer = browser_of(hoa)
    with django_assert_max_num_queries(14):
        first = page(officer, desk_url("listed"))
    assert "Phản ánh 24/2026" in first
    second = page(officer, desk_url("listed") + re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&"))
    assert "Phản ánh 4/2026" in second
    with django_assert_max_num_queries(16):
        page(officer, desk_url("overdue"))
    with django_assert_max_num_queries(8):
        shown = page(client, "/portal/feedback/cong-khai/?xa=09157")
    assert "Việc số 16" in shown
    following = re.search(r'rel="next" href="([^"]+)"', shown)[1].replace("&amp;", "&")
    more = page(client, "/portal/feedback/cong-khai/" + following)
    assert "Việc số 0 " in more


def _counter(number):
    return actions.Given("counter", "den", f"Đèn đường cột số {number} hỏng", place="Đường làng", may_publish=True)


def test_a_colleague_gives_an_opinion(browser_of, minh, an, thu, ngu_kien):
    report = actions.accept(minh, sent(ngu_kien), lead=post(an), support=[post(thu)])
    helper = browser_of(thu)
    assert str(report) in page(helper, desk_url("mine") + "?phan=phoi-hop")
    part = report.parts.get(role="support")
    helper.post(desk_url("contribute", part.uuid), {"opinion": "Đã xem hiện trường."})
    assert "Đã xem hiện trường." in page(helper, desk_url("report", report.uuid))


def test_words_of_residents_are_shown_as_words(browser_of, client, minh, an, hoa, ngu_kien):
    evil = "<script>alert(1)</script> đèn hỏng cả tuần rồi"
    report = answered(ngu_kien, minh, an, text=evil, place="<img src=x onerror=alert(1)>")
    actions.rate(SYSTEM, report, stars=1, why=Words("<b>không</b>"))
    for actor, address in ((minh, desk_url("report", report.uuid)), (hoa, desk_url("publish", report.uuid))):
        shown = page(browser_of(actor), address)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "&lt;script&gt;" in shown
