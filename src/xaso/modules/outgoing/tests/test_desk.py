"""The pages: the next step for each officer, the way through by forms, lists, and how many statements they cost."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.outgoing.actions.issuing import recall
from xaso.modules.outgoing.models import Book, Delegation, Document, Recipient, Step
from xaso.modules.outgoing.queries import documents
from xaso.modules.outgoing.tests.conftest import TEXT, again, upload

pytestmark = pytest.mark.django_db


def url(name, document=None, **more):
    return reverse(f"desk-outgoing:{name}", kwargs={"key": document.uuid, **more} if document else more)


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


@pytest.mark.parametrize(
    ("stage", "who", "says"),
    [
        ("begun", "an", "Viết nội dung"), ("addressed", "an", "Trình duyệt"), ("at_leader", "hoa", "Xem và quyết định"),
        ("at_leader", "an", "Chờ lãnh đạo duyệt"), ("checking", "van", "Thể thức đạt, trình ký"),
        ("to_sign", "hoa", "Ký văn bản"), ("to_sign", "van", "Ghi đã ký tay"), ("signed", "van", "Cấp số"),
        ("signed", "hoa", "Chờ văn thư cấp số"), ("numbered", "van", "Tải bản quét và phát hành"),
        ("issued", "van", "Đã phát hành"),
    ],
)  # fmt: skip
def test_one_clear_next_step_on_top(stage, who, says, request, browser_of):
    document = request.getfixturevalue(stage)
    page = text_of(browser_of(request.getfixturevalue(who)), url("show", document))
    top = page[page.index('id="next"') : page.index('<div class="columns">')]
    assert says in top


def draft_form(document, hoa, **changes):
    kept = {
        "kind": "cong-van", "subject": document.subject, "text": TEXT, "addressees": "Phòng Nội vụ", "organ": "UBND",
        "signer": hoa.account_id, "is_collective": "on", "revision": document.revision, "urgency": "", "reply_on": "",
        "department": "VP",
    }  # fmt: skip
    return kept | changes


def test_a_draft_is_begun_and_written_by_forms(an, hoa, ngu_kien, browser_of):
    client = browser_of(an)
    answer = client.post(url("new"), {"kind": "cong-van", "subject": "Rà soát"})
    document = Document.objects.get()
    assert answer.url == url("edit", document)
    answer = client.post(url("edit", document), draft_form(document, hoa))
    assert answer.url == url("show", document)
    assert again(document).signer_id == hoa.account_id


def test_nothing_typed_is_lost_when_somebody_else_saved(begun, an, thu, hoa, browser_of):
    one, other = browser_of(an), browser_of(thu)
    one.post(url("edit", begun), draft_form(begun, hoa, text="Bản của An"))
    page = other.post(url("edit", begun), draft_form(begun, hoa, text="Bản của Thu")).content.decode()
    assert "Bản của An" in page
    assert "Bản của Thu" in page
    assert 'name="revision" value="1"' in page


def test_a_deputy_without_delegation_is_refused_on_the_page(begun, an, thu, hoa, browser_of):
    page = browser_of(an).post(url("edit", begun), draft_form(begun, hoa, signer=thu.account_id)).content.decode()
    assert "chưa được giao ký loại văn bản này" in page


def test_a_delegation_is_given_used_and_ended(begun, an, thu, hoa, browser_of):
    leader = browser_of(hoa)
    given = {"holder": thu.account_id, "mode": "TL", "document_no": "05/QĐ-UBND", "valid_from": "01/03/2024",
             "valid_to": "31/12/2024", "scope": "Giấy mời"}  # fmt: skip
    assert leader.post(url("delegations"), given).status_code == 302
    browser_of(an).post(url("edit", begun), draft_form(begun, hoa, signer=thu.account_id))
    document = again(begun)
    assert document.authority == ["TL. CHỦ TỊCH"]
    assert document.delegation == Delegation.objects.get()
    assert "05/QĐ-UBND" in text_of(leader, url("delegations"))
    ended = reverse("desk-outgoing:end_delegation", args=[Delegation.objects.get().uuid])
    leader.post(ended, {"on": "04/03/2024"})
    assert str(Delegation.objects.get().valid_to) == "2024-03-04"
    assert browser_of(an).post(url("delegations"), given).status_code == 200  # a handler only reads


def test_the_whole_way_by_forms_on_paper(addressed, an, hoa, van, browser_of):
    writer, leader, clerk = browser_of(an), browser_of(hoa), browser_of(van)
    writer.post(url("submit", addressed), {"to": "leader"})
    leader.post(url("approve", addressed), {"note": "Được"})
    clerk.post(url("check", addressed), {})
    clerk.post(url("sign_on_paper", addressed), {"signed_on": "04/03/2024"})
    clerk.post(url("number", addressed))
    answer = clerk.post(url("issue", addressed), {"scan": upload()})
    assert answer.status_code == 302, answer.content.decode()
    document = again(addressed)
    assert (document.state, document.code) == ("issued", "01/UBND-VP")
    page = text_of(clerk, url("show", document))
    assert "không (bản ký tay, đã quét)" in page
    assert Step.objects.filter(document=document).earliest("id").title == "Bắt đầu soạn"


def test_a_program_is_no_scan(numbered, van, browser_of):
    page = browser_of(van).post(url("issue", numbered), {"scan": upload("x.pdf", b"MZ" + bytes(200))}).content.decode()
    assert "tệp chương trình" in page
    assert again(numbered).state == "numbered"


def test_a_text_file_is_no_draft(begun, an, browser_of):
    page = browser_of(an).post(url("upload", begun), {"file": upload("a.pdf", b"khong phai"), "revision": 0})
    assert "Word (.docx)" in page.content.decode()
    assert again(begun).draft_file is None


def test_proof_word_and_comparison(written, an, browser_of):
    client = browser_of(an)
    assert client.get(url("proof", written)).content.startswith(b"%PDF")
    assert client.get(url("word", written)).content.startswith(b"PK")
    page = text_of(client, url("compare", written))
    assert "<ins>" in page
    assert "So sánh phiên bản 1 và 2" in page
    assert client.get(url("compare", written) + "?cu=9&moi=10").status_code == 404


def test_recipients_are_added_and_taken_away(written, an, lien_chau, browser_of):
    client = browser_of(an)
    client.post(url("recipients", written), {"channel": "edxml", "unit": lien_chau.pk})
    page = client.post(url("recipients", written), {"channel": "email", "name": "Trường"}).content.decode()
    assert "địa chỉ thư điện tử" in page
    copy = Recipient.objects.get()
    assert copy.organ_code == "H62.27.11"
    client.post(url("remove_recipient", written, copy=copy.uuid))
    assert not Recipient.objects.exists()


def test_strangers_see_nothing(written, tam, lan, client, browser_of):
    assert browser_of(tam).get(url("show", written)).status_code == 403
    assert browser_of(lan).get(url("show", written)).status_code == 403
    assert client.get(url("show", written)).status_code == 302


def test_a_cancelled_number_is_in_the_book_and_in_print(numbered, van, browser_of):
    clerk = browser_of(van)
    clerk.post(url("cancel", numbered), {"reason": "In sai ngày"})
    assert "Huỷ: In sai ngày" in text_of(clerk, url("book"))
    register = clerk.get(url("register") + f"?book={Book.objects.get().uuid}&year=2024")
    printed = " ".join(PdfReader(io.BytesIO(register.content)).pages[0].extract_text().split())
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in printed.upper()
    assert "Đã huỷ: In sai ngày" in printed
    assert clerk.get(url("register")).status_code == 404


def test_books_are_set_up_by_the_clerk(van, an, ngu_kien, browser_of):
    clerk = browser_of(van)
    clerk.post(url("books"), {"title": "Sổ quyết định", "kinds": ["quyet-dinh"]})
    book = Book.objects.get()
    assert "đã có sổ" in clerk.post(url("books"), {"title": "Sổ quyết định"}).content.decode()
    clerk.post(reverse("desk-outgoing:continue_book", args=[book.uuid]), {"year": 2024, "last": 40})
    book.refresh_from_db()
    assert book.paper_numbers == {"2024": 40}
    clerk.post(reverse("desk-outgoing:close_book", args=[book.uuid]))
    book.refresh_from_db()
    assert book.valid_to == clock.today()
    assert "Mở sổ mới" not in text_of(browser_of(an), url("books"))


def test_a_secret_document_shows_its_number_and_nothing_else(van, ngu_kien, browser_of):
    clerk = browser_of(van)
    clerk.post(url("secret"), {"kind": "cong-van", "level": "secret"})
    page = text_of(clerk, url("show", Document.objects.get()))
    assert "không được đưa vào hệ thống nối mạng" in page
    assert "Sửa nơi nhận" not in page


def test_the_portal_shows_what_is_published_and_no_more(signed, van, client, browser_of):
    clerk = browser_of(van)
    clerk.post(url("recipients", signed), {"channel": "portal"})
    listed = reverse("portal-outgoing:listed")
    assert "Rà soát" not in text_of(client, listed)
    clerk.post(url("number", signed))
    clerk.post(url("issue", signed), {"scan": upload()})
    assert "Rà soát hộ nghèo" in text_of(client, listed + "?q=ho ngheo")
    shown = reverse("portal-outgoing:show", args=[signed.uuid])
    assert "bản quét của bản giấy" in text_of(client, shown)
    answer = client.get(reverse("portal-outgoing:download", args=[signed.uuid]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    recall(SYSTEM, again(signed), reason="Sai")
    assert client.get(shown).status_code == 404
    assert client.get(reverse("portal-outgoing:download", args=[signed.uuid])).status_code == 404


def test_the_link_of_a_mail_opens_one_letter_and_takes_its_answer(signed, van, client, browser_of):
    clerk = browser_of(van)
    clerk.post(url("recipients", signed), {"channel": "email", "name": "Trường", "address": "a@xa.gov.vn"})
    copy = Recipient.objects.get(channel="email")
    letter = reverse("portal-outgoing:letter", args=[copy.uuid])
    assert client.get(letter).status_code == 404  # not issued yet
    clerk.post(url("number", signed))
    clerk.post(url("issue", signed), {"scan": upload()})
    assert "Xác nhận đã nhận" in text_of(client, letter)
    for _ in range(2):
        client.post(reverse("portal-outgoing:confirm", args=[copy.uuid]))
    copy.refresh_from_db()
    assert (copy.state, copy.follows.count()) == ("03", 1)
    recall(SYSTEM, again(signed), reason="Sai số liệu")
    assert "đã được thu hồi" in text_of(client, letter)
    assert client.get(reverse("portal-outgoing:letter_file", args=[copy.uuid])).status_code == 404


def test_the_clerk_notes_what_a_recipient_says(issued, van, browser_of):
    copy = issued.recipients.get()
    browser_of(van).post(reverse("desk-outgoing:follow", args=[copy.uuid]), {"state": "03", "note": "Qua điện thoại"})
    assert "Qua điện thoại" in text_of(browser_of(van), url("show", issued))


def many(document, count):
    rows = [
        Document(
            unit_id=document.unit_id, unit_path=document.unit_path, owner_person_id=document.owner_person_id,
            kind="cong-van", subject=f"Việc số {at}", folded=f"viec so {at}", year=2024, begun_at=clock.now(),
            begun_by="An", state="issued", book=document.book, series=document.series, number=at, symbol="UBND-VP",
            dated_on=clock.today(), is_public=True,
        )
        for at in range(2, count + 2)
    ]  # fmt: skip
    Document.objects.bulk_create(rows)


def test_lists_cost_the_same_whatever_their_size(issued, van, an, client, browser_of, django_assert_max_num_queries):
    clerk = browser_of(van)
    addresses = [(clerk, url("index")), (clerk, url("book")), (clerk, url("book") + "?book="),
                 (client, reverse("portal-outgoing:listed"))]  # fmt: skip
    for _ in range(2):
        for who, address in addresses:
            with django_assert_max_num_queries(14):
                assert len(text_of(who, address)) < 100_000
        if Document.objects.count() == 1:
            many(issued, 300)
    page = text_of(clerk, url("book"))
    assert page.index("Việc số 301") < page.index("Việc số 300")
    assert "after=282." in page


def test_a_document_page_has_its_budget(issued, van, browser_of, django_assert_max_num_queries):
    clerk = browser_of(van)
    text_of(clerk, url("show", issued))
    with django_assert_max_num_queries(20):
        text_of(clerk, url("show", issued))


def test_a_book_is_read_page_by_page_without_repeats(issued, van):
    many(issued, 45)
    seen, after = [], ""
    while True:
        page = documents.in_book(van, issued.book, 2024, {}, after)
        seen += [one.number for one in page.rows]
        after = page.after
        if not after:
            break
    assert seen == list(range(46, 0, -1))
    assert [one.number for one in documents.in_book(van, issued.book, 2024, {"words": "12/UBND"}).rows] == [12]
    assert [one.number for one in documents.in_book(van, issued.book, 2024, {"words": "Việc số 17"}).rows] == [17]
