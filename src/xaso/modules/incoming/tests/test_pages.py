"""The pages, opened and pressed by those who may and by those who may not."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from xaso.core.files.models import StoredFile
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.incoming import actions
from xaso.modules.incoming.actions import Stub
from xaso.modules.incoming.handlers import an_answer_was_issued
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.tests.factories import arrived, assigned, post, registered, working
from xaso.modules.outgoing import queries as outgoing
from xaso.modules.outgoing.events import DocumentIssued

pytestmark = pytest.mark.django_db
LINE = {
    "code": "12/UBND-KT", "dated_on": "01/03/2024", "issuer": "UBND huyện Vĩnh Tường", "kind": "",
    "subject": "Về việc rà soát nhà ở", "signer": "Lê Văn Ba", "urgency": "0", "book": "chung", "days": "5",
}  # fmt: skip


def url(name, *args):
    return reverse(f"desk-incoming:{name}", args=args)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def words_of(answer):
    assert answer.headers["Content-Type"] == "application/pdf"
    return " ".join(" ".join(part.extract_text() for part in PdfReader(io.BytesIO(answer.content)).pages).split())


@pytest.fixture
def clerk(browser_of, van):
    return browser_of(van)


@pytest.fixture
def leader(browser_of, hoa):
    return browser_of(hoa)


def test_the_clerk_registers_what_came_by_the_axis_and_goes_on_to_the_next(clerk, hoa, ngu_kien):
    one, two = arrived(ngu_kien), arrived(ngu_kien, urgency="khẩn", subject="Họp gấp")
    shown = page(clerk, url("waiting"))
    assert shown.index("Họp gấp") < shown.index("rà soát nhà ở nông thôn")
    form = page(clerk, url("register", two.uuid))
    assert 'value="12/UBND-KT"' in form
    assert "Họp gấp" in form
    answer = clerk.post(url("register", two.uuid), LINE | {"urgency": "1", "subject": "Họp gấp"})
    assert answer.headers["Location"] == url("register", one.uuid)
    two.refresh_from_db()
    assert (two.state, two.number, two.kind) == ("shown", 1, "cong-van")
    assert f"{two.due_at:%d/%m/%Y}" == "11/03/2024"
    assert clerk.post(url("register", one.uuid), LINE | {"leader": "-"}).headers["Location"] == url("waiting")
    assert "Đã vào sổ, chưa trình" in page(clerk, url("waiting"))


def test_what_was_typed_stays_when_something_is_missing(clerk, ngu_kien):
    one = arrived(ngu_kien)
    shown = clerk.post(url("register", one.uuid), LINE | {"subject": "", "days": "999", "signer": "Trần Thị Gõ"})
    text = shown.content.decode()
    assert "Còn chỗ cần sửa" in text
    assert "Trần Thị Gõ" in text
    one.refresh_from_db()
    assert one.state == "waiting"


def test_paper_is_scanned_and_registered_on_one_page(clerk, ngu_kien, hoa):
    assert "Số sẽ cấp" in page(clerk, url("new"))
    scan = SimpleUploadedFile("cong-van.pdf", PDF, "application/pdf")
    broken = clerk.post(url("new"), LINE | {"subject": "", "is_paper": "on", "file": scan, "idempotency_key": "k1"})
    kept = StoredFile.objects.get()
    assert f'name="upload" value="{kept.uuid}"' in broken.content.decode()
    sent = LINE | {"is_paper": "on", "upload": str(kept.uuid), "idempotency_key": "k1"}
    answer = clerk.post(url("new"), sent)
    made = Document.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert (made.origin, made.is_paper, made.number, made.state) == ("scan", True, 1, "shown")
    kept.refresh_from_db()
    assert kept.subject == made.ref
    assert clerk.post(url("new"), sent).headers["Location"] == made.get_absolute_url()
    assert Document.objects.count() == 1
    assert "cong-van.pdf" in page(clerk, made.get_absolute_url())
    assert "Lê Văn Ba" in page(clerk, url("new"))


def test_a_twin_is_shown_before_it_is_registered_twice(clerk, van, ngu_kien):
    registered(van, ngu_kien)
    answer = clerk.post(url("new"), LINE | {"idempotency_key": "k2"})
    assert "Có thể trùng văn bản" in answer.content.decode()
    assert Document.objects.count() == 1
    clerk.post(url("new"), LINE | {"idempotency_key": "k2", "is_other": "1", "again": "1"})
    assert Document.objects.count() == 2


def test_the_leader_remarks_and_the_next_one_opens(leader, van, hoa, an, thu, ngu_kien):
    one, two = registered(van, ngu_kien), registered(van, ngu_kien)
    assert "12/UBND-KT" in page(leader, url("to_remark"))
    shown = page(leader, url("remark", one.uuid))
    assert "Phạm Thị An, Chuyên viên" in shown
    assert "5 ngày làm việc" in shown
    said = {"text": "Chị An tham mưu.", "lead": str(post(an).uuid), "days": "3", "support": [str(post(thu).uuid)]}
    answer = leader.post(url("remark", one.uuid), said)
    assert answer.headers["Location"] == url("remark", two.uuid)
    one.refresh_from_db()
    assert (one.state, one.lead_name, f"{one.due_at:%d/%m}") == ("assigned", "Phạm Thị An", "07/03")
    assert "chọn người chủ trì" in leader.post(url("remark", two.uuid), {"text": "Lưu."}).content.decode()
    assert "bút phê hoặc chọn" in leader.post(url("remark", two.uuid), {"text": "", "lead": "-"}).content.decode()
    kept = leader.post(url("remark", two.uuid), {"text": "Lưu.", "lead": "-"})
    assert kept.headers["Location"] == url("to_remark")
    assert "Không còn văn bản nào chờ bút phê" in page(leader, url("to_remark"))


def test_a_pile_is_remarked_with_one_press(leader, van, hoa, an, ngu_kien):
    pile = [registered(van, ngu_kien) for _ in range(3)]
    said = {"text": "Triển khai.", "lead": str(post(an).uuid), "days": "10"}
    assert "đánh dấu ít nhất một" in leader.post(url("to_remark"), said).content.decode()
    answer = leader.post(url("to_remark"), said | {"document": [str(pile[0].uuid), str(pile[2].uuid)]})
    assert answer.status_code == 302
    assert list(Document.objects.order_by("pk").values_list("state", flat=True)) == ["assigned", "shown", "assigned"]


def test_an_officer_works_through_the_own_list(browser_of, van, hoa, an, ngu_kien):
    officer = browser_of(an)
    one = assigned(van, hoa, an, ngu_kien, days=3)
    two = assigned(van, hoa, an, ngu_kien, days=None)
    mine = page(officer, url("mine"))
    assert mine.index(str(one)) < mine.index(str(two))
    assert "còn 3 ngày" in mine
    officer.post(url("take", one.uuid))
    shown = page(officer, one.get_absolute_url())
    assert "Kết thúc xử lý" in shown
    assert "Giao chủ trì tham mưu." in shown
    assert officer.post(url("finish", one.uuid), {"outcome": "handled"}).status_code == 409
    officer.post(url("finish", one.uuid), {"outcome": "handled", "note_text": "Đã rà soát."})
    one.refresh_from_db()
    assert (one.state, one.on_time) == ("done", True)
    officer.post(url("give_back", two.uuid), {"reason": "Không phải việc của tôi."})
    two.refresh_from_db()
    assert two.state == "shown"
    assert "Không còn văn bản nào" in page(officer, url("mine"))


def test_helpers_and_readers_have_their_tabs(browser_of, van, hoa, an, thu, minh, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien, support=(post(thu),), know=(post(minh),))
    helper, reader = browser_of(thu), browser_of(minh)
    assert str(document) in page(helper, url("mine") + "?phan=phoi-hop")
    part = document.assignments.get(role="support")
    assert "Gửi ý kiến phối hợp" in page(helper, document.get_absolute_url())
    helper.post(url("contribute", part.uuid), {"opinion": "Nhất trí."})
    assert "Nhất trí." in page(helper, document.get_absolute_url())
    known = document.assignments.get(role="know")
    assert "Đã xem" in page(reader, url("mine") + "?phan=de-biet")
    assert helper.post(url("acknowledge", known.uuid)).status_code == 404
    reader.post(url("acknowledge", known.uuid), follow=True)
    assert str(document) not in page(reader, url("mine") + "?phan=de-biet")


def test_a_head_gives_it_to_somebody_else_on_the_page(browser_of, van, hoa, an, thu, minh, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien)
    head = browser_of(thu)
    assert "Giao lại" in page(head, document.get_absolute_url())
    head.post(url("reassign", document.uuid), {"lead": str(post(minh).uuid), "reason": "Nghỉ phép.", "days": "2"})
    document.refresh_from_db()
    assert document.lead_name == "Lê Văn Minh"


def test_an_answer_is_drafted_here_and_its_issue_ends_the_work(browser_of, van, hoa, an, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien)
    officer = browser_of(an)
    assert "Trả lời văn bản số 12/UBND-KT" in page(officer, document.get_absolute_url())
    answer = officer.post(url("draft_answer", document.uuid), {"kind": "cong-van", "subject": "Trả lời về nhà ở"})
    draft = outgoing.documents_of(document.ref)[0]
    assert answer.headers["Location"] == draft.get_absolute_url()
    assert (draft.answers, draft.addressees) == (document.ref, ["UBND huyện Vĩnh Tường"])
    document.refresh_from_db()
    assert (document.state, document.answer) == ("working", str(draft.uuid))
    assert "Trả lời về nhà ở" in page(officer, document.get_absolute_url())
    again = officer.post(url("draft_answer", document.uuid), {"kind": "cong-van", "subject": "Lần nữa"})
    assert again.status_code == 409
    an_answer_was_issued(DocumentIssued(document=str(draft.uuid), answers=document.ref))
    document.refresh_from_db()
    assert (document.state, document.outcome, document.on_time) == ("done", "answered", True)


def test_recalls_are_answered_on_the_page(clerk, van, ngu_kien):
    document = registered(van, ngu_kien)
    actions.ask_recall(van, document, reason="Sai phụ lục.")
    assert "Nơi gửi đề nghị thu hồi" in page(clerk, document.get_absolute_url())
    clerk.post(url("accept_recall", document.uuid))
    document.refresh_from_db()
    assert document.state == "recalled"


def test_secret_lines_are_for_clerk_and_leader_only(clerk, leader, browser_of, an, van, ngu_kien):
    form = page(clerk, url("new_secret"))
    assert "subject" not in form
    assert 'type="file"' not in form
    sent = {"secrecy": "toi_mat", "code": "03/BC-CAH", "dated_on": "01/03/2024", "issuer": "Công an huyện"}
    clerk.post(url("new_secret"), sent | {"subject": "Nội dung mật"})
    stub = Document.objects.get()
    assert (stub.subject, stub.state, stub.book) == ("", "outside", "mat")
    scan = SimpleUploadedFile("mat.pdf", PDF, "application/pdf")
    assert clerk.post(url("add_files", stub.uuid), {"file": scan}).status_code == 409
    assert not StoredFile.objects.exists()
    assert "Tối mật" in page(leader, stub.get_absolute_url())
    officer = browser_of(an)
    assert officer.get(stub.get_absolute_url()).status_code == 404
    assert "Công an huyện" not in page(officer, url("listed"))
    assert "Công an huyện" in page(clerk, url("book") + "?so=mat")


def test_another_unit_sees_and_presses_nothing(browser_of, van, hoa, an, tam, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    stranger = browser_of(tam)
    assert document.get_absolute_url() not in page(stranger, url("listed"))
    assert document.get_absolute_url() in page(browser_of(an), url("listed"))
    assert stranger.get(document.get_absolute_url()).status_code == 404
    for name in ("take", "give_back", "finish", "draft_answer"):
        sent = {"reason": "x", "outcome": "handled", "note_text": "x", "kind": "cong-van", "subject": "x"}
        assert stranger.post(url(name, document.uuid), sent).status_code == 404, name
    for name in ("register", "amend", "remark", "reassign", "refuse", "show", "reopen", "accept_recall"):
        assert stranger.post(url(name, document.uuid), {"reason": "x"}).status_code == 403, name
    document.refresh_from_db()
    assert document.state == "working"


def test_colleagues_may_look_but_not_press(browser_of, van, hoa, an, minh, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    colleague = browser_of(minh)
    shown = page(colleague, document.get_absolute_url())
    assert "Kết thúc xử lý" not in shown
    sent = {"outcome": "handled", "note_text": "Xong."}
    assert colleague.post(url("finish", document.uuid), sent).status_code == 403
    assert colleague.get(url("waiting")).status_code == 403
    assert colleague.get(url("to_remark")).status_code == 403
    assert colleague.get(url("backlog")).status_code == 403


def test_lists_are_filtered_and_found_by_number(browser_of, van, hoa, an, ngu_kien, monday):
    one = registered(van, ngu_kien, number="77", symbol="KH-UBND")
    late = assigned(van, hoa, an, ngu_kien, days=1)
    monday.shift(timedelta(days=3))
    clerk = browser_of(van)
    assert one.get_absolute_url() not in page(clerk, url("listed") + "?standing=late")
    assert late.get_absolute_url() in page(clerk, url("listed") + "?standing=late")
    assert one.get_absolute_url() in page(clerk, url("listed") + "?q=77/KH-UBND")
    assert late.get_absolute_url() not in page(clerk, url("listed") + "?q=77/KH-UBND")
    assert late.get_absolute_url() in page(clerk, url("listed") + "?q=2/2024")
    assert "Không có văn bản nào khớp" in page(clerk, url("listed") + "?since=01/04/2024")


def test_the_book_of_the_year_is_read_and_printed(clerk, van, hoa, an, ngu_kien):
    assigned(van, hoa, an, ngu_kien)
    actions.register_secret(van, ngu_kien, given=Stub("mat", "Công an huyện"))
    shown = page(clerk, url("book"))
    assert "12/UBND-KT" in shown
    assert "Phạm Thị An" in shown
    printed = words_of(clerk.get(url("print_book") + "?nam=2024&so=chung&thang=3"))
    assert "12/UBND-KT" in printed
    assert "Phạm Thị An" in printed
    assert "12/UBND-KT" not in words_of(clerk.get(url("print_book") + "?nam=2024&so=chung&thang=2"))
    secret = words_of(clerk.get(url("print_book") + "?nam=2024&so=mat"))
    assert "Công an huyện" in secret


def test_the_arrival_stamp_is_on_the_scan_or_on_a_slip(clerk, van, ngu_kien):
    document = registered(van, ngu_kien)
    slip = words_of(clerk.get(url("stamp", document.uuid)))
    assert "ĐẾN" in slip
    assert "04/03/2024" in slip
    waiting = arrived(ngu_kien)
    assert clerk.get(url("stamp", waiting.uuid)).status_code == 409


@pytest.mark.parametrize(
    "address",
    [
        "?after=x",
        "?after=99999999999999999999",
        "?standing=zzz&urgency=9",
        "?since=31/31/2024",
        "?q=%00%27--",
        "?q=1/2/3",
    ],
)
def test_nonsense_in_an_address_breaks_no_list(clerk, van, ngu_kien, address):
    registered(van, ngu_kien)
    assert "Văn bản đến" in page(clerk, url("listed") + address)


def test_nonsense_in_a_form_breaks_no_page(leader, clerk, van, hoa, ngu_kien):
    document = registered(van, ngu_kien)
    said = {"text": "x", "lead": "-", "document": ["z" * 36, "'; --", str(document.uuid).replace("-", "z")]}
    assert "đánh dấu ít nhất một" in leader.post(url("to_remark"), said).content.decode()
    assert leader.post(url("remark", document.uuid), {"lead": "zzz", "support": ["zzz"]}).status_code == 200
    page(clerk, url("waiting") + "?after=9|x")
    words_of(clerk.get(url("print_book") + "?thang=123&nam=20245&so=zzz"))
    document.refresh_from_db()
    assert document.state == "shown"


def test_the_first_pages_show_what_waits(clerk, leader, browser_of, van, hoa, an, ngu_kien):
    arrived(ngu_kien)
    registered(van, ngu_kien)
    assigned(van, hoa, an, ngu_kien)
    assert "Chờ đăng ký" in page(clerk, "/desk/")
    assert "Chờ bút phê" in page(leader, "/desk/")
    assert "Tôi chủ trì" in page(browser_of(an), "/desk/")
    assert "Văn bản đến – Xã Ngũ Kiên" in page(leader, "/cockpit/")


@pytest.mark.parametrize(
    ("who", "name", "most"),
    [
        ("van", "listed", 12), ("van", "waiting", 14), ("hoa", "to_remark", 12), ("an", "mine", 10),
        ("van", "book", 14), ("hoa", "backlog", 12), ("van", "new", 14),
    ],
)  # fmt: skip
def test_a_page_asks_the_same_however_much_there_is(
    who, name, most, request, browser_of, van, hoa, an, ngu_kien, django_assert_max_num_queries
):
    client = browser_of(request.getfixturevalue(who))
    for _ in range(12):
        arrived(ngu_kien)
        registered(van, ngu_kien)
        assigned(van, hoa, an, ngu_kien)
    with django_assert_max_num_queries(most):
        page(client, url(name))


def test_the_page_of_a_document_asks_little(clerk, van, hoa, an, thu, ngu_kien, django_assert_max_num_queries):
    document = assigned(van, hoa, an, ngu_kien, support=(post(thu),))
    with django_assert_max_num_queries(22):
        page(clerk, document.get_absolute_url())
