"""Pages of signing: who sees them, what they cost, and one way through with nothing but forms."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.outbox.actions import deliver_all
from xaso.modules.signing import rules
from xaso.modules.signing.actions import ask_to_sign
from xaso.modules.signing.models import Ask, Certificate, Request
from xaso.modules.signing.performing import picture_of
from xaso.modules.signing.tests.conftest import PIN, lay_file
from xaso.modules.signing.tests.papers import birth_certificate
from xaso.modules.signing.tests.test_register import book, given, line
from xaso.modules.signing.tests.test_requests import ask, signed

pytestmark = pytest.mark.django_db
INDEX, MINE, REGISTER = (f"desk-signing:{name}" for name in ("index", "mine", "register"))


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def laid(an, hoa, ngu_kien, paper):
    """an lays three files before hoa."""
    signer = Account.objects.get(pk=hoa.account_id)
    more = [lay_file(SYSTEM, ngu_kien, content=birth_certificate(), name=f"Kết quả {n}.pdf") for n in (1, 2)]
    return [
        ask_to_sign(an, ngu_kien, file=file, role=rules.PERSON, subject=file.subject, signer=signer)
        for file in [paper, *more]
    ]


def test_hoa_marks_two_of_three_and_signs_once(plugged_in, browser_of, hoa, of_hoa, laid):
    browser = browser_of(hoa)
    page = text_of(browser.get(reverse(INDEX)))
    assert all(ask.title in page for ask in laid)
    chosen = [str(ask.uuid) for ask in laid[:2]]
    answer = browser.post(reverse(INDEX), {"asks": chosen, "person": str(of_hoa.uuid)}, follow=True)
    assert "Ký cùng một lần: xong 0 trong 2 tệp" in text_of(answer)
    deliver_all()
    state = browser.get(Request.objects.first().get_absolute_url())
    assert "Đã ký." in text_of(state)
    assert "xong 2 trong 2 tệp" in text_of(state)
    assert [ask.title for ask in Ask.objects.filter(closed_at=None)] == [laid[2].title]
    assert text_of(browser.get(reverse(MINE))).count("Đã ký") >= 2


def test_van_seals_what_is_laid_before_the_seal(
    plugged_in, browser_of, an, hoa, van, ngu_kien, of_hoa, of_commune, paper
):
    first = signed(hoa, ngu_kien, paper, of_hoa)
    laid = ask_to_sign(an, ngu_kien, file=first.signed_file, role=rules.AGENCY, subject=paper.subject)
    assert laid.title not in text_of(browser_of(hoa).get(reverse(INDEX)))
    browser = browser_of(van)
    assert laid.title in text_of(browser.get(reverse(INDEX)))
    browser.post(reverse(INDEX), {"asks": [str(laid.uuid)], "agency": str(of_commune.uuid)})
    deliver_all()
    assert Request.objects.get(role=rules.AGENCY).state == rules.SIGNED


def test_nothing_marked_and_no_certificate_are_told(browser_of, hoa, of_hoa, laid):
    browser = browser_of(hoa)
    assert "Hãy đánh dấu ít nhất một tệp" in text_of(browser.post(reverse(INDEX), {}))
    Certificate.objects.all().update(state=rules.ENDED)
    assert "Bạn chưa có chứng thư số dùng được" in text_of(browser.get(reverse(INDEX)))
    answer = browser.post(reverse(INDEX), {"asks": [str(laid[0].uuid)]})
    assert "Bạn chưa có chứng thư số" in text_of(answer)
    assert not Request.objects.exists()


def test_the_pin_is_typed_wrong_then_right(plugged_in, monkeypatch, browser_of, hoa, of_hoa, laid):
    monkeypatch.delenv("XASO_SIGN_PKCS11_PIN_FILE")
    Certificate.objects.update(asks_pin=True)
    browser = browser_of(hoa)
    body = {"asks": [str(laid[0].uuid)], "person": str(of_hoa.uuid)}
    answer = browser.post(reverse(INDEX), body | {"pin_password": "000000"}, follow=True)
    assert "Mã PIN không đúng" in text_of(answer)
    request = Request.objects.get()
    assert request.state == rules.REQUESTED
    enter = reverse("desk-signing:enter_pin", args=[request.uuid])
    assert "Hãy nhập mã PIN" in text_of(browser.post(enter, {}, follow=True))
    answer = browser.post(enter, {"pin_password": PIN}, follow=True)
    assert "Đã ký." in text_of(answer)
    assert PIN not in text_of(answer)


def test_a_request_is_cancelled_by_its_own_person(browser_of, hoa, van, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    cancel = reverse("desk-signing:cancel", args=[request.uuid])
    assert browser_of(van).post(cancel).status_code == 403
    assert "Đã huỷ" in text_of(browser_of(hoa).post(cancel, follow=True))
    assert browser_of(hoa).post(cancel).status_code == 409


def test_strangers_see_nothing(browser_of, lan, tam, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    for url in (request.get_absolute_url(), of_hoa.get_absolute_url()):
        assert browser_of(tam).get(url).status_code in (403, 404)
        assert browser_of(lan).get(url).status_code == 403
    for name in (INDEX, MINE, REGISTER):
        assert browser_of(lan).get(reverse(name)).status_code == 403
    assert browser_of(tam).get(reverse(REGISTER)).status_code == 403


def test_a_file_is_laid_and_taken_back(browser_of, an, hoa, ngu_kien, paper):
    browser = browser_of(an)
    body = {"file": str(paper.uuid), "signer": str(Account.objects.get(pk=hoa.account_id).uuid), "back": "/desk/"}
    answer = browser.post(reverse("desk-signing:lay"), body)
    assert answer.url == "/desk/"
    laid = Ask.objects.get()
    assert (laid.signer_id, laid.role) == (hoa.account_id, rules.PERSON)
    assert browser.post(reverse("desk-signing:lay"), body | {"back": "//evil.example"}).status_code == 409
    back = reverse("desk-signing:take_back", args=[laid.uuid])
    assert browser_of(hoa).post(back).status_code == 403
    assert browser.post(back).status_code == 302
    assert Ask.objects.filter(closed_at=None).count() == 0
    assert browser.post(reverse("desk-signing:lay"), {"file": "x"}).status_code == 404


def test_a_file_of_another_commune_is_not_laid(browser_of, tam, paper):
    assert browser_of(tam).post(reverse("desk-signing:lay"), {"file": str(paper.uuid)}).status_code == 403


def test_a_certificate_is_added_from_its_file(browser_of, pki, quan, hoa, ngu_kien):
    browser = browser_of(quan)
    account = Account.objects.get(pk=hoa.account_id)
    file = io.BytesIO(pki.certificate("hoa").dump())
    file.name = "hoa.cer"
    body = {"holder_kind": rules.OFFICIAL, "means": "token", "provider": "pkcs11", "account": str(account.uuid)}
    answer = browser.post(reverse("desk-signing:add"), body | {"file": file}, follow=True)
    made = Certificate.objects.get()
    assert (made.holder_name, made.holder_code, made.account) == ("Vũ Thị Hoa", "026175000104", account)
    assert "USB token, thiết bị HSM" in text_of(answer)
    answer = browser.post(reverse("desk-signing:add"), body)
    assert "Cần điền khi không có tệp chứng thư" in text_of(answer)
    junk = io.BytesIO(b"khong phai")
    junk.name = "a.cer"
    assert "Không đọc được tệp chứng thư" in text_of(browser.post(reverse("desk-signing:add"), body | {"file": junk}))


def test_a_picture_of_the_hand_is_drawn(browser_of, plugged_in, pki, quan, hoa, ngu_kien, of_hoa, paper):
    target = io.BytesIO()
    Image.new("RGBA", (300, 120), (20, 60, 140, 0)).save(target, "PNG")
    target.seek(0)
    target.name = "chu-ky.png"
    browser = browser_of(quan)
    address = reverse("desk-signing:give_picture", args=[of_hoa.uuid])
    answer = browser.post(address, {"file": target}, follow=True)
    assert reverse("desk-signing:picture", args=[of_hoa.uuid]) in text_of(answer)
    assert picture_of(of_hoa).startswith(b"\x89PNG")
    signed(hoa, ngu_kien, paper, of_hoa)
    text = io.BytesIO(b"khong phai anh")
    text.name = "a.png"
    assert browser.post(address, {"file": text}).status_code == 409


def test_a_spreadsheet_through_the_pages(browser_of, quan, ngu_kien):
    browser = browser_of(quan)
    file = io.BytesIO(book(line(1), line(2)))
    file.name = "so.xlsx"
    answer = browser.post(reverse("desk-signing:begin_import"), {"file": file}, follow=True)
    assert "2 dòng mới" in text_of(answer)
    answer = browser.post(answer.redirect_chain[-1][0] + "ghi/", follow=True)
    assert "Đã ghi 2 chữ ký số vào sổ" in text_of(answer)
    assert browser.get(reverse("desk-signing:template")).content[:2] == b"PK"


def test_the_register_is_filtered_and_paged(browser_of, quan, ngu_kien):
    from xaso.modules.signing.actions import add_certificate

    for number in range(35):
        add_certificate(SYSTEM, ngu_kien, given=given(number, name=f"Trần Văn {number:02d}"))
    add_certificate(SYSTEM, ngu_kien, given=given(99, rules.ENTERPRISE, name="Hợp tác xã Đồng Tâm"))
    browser = browser_of(quan)
    first = text_of(browser.get(reverse(REGISTER)))
    assert first.count("<tr>") == 31
    assert "?truoc=" in first
    assert "Trần Văn 00" not in first
    assert "Đồng Tâm" in text_of(browser.get(reverse(REGISTER) + "?q=dong+tam"))
    assert "Trần Văn" not in text_of(browser.get(reverse(REGISTER) + f"?kind={rules.ENTERPRISE}"))
    assert "Không có chữ ký số nào khớp" in text_of(browser.get(reverse(REGISTER) + "?q=khong"))


@pytest.mark.parametrize(("name", "most"), [(INDEX, 14), (MINE, 10), (REGISTER, 10)])
def test_what_a_list_costs(
    browser_of, django_assert_max_num_queries, van, hoa, ngu_kien, of_hoa, of_commune, laid, name, most
):
    for ask_of in laid[:2]:
        ask(hoa, ngu_kien, ask_of.file, of_hoa)
    browser = browser_of(van if name == REGISTER else hoa)
    with django_assert_max_num_queries(most):
        assert browser.get(reverse(name)).status_code == 200


def test_what_one_request_costs(browser_of, django_assert_max_num_queries, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    browser = browser_of(hoa)
    with django_assert_max_num_queries(8):
        assert browser.get(request.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(8):
        part = browser.get(request.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "tinh-trang"})
    assert text_of(part).lstrip().startswith('<div id="tinh-trang"')


def test_the_first_page_says_how_much_waits(browser_of, hoa, an, laid):
    assert "Tệp chờ bạn ký" in text_of(browser_of(hoa).get("/desk/"))
    assert "Tệp chờ bạn ký" not in text_of(browser_of(an).get("/desk/"))
