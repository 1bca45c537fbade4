"""Numbers, books, recipients, issue on paper, what follows: answers, recall, correction, replacement, cancelling."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from xaso.core.numbering.models import Counter
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.notifications.models import Message
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, comment, save_draft, upload_draft
from xaso.modules.outgoing.actions.issuing import (
    add_recipient,
    begin_correction,
    begin_replacement,
    issue,
    recall,
    record_follow,
    register_secret,
    remove_recipient,
)
from xaso.modules.outgoing.actions.numbering import cancel_document, close_book, continue_book, give_number, open_book
from xaso.modules.outgoing.actions.reviewing import approve, pass_check, prepare, submit
from xaso.modules.outgoing.actions.sealing import sign_on_paper
from xaso.modules.outgoing.events import DocumentIssued, DocumentRecalled
from xaso.modules.outgoing.models import Book, Document
from xaso.modules.outgoing.queries import documents
from xaso.modules.outgoing.queries.sheets import Checked
from xaso.modules.outgoing.tests.conftest import again, on, scan, words

pytestmark = pytest.mark.django_db


def bring(kind, an, hoa, van, unit, **changes):
    """Another document, signed on paper and ready for its number."""
    made = begin_draft(an, unit, kind=kind, subject="Việc khác")
    written = save_draft(an, made, words=words(hoa, kind=kind, subject="Việc khác", **changes), revision=0)
    return sign(written, an, hoa, van)


def sign(written, an, hoa, van):
    """What the format check says of such a short text is another test's business: the clerk overrules it."""
    add_recipient(an, written, name="Phòng Nội vụ", channel="paper")
    submitted = submit(an, again(written), to="leader", checked=Checked(written.revision, ()))
    approved = approve(hoa, submitted)
    passed = pass_check(van, approved, prepared=prepare(approved), reason="Phép thử")
    return sign_on_paper(van, passed, signed_on=clock.today())


def test_a_paper_letter_is_issued_and_marked_as_not_digital(issued, van):
    assert (issued.state, issued.code, issued.dated_on) == ("issued", "01/UBND-VP", date(2024, 3, 4))
    assert (issued.is_person_signed, issued.is_agency_signed, issued.is_electronic) == (False, False, False)
    assert (issued.is_on_time, issued.file.kind, issued.issued_by) == (True, "outgoing.scan", van.name)
    told = [one.title for one in issued.steps.order_by("id")]
    assert told[-3:] == ["Ký tay trên giấy", "Cấp số", "Phát hành"]


def test_numbers_run_through_the_year_and_begin_anew(an, hoa, van, ngu_kien):
    codes = [give_number(van, bring("quyet-dinh", an, hoa, van, ngu_kien)).code for _ in range(2)]
    assert codes == ["01/QĐ-UBND", "02/QĐ-UBND"]
    assert give_number(van, bring("ke-hoach", an, hoa, van, ngu_kien)).number == 3
    signed = bring("quyet-dinh", an, hoa, van, ngu_kien)
    with on(4) as now:
        now.shift(timedelta(days=365))
        assert give_number(van, signed).code == "01/QĐ-UBND"
    assert Book.objects.get().title == "Sổ văn bản đi"


def test_a_kind_may_have_its_own_book_or_every_kind_its_own_sequence(an, hoa, van, ngu_kien):
    open_book(van, ngu_kien, title="Sổ quyết định", kinds=["quyet-dinh"])
    open_book(van, ngu_kien, title="Sổ chung", is_per_kind=True)
    numbers = [
        give_number(van, bring(kind, an, hoa, van, ngu_kien)).number
        for kind in ("quyet-dinh", "ke-hoach", "cong-van", "ke-hoach")
    ]
    assert numbers == [1, 1, 1, 2]
    assert {one.book.title for one in Document.objects.filter(kind="quyet-dinh")} == {"Sổ quyết định"}


def test_a_normative_document_numbers_by_itself(an, hoa, van, ngu_kien):
    give_number(van, bring("quyet-dinh", an, hoa, van, ngu_kien))
    normative = give_number(van, bring("quyet-dinh", an, hoa, van, ngu_kien, is_normative=True))
    assert normative.code == "01/2024/QĐ-UBND"
    assert normative.book.is_normative


def test_a_book_goes_on_after_the_paper_one(an, hoa, van, ngu_kien):
    book = open_book(van, ngu_kien, title="Sổ văn bản đi")
    continue_book(van, book, year=2024, last=57)
    numbered = give_number(van, bring("quyet-dinh", an, hoa, van, ngu_kien))
    assert numbered.number == 58
    with pytest.raises(Refused, match="đã cấp đến số 58"):
        continue_book(van, book, year=2024, last=60)
    assert again(numbered).book.paper_numbers == {"2024": 57}


def test_a_closed_or_foreign_book_takes_nothing(signed, van, ngu_kien, lien_chau):
    book = close_book(van, open_book(van, ngu_kien, title="Sổ cũ"))
    with pytest.raises(Refused, match="không dùng cho"):
        give_number(van, signed, book=book)
    with pytest.raises(Forbidden):
        open_book(van, lien_chau, title="Sổ")


def test_without_recipients_there_is_no_number(signed, van):
    remove_recipient(van, signed, recipient=signed.recipients.get())
    with pytest.raises(Refused, match="chưa có nơi nhận"):
        give_number(van, signed)
    assert not Counter.objects.filter(book__startswith="outgoing").exists()


def test_a_number_goes_back_when_the_action_fails(signed, van):
    other = again(signed)
    give_number(van, signed)
    with pytest.raises(Refused), transaction.atomic():
        give_number(van, other)
    assert Counter.objects.get(book__startswith="outgoing").value == 1


def test_a_cancelled_number_stays_in_the_book_with_its_reason(numbered, van, ngu_kien, an, hoa):
    with pytest.raises(Refused, match="lý do huỷ"):
        cancel_document(van, numbered, reason=" ")
    cancel_document(van, numbered, reason="In sai ngày")
    assert give_number(van, bring("cong-van", an, hoa, van, ngu_kien)).number == 2
    rows = documents.register_of(van, numbered.book, 2024)
    assert [(one.number, one.state, one.close_reason) for one in rows] == [
        (1, "cancelled", "In sai ngày"), (2, "numbered", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Đã huỷ"):
        issue(van, numbered, scan=scan())


def test_only_the_clerk_numbers_and_issues(signed, hoa, an, thu, tam):
    for other in (hoa, an, thu, tam):
        with pytest.raises(Forbidden):
            give_number(other, signed)


def test_a_scan_is_needed(numbered, van):
    with pytest.raises(Refused, match="bản quét"):
        issue(van, numbered)


@pytest.mark.parametrize(("day", "says"), [(date(2024, 3, 5), "chưa đến"), (date(2024, 3, 1), "soạn ngày 04/03/2024")])
def test_the_day_of_a_pen_is_a_real_one(to_sign, van, day, says):
    with pytest.raises(Refused, match=says):
        sign_on_paper(van, to_sign, signed_on=day)


@pytest.mark.parametrize(("day", "on_time"), [(4, True), (5, True), (6, False)])
def test_issued_on_the_day_of_signing_or_the_next(signed, van, day, on_time):
    with on(day):
        assert issue(van, give_number(van, signed), scan=scan()).is_on_time is on_time


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "Sở Nội vụ", "channel": "edxml"}, "mã định danh"),
        ({"name": "Sở Nội vụ", "channel": "email", "address": "khong-phai"}, "thư điện tử"),
        ({"name": " ", "channel": "paper"}, "tên nơi nhận"),
        ({"name": "x", "channel": "fax"}, "cách gửi"),
    ],
)
def test_a_recipient_needs_what_its_way_needs(written, an, given, says):
    with pytest.raises(Refused, match=says):
        add_recipient(an, written, **given)


def test_a_unit_of_ours_brings_its_code_and_nobody_stands_there_twice(written, an, lien_chau):
    first = add_recipient(an, written, name="", channel="edxml", unit=lien_chau)
    assert (first.name, first.organ_code) == ("UBND xã Liên Châu", "H62.27.11")
    assert add_recipient(an, written, name="", channel="edxml", unit=lien_chau) == first


@pytest.fixture
def sent(signed, van, lien_chau):
    """Issued by every way."""
    add_recipient(van, signed, name="", channel="edxml", unit=lien_chau)
    add_recipient(van, signed, name="Trường Tiểu học", channel="email", address="truong@xa.gov.vn")
    add_recipient(van, signed, name="", channel="portal")
    return issue(van, give_number(van, signed), scan=scan())


def events(name):
    return [one.payload for one in Delivery.objects.filter(event=name)]


def test_issue_tells_the_axis_writes_the_mail_and_opens_the_portal(sent, van):
    assert (sent.is_electronic, sent.is_public) == (True, True)
    mail = Message.objects.get(template="outgoing.issued")
    assert (mail.email, "01/UBND-VP" in mail.title) == ("truong@xa.gov.vn", True)
    letter = sent.recipients.get(channel="email")
    assert f"/portal/outgoing/letters/{letter.uuid}/" in mail.body
    assert letter.sent_at is not None
    assert sent.recipients.get(channel="edxml").sent_at is None
    with pytest.raises(Refused, match="đã phát hành nên không đổi"):
        add_recipient(van, sent, name="Thêm", channel="paper")


def test_the_event_carries_what_was_answered(an, hoa, van, ngu_kien):
    made = begin_draft(an, ngu_kien, kind="cong-van", subject="Trả lời", answers="incoming.Document:7")
    ready = sign(save_draft(an, made, words=words(hoa), revision=0), an, hoa, van)
    sent = issue(van, give_number(van, ready), scan=scan())
    assert {"document": str(sent.uuid), "answers": "incoming.Document:7"} in events("outgoing.DocumentIssued")
    assert documents.documents_of("incoming.Document:7") == [sent]


def test_each_answer_of_a_recipient_is_kept_once_in_whatever_order(sent, van):
    copy = sent.recipients.get(channel="edxml")
    now = clock.now()
    for state in ("03", "01", "06", "06", "01"):
        record_follow(van, copy, state=state, at=now)
    assert copy.state == "06"
    assert sorted(one.state for one in copy.follows.all()) == ["01", "03", "06"]
    for state, says in (("99", "Không có trạng thái"), ("15", "chưa bị thu hồi")):
        with pytest.raises(Refused, match=says):
            record_follow(van, copy, state=state, at=now)


def test_a_recall_tells_everybody_and_takes_it_off_the_portal(sent, van, an):
    with pytest.raises(Forbidden):
        recall(an, sent, reason="Sai số liệu")
    with pytest.raises(Refused, match="lý do thu hồi"):
        recall(van, sent, reason=" ")
    recalled = recall(van, sent, reason="Sai số liệu")
    assert (recalled.state, recalled.is_public) == ("recalled", False)
    assert Message.objects.get(template="outgoing.recalled").email == "truong@xa.gov.vn"
    assert {one.state for one in recalled.recipients.exclude(channel="portal")} == {"13"}


def test_an_answer_that_races_the_recall_is_still_kept(sent, van):
    copy = sent.recipients.get(channel="edxml")
    recall(van, sent, reason="Sai số liệu")
    for state in ("06", "15"):
        record_follow(van, copy, state=state, at=clock.now())
    assert (copy.state, copy.follows.count()) == ("15", 3)
    with pytest.raises(Refused, match="Đã thu hồi"):
        recall(van, again(sent), reason="Lần nữa")


@pytest.mark.parametrize(
    ("begin", "state", "title"),
    [(begin_correction, "corrected", "Đính chính văn bản số 01/UBND-VP"), (begin_replacement, "replaced", "Thay")],
)
def test_the_new_document_marks_the_old_one_when_it_is_issued(issued, begin, state, title, an, hoa, van):
    made = begin(an, issued, words=Words("cong-van", title))
    assert [one.name for one in made.recipients.all()] == ["Phòng Nội vụ"]
    assert again(issued).state == "issued"
    ready = sign(save_draft(an, made, words=words(hoa, subject=title), revision=0), an, hoa, van)
    issue(van, give_number(van, again(ready)), scan=scan())
    assert again(issued).state == state


def test_a_secret_document_is_a_number_and_a_day(van, an, ngu_kien, hoa):
    secret = register_secret(van, ngu_kien, kind="cong-van", level="secret")
    assert (secret.number, secret.subject, secret.text, secret.state) == (1, "", "", "issued")
    assert secret.book.is_secret
    for verb in (
        lambda: save_draft(an, secret, words=words(hoa), revision=0),
        lambda: upload_draft(an, secret, received=scan(), revision=0),
        lambda: comment(an, secret, text="x"),
        lambda: add_recipient(van, secret, name="Sở", channel="edxml", organ_code="H62.1"),
    ):
        with pytest.raises(Refused, match="Văn bản mật"):
            verb()
    assert not events("outgoing.DocumentIssued")
    with pytest.raises(Forbidden):
        register_secret(an, ngu_kien, kind="cong-van", level="secret")
    with pytest.raises(Refused, match="độ mật"):
        register_secret(van, ngu_kien, kind="cong-van", level="")


def test_the_events_of_the_past_have_their_names():
    assert (DocumentIssued.event_name, DocumentRecalled.event_name) == (
        "outgoing.DocumentIssued", "outgoing.DocumentRecalled",
    )  # fmt: skip
