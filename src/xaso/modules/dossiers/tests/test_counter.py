"""The counter: a card, a tick, the pages, F9; and everything that may go wrong on the way."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.core.accounts.models import Account
from xaso.core.audit.models import Entry
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock, subject
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.dossiers.actions import at_once
from xaso.modules.dossiers.models import Dossier, Party
from xaso.modules.dossiers.tests.factories import COPY, LAN, MARITAL, PDF, PERMIT, received
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.payments.actions import take_cash
from xaso.modules.payments.queries import open_charge

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
CARD = "026185001234|135672345|Nguyễn Thị Lan|08031985|Nữ|Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc|15042021"
COPY_PAGE = f"/desk/dossiers/receive/{COPY}/"
HOSTILE = "<script>alert(1)</script>'; DROP TABLE dossiers_dossier; --"


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def counter(minh, browser_of):
    return browser_of(minh)


def inputs(page: str) -> dict[str, str]:
    """What a browser would send of a page as it stands: text boxes, hidden ones, chosen radios, ticked boxes."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = attributes.get("type", "text"), attributes.get("name", "")
        ticked = re.search(r"\schecked", tag)
        if name and kind not in {"file", "submit"} and (kind not in {"radio", "checkbox"} or ticked):
            found[name] = attributes.get("value", "on" if kind in {"radio", "checkbox"} else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def said(answer) -> list[str]:
    """The sentences of a page that was not accepted."""
    page = answer.content.decode()
    return re.findall(r'<li><a href="#[^"]*">([^<]*)', page) + re.findall(r"Chưa tiếp nhận được</b>([^<]*)", page)


def scanned(counter, address: str = COPY_PAGE, card: str = CARD) -> dict[str, str]:
    """The page after a card was read, ready to send."""
    typed = inputs(counter.get(address).content.decode())
    answer = counter.post(address, typed | {"card": card, "scan": "1"})
    return inputs(answer.content.decode()) | {"card": ""}


def test_a_certified_copy_takes_five_interactions(counter, ngu_kien, minh):
    page = scanned(counter)  # 1 open, 2 scan
    page |= {"paper-ban_chinh": "1", "papers.0.pages": "3"}  # 3 tick, 4 pages
    answer = counter.post(COPY_PAGE, page | {"accept": "1"})  # 5 F9
    assert answer.status_code == 302, said(answer)
    dossier = Dossier.objects.get()
    assert (dossier.applicant_name, dossier.applicant_id) == ("Nguyễn Thị Lan", "026185001234")
    assert (dossier.applicant_sex, f"{dossier.applicant_birth_on:%d%m%Y}") == ("female", "08031985")
    assert dossier.applicant_address == "Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc"
    assert (dossier.channel, dossier.filing, dossier.state) == ("counter", "self", Dossier.State.PROCESSING)
    assert dossier.unit_id == ngu_kien.pk
    assert dossier.answers["papers"][0] | {"name": ""} == {"name": "", "pages": 3, "copies": 1}
    assert open_charge(subject.ref(dossier)).total == 5_000
    paper = dossier.papers.get(key="ban_chinh")
    assert (paper.is_handed_in, paper.originals) == (True, 1)
    shown = counter.get(answer.url).content.decode()
    assert dossier.number in shown
    assert "In giấy hẹn" in shown
    assert "Thu tiền 5.000 đồng" in shown


def test_two_documents_are_charged_one_by_one(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "3", "papers.0.copies": "2"}
    page |= {"papers.1.name": "Học bạ", "papers.1.pages": "2", "papers.1.copies": "1"}
    shown = counter.post(COPY_PAGE, page | {"recount": "1"}).content.decode()
    assert "14.000 đồng" in shown
    counter.post(COPY_PAGE, page | {"accept": "1"})
    assert open_charge(subject.ref(Dossier.objects.get())).total == 10_000 + 4_000


def test_the_fee_follows_while_typing(counter):
    page = scanned(counter) | {"papers.0.pages": "4"}
    answer = counter.post(COPY_PAGE, page, headers={"hx-request": "true", "hx-target": "fee"})
    text = answer.content.decode()
    assert "6.000 đồng" in text
    assert "<html" not in text
    assert not Dossier.objects.exists()


def test_an_exempt_group_pays_less(counter):
    page = scanned(counter, f"/desk/dossiers/receive/{MARITAL}/")
    assert "Hộ nghèo" in counter.get(f"/desk/dossiers/receive/{MARITAL}/").content.decode()
    free = page | {"c-group": "poor_household", "recount": "1"}
    assert "không thu phí" in counter.post(f"/desk/dossiers/receive/{MARITAL}/", free).content.decode()


def test_the_script_gets_the_same_fields_as_the_page(counter, lan):
    answer = counter.post(f"{COPY_PAGE}card/", {"card": CARD + "\n"}).json()
    assert answer["values"]["applicant.full_name"] == "Nguyễn Thị Lan"
    assert answer["values"]["applicant.birth_on"] == "08/03/1985"
    assert answer["values"]["applicant.sex"] == "female"
    assert answer["values"]["applicant.address.village"] == "Thôn Đông"
    assert answer["soft"] == {"phone": "0912345601"}
    assert answer["problem"] == ""


def test_somebody_known_is_found_by_number_and_the_look_is_on_record(counter, lan, minh):
    page = scanned(counter, card="026185001234")
    assert page["applicant.full_name"] == "Nguyễn Thị Lan"
    assert page["phone"] == "0912345601"
    look = Entry.objects.get(verb="read", subject=f"accounts.Person:{lan.person_id}")
    assert look.account_id == minh.account_id


@pytest.mark.parametrize(
    ("card", "sentence"),
    [("https://vidu.vn", "không phải mã trên thẻ"), ("026185001234|a|b", "không phải mã"), ("", "gõ số định danh"),
     ("026199999999", "Chưa có ai mang số này"), ("x" * 5000, "không phải mã trên thẻ")],
)  # fmt: skip
def test_a_bad_scan_says_what_to_do_and_loses_nothing(counter, card, sentence):
    typed = inputs(counter.get(COPY_PAGE).content.decode()) | {"papers.0.name": "Bằng lái", "phone": "0912 345 678"}
    shown = counter.post(COPY_PAGE, typed | {"card": card, "scan": "1"}).content.decode()
    assert sentence in shown
    assert {"papers.0.name": "Bằng lái", "phone": "0912 345 678"}.items() <= inputs(shown).items()
    assert not Dossier.objects.exists()


def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(counter):
    typed = scanned(counter) | {
        "applicant.full_name": "Lan 9",
        "applicant.birth_on": "31/02/1985",
        "papers.0.pages": "ba",
    }
    upload = SimpleUploadedFile("ban-chup.pdf", PDF, content_type="application/pdf")
    answer = counter.post(COPY_PAGE, typed | {"accept": "1", "paper-ban_chup-file": upload, "c-helper_id": "12"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    for sentence in ("Họ tên chỉ gồm chữ", "Ngày không đúng", "Ô này phải là số", "Chưa đánh dấu đã nhận", "12 chữ số"):
        assert sentence in shown
    kept = inputs(shown)
    assert kept["applicant.full_name"] == "Lan 9"
    assert kept["papers.0.pages"] == "ba"
    assert kept["paper-ban_chup-upload"]
    assert not Dossier.objects.exists()
    fixed = kept | {"applicant.full_name": LAN.full_name, "applicant.birth_on": "08/03/1985", "papers.0.pages": "1"}
    counter.post(COPY_PAGE, fixed | {"paper-ban_chinh": "1", "c-helper_id": "", "accept": "1"})
    assert Dossier.objects.get().papers.get(key="ban_chup").file is not None


def test_a_forged_upload_is_ignored(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "1"}
    assert counter.post(COPY_PAGE, page | {"accept": "1", "paper-ban_chup-upload": "../etc"}).status_code == 302
    assert Dossier.objects.get().papers.get(key="ban_chup").file is None
    page["idempotency_key"] = "other"
    page["paper-ban_chup-upload"] = str(uuid4())
    shown = counter.post(COPY_PAGE, page | {"accept": "twins"}).content.decode()
    assert "Chưa tiếp nhận được" in shown
    assert Dossier.objects.count() == 1


def test_names_of_ten_thousand_letters_and_markup_come_back_escaped(counter):
    page = inputs(counter.get(COPY_PAGE).content.decode())
    hostile = {
        name: HOSTILE for name in page if name not in {"idempotency_key", "c-channel", "c-filing", "c-result_by"}
    }
    shown = counter.post(COPY_PAGE, page | hostile | {"card": "", "accept": "1"}).content.decode()
    assert "<script>alert(1)" not in shown
    assert shown.count("&lt;script&gt;alert(1)") > 5
    long = page | {"applicant.full_name": "a" * 10_000, "c-helper_name": "b" * 10_000, "c-filing": "assisted"}
    answer = counter.post(COPY_PAGE, long | {"accept": "1"})
    assert answer.status_code == 200
    assert "dài quá 120 ký tự" in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_double_click_makes_one_dossier(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "1", "accept": "1"}
    first, second = counter.post(COPY_PAGE, page), counter.post(COPY_PAGE, page)
    assert first.url == second.url
    assert Dossier.objects.count() == 1


def test_a_twin_of_the_day_is_shown_before_it_is_taken(counter):
    ready = {"paper-ban_chinh": "1", "papers.0.pages": "1"}
    counter.post(COPY_PAGE, scanned(counter) | ready | {"accept": "1"})
    again = counter.post(COPY_PAGE, scanned(counter) | ready | {"accept": "1"})
    shown = again.content.decode()
    assert "đã nộp cùng thủ tục" in shown
    assert Dossier.objects.get().number in shown
    counter.post(COPY_PAGE, inputs(shown) | {"card": "", "accept": "twins"})
    assert Dossier.objects.count() == 2


def test_assisted_without_consent_is_refused_with_everything_kept(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "c-filing": "assisted"}
    shown = counter.post(COPY_PAGE, page | {"c-helper_name": "Lê Văn Minh", "accept": "1"}).content.decode()
    assert "đánh dấu người dân đã đồng ý" in shown
    kept = inputs(shown)
    assert (kept["c-helper_name"], kept["papers.0.pages"], kept["c-filing"]) == ("Lê Văn Minh", "2", "assisted")
    assert not Dossier.objects.exists()
    answer = counter.post(COPY_PAGE, kept | {"c-consented": "on", "accept": "1"})
    dossier, helper = Dossier.objects.get(), Party.objects.get()
    assert dossier.filing == "assisted"
    assert (helper.role, helper.full_name, helper.consent_at) == ("helper", "Lê Văn Minh", MONDAY)
    assert "phiếu đọc lại" in counter.get(answer.url).content.decode()


def test_a_proxy_is_named_with_the_basis(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "c-filing": "proxy", "c-consented": "on"}
    assert "phải ghi rõ họ tên" in counter.post(COPY_PAGE, page | {"accept": "1"}).content.decode()
    page |= {"c-helper_name": "Trần Văn Nam", "c-helper_basis": "Giấy uỷ quyền ngày 01/03/2024", "c-channel": "post"}
    counter.post(COPY_PAGE, page | {"accept": "1"})
    party = Party.objects.get()
    assert (party.role, party.basis) == ("proxy", "Giấy uỷ quyền ngày 01/03/2024")
    assert Dossier.objects.get().channel == "post"


def test_the_read_back_slip_says_what_was_typed(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "c-filing": "assisted"}
    answer = counter.post(COPY_PAGE, page | {"c-helper_name": "Minh", "c-consented": "on", "accept": "1"})
    assert counter.post(f"{answer.url}read-back/").status_code == 302
    paper = PrintedPaper.objects.get(code="phieu-doc-lai")
    assert paper.data["helper_name"] == "Minh"
    assert {"label": "Người yêu cầu: Họ và tên", "value": "Nguyễn Thị Lan"} in paper.data["answers"]


def test_the_slip_is_printed_once_before_or_after_the_commit(counter):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2"}
    answer = counter.post(COPY_PAGE, page | {"accept": "1"})
    assert counter.post(f"{answer.url}slip/").status_code == 302
    deliver_all()
    counter.post(f"{answer.url}slip/")
    slip = PrintedPaper.objects.get(code="mau-01")
    assert str(slip.uuid) in counter.get(answer.url).content.decode()


def paid(minh, unit) -> Dossier:
    dossier = received(minh, unit, COPY, answers={"papers": [{"name": "Bằng", "pages": 1, "copies": 1}]})
    charge = open_charge(subject.ref(dossier))
    take_cash(minh, charge, amount=charge.total, idempotency_key=uuid4().hex)
    deliver_all()
    dossier.refresh_from_db()
    return dossier


def test_a_result_given_at_once_still_has_every_step(counter, minh, hoa, ngu_kien):
    dossier = paid(minh, ngu_kien)
    leader = Account.objects.get(pk=hoa.account_id)
    address = f"/desk/dossiers/received/{dossier.uuid}/"
    assert f"{address}complete/" in counter.get(address).content.decode()
    counter.post(f"{address}complete/", {"approver": str(leader.uuid)})
    dossier.refresh_from_db()
    assert (dossier.state, dossier.delivery_state, dossier.on_time_legal) == (10, "delivered", True)
    who = list(dossier.steps.order_by("pk").values_list("key", "who", "finished_at"))
    assert [key for key, _, _ in who] == ["receive", "xu_ly", "ky", "phat_hanh", "return"]
    assert {key: name for key, name, _ in who}["ky"] == "Vũ Thị Hoa"
    assert all(at for _, _, at in who)
    assert dossier.result.decided_by == "Vũ Thị Hoa"
    entry = Entry.objects.get(verb="dossiers.complete_at_once")
    assert entry.account_id == minh.account_id
    assert entry.details["approved_by"] == f"accounts.Account:{leader.pk}"


def test_a_result_is_not_given_at_once_unpaid_or_unsigned_or_twice(counter, minh, hoa, an, ngu_kien):
    leader, handler = Account.objects.get(pk=hoa.account_id), Account.objects.get(pk=an.account_id)
    unpaid = received(minh, ngu_kien, COPY, answers={"papers": [{"name": "Bằng", "pages": 1, "copies": 1}]})
    with pytest.raises(Refused, match="chưa nộp"):
        at_once.complete_at_once(minh, unpaid, approver=leader)
    dossier = paid(minh, ngu_kien)
    with pytest.raises(Refused, match="Hãy chọn lãnh đạo"):
        at_once.complete_at_once(minh, dossier)
    with pytest.raises(Refused, match="không có quyền ký"):
        at_once.complete_at_once(minh, dossier, approver=handler)
    at_once.complete_at_once(minh, dossier, approver=leader)
    with pytest.raises(Refused, match="Đã trả kết quả"):
        at_once.complete_at_once(minh, dossier, approver=leader)


def test_a_long_procedure_is_never_finished_at_once(minh, hoa, tam, ngu_kien):
    leader = Account.objects.get(pk=hoa.account_id)
    dossier = received(minh, ngu_kien, PERMIT)
    with pytest.raises(Refused, match="không thuộc loại"):
        at_once.complete_at_once(minh, dossier, approver=leader)
    with pytest.raises(Forbidden):
        at_once.complete_at_once(tam, dossier, approver=leader)


def test_what_cannot_be_given_at_once_is_received_all_the_same(counter, hoa):
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "c-at_once": "on"}
    page["c-approver"] = str(Account.objects.get(pk=hoa.account_id).uuid)
    answer = counter.post(COPY_PAGE, page | {"accept": "1"}, follow=True)
    assert "Đã tiếp nhận, chưa trả kết quả" in answer.content.decode()
    assert Dossier.objects.get().state == Dossier.State.PROCESSING


def test_the_most_used_come_first_and_search_finds_the_rest(counter, minh, ngu_kien):
    received(minh, ngu_kien, PERMIT)
    shown = counter.get("/desk/dossiers/receive/").content.decode()
    assert re.search(rf'/receive/{PERMIT}/" data-number="1"', shown)
    found = counter.get("/desk/dossiers/receive/", {"q": "chung thuc ban sao", "p": "9" * 50}).content.decode()
    assert COPY_PAGE in found
    assert "Không thấy" in counter.get("/desk/dossiers/receive/", {"q": HOSTILE}).content.decode()


def test_only_reception_receives_and_only_its_own_unit_sees(counter, an, lan, tam, minh, ngu_kien, browser_of):
    assert browser_of(an).get(COPY_PAGE).status_code == 403
    assert browser_of(lan).get(COPY_PAGE).status_code == 403
    dossier = received(minh, ngu_kien)
    stranger = browser_of(tam)
    for part in ("", "slip/", "read-back/", "complete/"):
        address = f"/desk/dossiers/received/{dossier.uuid}/{part}"
        assert (stranger.post(address) if part else stranger.get(address)).status_code == 404


def test_the_page_asks_little_of_the_database(counter, minh, ngu_kien, django_assert_max_num_queries):
    counter.get(COPY_PAGE)
    with django_assert_max_num_queries(12):
        counter.get(COPY_PAGE)
    page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "accept": "1"}
    with django_assert_max_num_queries(45):
        assert counter.post(COPY_PAGE, page).status_code == 302


def test_late_in_the_day_the_due_date_is_the_next_one(counter):
    with time_machine.travel(MONDAY + timedelta(hours=7), tick=False):
        page = scanned(counter) | {"paper-ban_chinh": "1", "papers.0.pages": "2", "accept": "1"}
        counter.post(COPY_PAGE, page)
    assert clock.local(Dossier.objects.get().due_at).date() >= MONDAY.date()
