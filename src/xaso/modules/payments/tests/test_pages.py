"""Every page, through its URL, by who may and who may not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from xaso.kit import clock, subject
from xaso.modules.payments import actions
from xaso.modules.payments.models import BankTransaction, Charge, CollectingAccount, DayClose, Receipt
from xaso.modules.payments.module import charges_panel
from xaso.modules.payments.tests.factories import make_account, make_charge, take, tell_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(ngu_kien):
    return make_account(ngu_kien)


@pytest.fixture
def charge(lan, ngu_kien):
    return make_charge(ngu_kien, owner=lan.person_id)


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_payer_sees_every_line_the_code_and_what_to_type(lan, account, charge, browser_of):
    answer = browser_of(lan).get(reverse("portal-payments:charge", args=[charge.uuid]))
    page = text_of(answer)
    assert answer.status_code == 200
    for expected in (
        "50.000 đồng",
        "theo bản",
        "Agribank",
        account.account_number,
        charge.reference,
        "UBND XA NGU KIEN",
    ):
        assert expected in page
    assert reverse("portal-payments:qr", args=[charge.uuid]) in page
    assert "hx-trigger" in page
    assert "style=" not in page
    assert len(answer.content) < 100_000


def test_the_code_is_a_picture_of_its_own(lan, account, charge, browser_of):
    answer = browser_of(lan).get(reverse("portal-payments:qr", args=[charge.uuid]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")
    assert b"style=" not in answer.content


def test_a_paid_charge_has_no_code_and_stops_asking(lan, dung, account, charge, browser_of):
    take(dung, charge)
    browser = browser_of(lan)
    page = text_of(browser.get(reverse("portal-payments:charge", args=[charge.uuid])))
    assert "Đã nhận đủ tiền" in page
    assert "hx-trigger" not in page
    assert browser.get(reverse("portal-payments:qr", args=[charge.uuid])).status_code == 409
    receipt = Receipt.objects.get()
    shown = browser.get(reverse("portal-payments:receipt", args=[receipt.uuid]))
    assert receipt.number in text_of(shown)


def test_htmx_gets_only_the_state(lan, account, charge, browser_of):
    browser = browser_of(lan)
    url = reverse("portal-payments:charge", args=[charge.uuid])
    part = text_of(browser.get(url, headers={"HX-Request": "true", "HX-Target": "trang-thai"}))
    assert part.strip().startswith('<div id="trang-thai"')
    assert "<html" not in part
    assert "Chưa thấy tiền" in text_of(browser.get(url, {"kiem_tra": "1"}))


def test_a_stranger_learns_nothing_of_the_charge(nam, tam, account, charge, browser_of, client):
    url = reverse("portal-payments:charge", args=[charge.uuid])
    for actor in (nam, tam):
        answer = browser_of(actor).get(url)
        assert answer.status_code == 404
        assert charge.reference not in text_of(answer)
    assert browser_of(nam).get(reverse("portal-payments:qr", args=[charge.uuid])).status_code == 404
    assert client.get(url).status_code == 302


def test_my_charges_are_mine_only(lan, nam, charge, browser_of):
    url = reverse("portal-payments:mine")
    assert charge.reference in text_of(browser_of(lan).get(url))
    assert charge.reference not in text_of(browser_of(nam).get(url))


def test_without_an_account_the_payer_is_sent_to_the_counter(lan, charge, browser_of):
    assert "nộp tiền mặt" in text_of(browser_of(lan).get(reverse("portal-payments:charge", args=[charge.uuid])))


def test_the_cashier_takes_cash_with_the_button_of_the_page(dung, account, charge, browser_of):
    browser = browser_of(dung)
    page = text_of(browser.get(reverse("desk-payments:charge", args=[charge.uuid])))
    fields = dict(re.findall(r'<input type="hidden" name="(amount|idempotency_key)" value="([^"]+)"', page))
    url = reverse("desk-payments:take_cash", args=[charge.uuid])
    first = browser.post(url, fields)
    receipt = Receipt.objects.get()
    assert first.url == reverse("desk-payments:receipt", args=[receipt.uuid])
    assert browser.post(url, fields).url == first.url
    assert Receipt.objects.count() == 1
    for name in ("receipt", "print_receipt"):
        shown = browser.get(reverse(f"desk-payments:{name}", args=[receipt.uuid]))
        assert receipt.number in text_of(shown)
    assert receipt.number in text_of(browser.get(reverse("desk-payments:receipts")))


def test_a_broken_cash_form_takes_nothing(dung, charge, browser_of):
    answer = browser_of(dung).post(reverse("desk-payments:take_cash", args=[charge.uuid]), {"amount": "-5"})
    assert answer.status_code == 409
    charge.refresh_from_db()
    assert charge.state == "open"


def test_who_may_not_take_cash_sees_no_button_and_is_refused(hoa, tam, charge, browser_of):
    page = text_of(browser_of(hoa).get(reverse("desk-payments:charge", args=[charge.uuid])))
    assert "Thu tiền mặt" not in page
    answer = browser_of(hoa).post(reverse("desk-payments:take_cash", args=[charge.uuid]), {"amount": "50000"})
    assert answer.status_code == 403
    assert browser_of(tam).get(reverse("desk-payments:charge", args=[charge.uuid])).status_code == 404


def test_open_charges_are_listed_searched_and_paged(dung, charge, ngu_kien, browser_of):
    browser = browser_of(dung)
    url = reverse("desk-payments:index")
    for _ in range(35):
        make_charge(ngu_kien)
    first = text_of(browser.get(url))
    following = re.search(r'rel="next" href="([^"]+)"', first)[1]
    assert charge.reference not in first
    assert charge.reference in text_of(browser.get(url + following.replace("&amp;", "&")))
    assert charge.reference in text_of(browser.get(url, {"q": charge.reference.lower()}))
    assert "Không có khoản nào khớp" in text_of(browser.get(url, {"q": "Không Ai Cả"}))


def test_waiving_and_asking_back_from_the_page(minh, dung, charge, ngu_kien, browser_of):
    url = reverse("desk-payments:waive", args=[charge.uuid])
    assert browser_of(minh).post(url, {"reason": ""}).status_code == 409
    browser_of(minh).post(url, {"reason": "Hộ nghèo"})
    charge.refresh_from_db()
    assert charge.state == "waived"
    paid = make_charge(ngu_kien)
    take(dung, paid)
    browser_of(dung).post(reverse("desk-payments:ask_refund", args=[paid.uuid]), {"amount": "50.000", "reason": "Thôi"})
    assert paid.refunds.get().amount == 50_000


def test_a_refund_is_approved_by_somebody_else(dung, thu, ngu_kien, browser_of):
    charge = make_charge(ngu_kien)
    take(dung, charge)
    task = actions.ask_refund(dung, charge, amount=50_000, reason="Rút hồ sơ")
    approve = reverse("desk-payments:approve_refund", args=[task.uuid])
    assert approve not in text_of(browser_of(dung).get(reverse("desk-payments:refunds")))
    assert approve in text_of(browser_of(thu).get(reverse("desk-payments:refunds")))
    assert browser_of(dung).post(approve).status_code == 409
    assert browser_of(thu).post(approve).status_code == 302
    task.refresh_from_db()
    assert task.state == "paid"


def test_a_refund_is_declined_with_a_reason(dung, thu, ngu_kien, browser_of):
    charge = make_charge(ngu_kien)
    take(dung, charge)
    task = actions.ask_refund(dung, charge, amount=50_000, reason="Rút hồ sơ")
    browser_of(thu).post(reverse("desk-payments:decline_refund", args=[task.uuid]), {"reason": "Đã trả kết quả"})
    task.refresh_from_db()
    assert task.state == "declined"


def test_a_stray_transfer_is_shown_and_settled(dung, account, charge, browser_of):
    stray = tell_bank(account, 60_000, "nop ho ba Lan").transaction
    browser = browser_of(dung)
    assert 'class="crumbs"' in text_of(browser.get(reverse("desk-payments:transaction", args=[stray.uuid])))
    assert stray.bank_ref in text_of(browser.get(reverse("desk-payments:to_settle")))
    url = reverse("desk-payments:transaction", args=[stray.uuid])
    assert "Gán vào khoản phí" in text_of(browser.get(url))
    assert "Ngân hàng rút lại" not in text_of(browser.get(url))
    assert browser.post(url, {"how": "charge", "reference": "XSKHONGCO"}).status_code == 409
    assert browser.post(url, {"how": "charge", "reference": charge.reference}).status_code == 302
    stray.refresh_from_db()
    assert stray.suspense == 10_000
    assert browser.post(url, {"how": "explain", "reason": "Tiền ủng hộ quỹ khuyến học"}).status_code == 302
    assert "Đã xử lý" in text_of(browser.get(url))


def test_money_out_offers_other_ways(dung, thu, account, browser_of):
    stray = tell_bank(account, 10_000, "?").transaction
    actions.settle_transaction(dung, stray, how="refund", reason="Không rõ")
    actions.approve_refund(thu, stray.refunds.get())
    left = tell_bank(account, -10_000, "hoan").transaction
    browser = browser_of(dung)
    url = reverse("desk-payments:transaction", args=[left.uuid])
    assert "Gán vào khoản phí" not in text_of(browser.get(url))
    browser.post(url, {"how": "paid_refund", "refund": stray.refunds.get().uuid})
    left.refresh_from_db()
    assert left.how == "paid_refund"


def test_a_statement_is_imported_from_the_page(dung, account, charge, browser_of):
    body = f"Ngày,Mã giao dịch,Số tiền,Nội dung\n{clock.today():%d/%m/%Y},FT1,50000,{charge.reference}\nx,FT2,1,a\n"
    browser = browser_of(dung)
    url = reverse("desk-payments:import_statement")
    assert browser.get(url).status_code == 200
    upload = SimpleUploadedFile("sao-ke.csv", body.encode())
    page = text_of(browser.post(url, {"account": str(account.uuid), "file": upload}))
    assert "Đã nhập 1 giao dịch mới" in page
    assert "Dòng 3" in page
    assert BankTransaction.objects.count() == 1


def test_the_day_is_shown_and_closed(dung, account, charge, browser_of):
    take(dung, charge)
    browser = browser_of(dung)
    url = reverse("desk-payments:close_day")
    assert "50.000 đồng" in text_of(browser.get(url))
    day = f"{clock.today():%d/%m/%Y}"
    wrong = browser.post(url, {"day": day, "cash_counted": "1", "statement_movement": "0"})
    assert wrong.status_code == 409
    assert browser.post(url, {"day": day, "cash_counted": "mười", "statement_movement": "0"}).status_code == 200
    done = browser.post(url, {"day": day, "cash_counted": "50.000", "statement_movement": "0"})
    assert "Đã khoá sổ" in text_of(browser.get(done.url))
    assert DayClose.objects.get().cash_counted == 50_000
    assert browser.get(url, {"ngay": "hôm nay"}).status_code == 200


def test_a_receipt_is_cancelled_from_its_page(dung, charge, browser_of):
    take(dung, charge)
    first = Receipt.objects.get()
    browser = browser_of(dung)
    browser.post(reverse("desk-payments:cancel_receipt", args=[first.uuid]), {"reason": "Sai tên"})
    page = text_of(browser.get(reverse("desk-payments:receipt", args=[first.uuid])))
    assert "Sai tên" in page
    assert Receipt.objects.count() == 2


def test_the_administrator_sets_the_account(quan, dung, browser_of):
    url = reverse("desk-payments:accounts")
    given = {
        "bank_name": "Agribank", "bank_bin": "970405", "account_number": "2605 201", "holder": "UBND xã",
        "valid_from": "01/01/2026",
    }  # fmt: skip
    assert browser_of(quan).post(url, given).status_code == 302
    assert CollectingAccount.objects.get().account_number == "2605201"
    assert "2605201" in text_of(browser_of(quan).get(url))
    assert browser_of(dung).get(url).status_code == 403


def test_the_part_on_a_thing_s_page_shows_its_charges(charge, dung, tam, ngu_kien):
    thing = ngu_kien
    Charge.objects.update(subject=subject.ref(thing))
    request = RequestFactory().get("/desk/dossiers/")
    request.actor = dung
    part = charges_panel(request, thing)
    page = render_to_string(part["template"], {"part": part})
    assert charge.reference in page
    assert reverse("desk-payments:charge", args=[charge.uuid]) in page
    request.actor = tam
    assert charges_panel(request, thing) is None


def test_the_cashier_s_first_page_shows_what_waits(dung, hoa, account, browser_of):
    tell_bank(account, 60_000, "?")
    page = text_of(browser_of(dung).get(reverse("desk:home")))
    assert "Giao dịch chờ xử lý" in page
    assert reverse("desk-payments:to_settle") in page
    assert "Giao dịch chờ xử lý" not in text_of(browser_of(hoa).get(reverse("desk:home")))
