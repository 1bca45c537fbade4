"""A late birth, by hand: filed on a phone, paid by transfer, worked through at the desk, returned, seen by a leader."""

import hashlib
import hmac
import io
import json
import re
from datetime import date
from urllib.request import Request, urlopen

import pyotp
import pytest
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image

from tests.browser.conftest import PASSWORD, PHONE, Walker
from xaso.core.access import SYSTEM
from xaso.core.accounts import queries as accounts
from xaso.core.accounts import sessions
from xaso.core.audit.actions import verify
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.payments.actions import set_account

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "bi-mat-cua-ngan-hang"
ACCOUNT = "2605201001234"
SCANNED = "026080004321|135672345|Trần Văn Nam|01021980|Nam|Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc|15042021"
TYPED = {
    "child_name": "Nguyễn Ngọc Mai",
    "child_birth_on": "20/08/2026",
    "father.birth_on": "08/03/1980",
    "birth_on": "08/03/1985",
    "mother.personal_id": "026185001234",
    "father.personal_id": "026080004321",
    "full_name": "Nguyễn Thị Lan",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "copies": "1",
    "phone": "0912345601",
    "email": "",
    "child_birth_in_words": "",
    "province": "Vĩnh Phúc",
    "commune": "Ngũ Kiên",
}
CHOSEN = {
    "child_sex": "female", "father.sex": "male", "sex": "female", "birth_proof": "pledge", "receive_by": "online",
    "relation": "child",
}  # fmt: skip


@pytest.fixture
def office(monday, catalogue, ngu_kien, settings, lan, minh, an, hoa, van, thu):
    """The commune collects by transfer, and its bank knows the secret."""
    settings.PAYMENT_WEBHOOK_SECRET = SECRET
    set_account(
        SYSTEM, ngu_kien, bank_bin="970405", bank_name="Agribank", account_number=ACCOUNT, holder="UBND xã Ngũ Kiên",
        valid_from=date(2025, 1, 1),
    )  # fmt: skip
    return {"reception": minh, "handler": an, "leader": hoa, "clerk": van, "head": thu}


def test_a_late_birth_from_the_phone_to_the_cockpit(office, walker, give_password):
    resident = walker(width=PHONE)
    sign_in_by_phone(resident, "0912345601")
    find_the_procedure(resident)
    dossier = file_it(resident)
    assert {paper.file.media_type for paper in dossier.papers.exclude(file=None)} == {"application/pdf"}

    reception = walker()
    sign_in_by_password(reception, give_password(office["reception"]))
    accept(reception, dossier)
    pay(resident, reception, dossier)

    leader = walker()
    sign_in_by_password(leader, give_password(office["leader"]))
    desks = {role: walker(office[role]) for role in ("handler", "clerk", "head")} | {"leader": leader}
    attach(desks["handler"], dossier)
    resident.go(f"/portal/dossiers/{dossier.uuid}/")
    assert "Tải kết quả" not in resident.page.inner_text("main"), "nobody has signed it yet"
    work_through(desks, dossier)
    hand_over(reception, dossier)
    take_home(resident, dossier)

    leader.visit("/cockpit/")
    tile = leader.page.locator("a.tile", has_text="Đúng hạn theo luật")
    assert "1/1" in tile.inner_text()
    tile.click()
    leader.look("cockpit-rows")
    assert dossier.number in leader.page.inner_text("main")
    assert not Delivery.objects.exclude(state="done").exists(), list(Delivery.objects.values_list("handler", "error"))
    assert verify().broken == ""


def test_a_resident_files_without_javascript(office, walker):
    resident = walker(width=PHONE, script=False)
    sign_in_by_phone(resident, "0912345601")
    find_the_procedure(resident)
    dossier = file_it(resident)
    assert dossier.state == Dossier.State.SUBMITTED
    assert "Đã gửi hồ sơ" in resident.page.inner_text("main")


def test_a_certified_copy_with_at_most_ten_keys(office, walker, give_password):
    desk = walker(office["reception"])
    page, pressed = desk.page, 0
    desk.visit("/desk/")

    def key(name: str, until: str) -> None:
        nonlocal pressed
        pressed += 1
        page.keyboard.press(name)
        page.wait_for_selector(until)

    key("F4", "[data-number]")
    number = page.locator("[data-number]", has_text="2.000815").get_attribute("data-number")
    key(number, "#card:focus")
    page.keyboard.type(SCANNED)  # the scanner types and ends the line
    key("Enter", "[name='papers.0.pages']:focus")
    page.keyboard.type("3")
    pressed += 1
    key("Enter", "[name=paper-ban_chinh]:focus")
    key("Space", "#fee >> text=5.000 đồng")
    desk.look()
    key("F9", "text=Đã tiếp nhận hồ sơ")
    desk.look()
    with desk.context.expect_event("response", lambda answer: answer.url.endswith(".pdf")) as slip:
        pressed += 1
        page.keyboard.press("F8")
    assert (slip.value.status, slip.value.headers["content-type"]) == (200, "application/pdf")
    assert pressed <= 10
    assert Dossier.objects.get().applicant_name == "Trần Văn Nam"


def sign_in_by_phone(who: Walker, phone: str) -> None:
    page = who.page
    who.visit("/")
    page.click("header >> text=Đăng nhập")
    who.look()
    page.fill("[name=phone]", phone)
    page.click("main button[type=submit]")
    page.wait_for_url("**/ma/")
    who.look()
    [cookie] = [one for one in who.context.cookies() if one["name"] == "sessionid"]
    code = accounts.code_of(SessionStore(cookie["value"])[sessions.CODE_UUID])
    page.fill("[name=code]", code)
    page.click("main button[type=submit]")
    page.wait_for_selector("header >> text=Nguyễn Thị Lan")


def sign_in_by_password(who: Walker, username: str) -> None:
    page = who.page
    who.visit("/tai-khoan/can-bo/?next=/desk/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_selector("header >> text=Đăng xuất")
    if "xac-thuc" in page.url:
        who.look()
        secret = re.sub(r"\s", "", page.input_value("[data-copy]"))
        page.fill("[name=code]", pyotp.TOTP(secret).now())
        page.click("main form button[type=submit]")


def find_the_procedure(who: Walker) -> None:
    page = who.page
    who.go("/")
    page.click("main >> text=Sinh con, nuôi con nhỏ")
    who.look("life-event")
    page.locator("main a", has_text="Đăng ký khai sinh").first.click()
    who.look()
    page.click("main >> text=Nộp hồ sơ")
    who.look()
    page.select_option("[name=unit]", label=page.locator("[name=unit] option", has_text="Ngũ Kiên").inner_text())
    page.click("text=Bắt đầu khai")


def file_it(who: Walker) -> Dossier:
    """Every section, as its own page asks; then the papers; then everything read back."""
    page = who.page
    for _ in range(12):
        page.wait_for_selector(".steps")
        page.wait_for_load_state()  # all boxes are there, not only the first
        if page.url.endswith("/papers/"):
            break
        fill_what_is_asked(who)
        who.look(f"draft-{page.url.split('/')[-2]}")
        with page.expect_navigation():
            page.click("text=Lưu và tiếp tục")
        assert page.locator(".errors").count() == 0, page.inner_text(".errors")
    hand_in(who)
    page.wait_for_url("**/review/")
    who.look()
    page.check("[name=result_by][value=online]")
    page.check("[name=is_true]")
    page.click("main button:has-text('Gửi hồ sơ')")
    page.wait_for_selector("text=Đã gửi hồ sơ")
    who.look()
    return Dossier.objects.get()


def fill_what_is_asked(who: Walker) -> None:
    """Type into each empty box and answer each question that is on the page."""
    form = who.page.locator("form.form")
    for box in form.locator("input:not([type=hidden], [type=radio], [type=checkbox], [type=file])").all():
        name = box.get_attribute("name")
        if not box.input_value():
            box.fill(answer_to(TYPED, name, "Thôn Đông"))
    for name in {radio.get_attribute("name") for radio in form.locator("input[type=radio]").all()}:
        form.locator(f"[name='{name}'][value='{answer_to(CHOSEN, name, 'yes')}']").check()
    for box in form.locator("select").all():
        box.select_option(answer_to(CHOSEN, box.get_attribute("name"), ""))
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    for box in form.locator("input[type=file]").all():
        box.set_input_files(photo())


def answer_to(answers: dict[str, str], name: str, otherwise: str) -> str:
    return next((value for ending, value in answers.items() if name.endswith(ending)), otherwise)


def hand_in(who: Walker) -> None:
    for box in who.page.locator("main input[type=file]").all():
        box.set_input_files(photo())
    who.look()
    who.page.click("text=Lưu và tiếp tục")


def photo() -> dict:
    kept = io.BytesIO()
    Image.effect_noise((900, 1200), 40).convert("RGB").save(kept, "JPEG", quality=70)
    return {"name": "anh-chup.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def accept(who: Walker, dossier: Dossier) -> None:
    page = who.page
    who.visit("/desk/")
    page.click(f"main a[href*='{dossier.uuid}']")
    who.look()
    page.click("main >> text=Tiếp nhận")
    who.look()
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Đã tiếp nhận, mã hồ sơ")
    deliver_all()
    dossier.refresh_from_db()
    assert re.fullmatch(r"H62\.28\.15-\d+-\d+", dossier.number)
    assert dossier.payment_state == Dossier.Payment.UNKNOWN


def pay(resident: Walker, reception: Walker, dossier: Dossier) -> None:
    """The officer says how much; the resident sees the code; the bank tells that the money came."""
    page = reception.page
    page.click("text=Xác định mức phí")
    reception.look()
    page.fill("[name=amount]", "8000")
    page.fill("[name=basis]", "Nghị quyết của Hội đồng nhân dân tỉnh")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Đã xác định mức phí")
    deliver_all()

    page = resident.page
    resident.visit(f"/portal/dossiers/{dossier.uuid}/")
    page.click("text=Nộp bằng mã QR")
    resident.look()
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
    reference = page.locator("[data-copy]").last.input_value()
    told = {
        "account": ACCOUNT,
        "bank_ref": "FT260001",
        "amount": 8000,
        "content": reference,
        "at": clock.now().isoformat(),
    }
    answer = tell_the_bank_s_news(resident.root, told)
    assert answer["outcome"] == "exact"
    deliver_all()
    page.click("text=Tôi đã chuyển, kiểm tra")
    page.wait_for_selector("text=Đã nhận đủ tiền")
    resident.look("paid")
    dossier.refresh_from_db()
    assert dossier.payment_state == Dossier.Payment.PAID


def tell_the_bank_s_news(root: str, told: dict) -> dict:
    raw, stamp = json.dumps(told).encode(), str(int(clock.now().timestamp()))
    signature = hmac.new(SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Xaso-Timestamp": stamp, "X-Xaso-Signature": f"sha256={signature}"}
    with urlopen(Request(f"{root}/api/v1/payments/webhook", raw, headers), timeout=30) as answer:
        return json.load(answer)


def attach(who: Walker, dossier: Dossier) -> None:
    page = who.page
    who.go(f"/desk/dossiers/{dossier.uuid}/")
    page.click("text=Đính kèm kết quả")
    who.look()
    page.set_input_files("[name=file]", {"name": "giay-khai-sinh.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.fill("[name=number]", "15/2026")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Đã đính kèm kết quả")


def work_through(desks: dict[str, Walker], dossier: Dossier) -> None:
    """Each step by the officer whose step it is, found on their own first page."""
    while Dossier.objects.get(pk=dossier.pk).state == Dossier.State.PROCESSING:
        role = Dossier.objects.get(pk=dossier.pk).step_role
        page = desks[role].page
        desks[role].visit("/desk/")
        page.click(f"main a[href*='{dossier.uuid}']")
        desks[role].look(f"dossier-{role}")
        label = "Ký duyệt kết quả" if role == "leader" else "Hoàn thành bước"
        page.click(f"main button:has-text('{label}')")
        page.wait_for_selector(".notice.tone-good, .notice--success, main [role=status], main .notice")
        deliver_all()
    assert Dossier.objects.get(pk=dossier.pk).state == Dossier.State.FINISHED


def hand_over(who: Walker, dossier: Dossier) -> None:
    who.visit(f"/desk/dossiers/{dossier.uuid}/")
    who.page.click("main >> text=Trả kết quả >> nth=0")
    who.look()
    who.page.fill("[name=handed_how]", "CCCD của người nộp")
    who.page.click("main form button[type=submit]")
    who.page.wait_for_selector("text=Đã trả kết quả")
    deliver_all()


def take_home(who: Walker, dossier: Dossier) -> None:
    page = who.page
    who.visit(f"/portal/dossiers/{dossier.uuid}/?returned")
    address = page.locator("a", has_text="Tải kết quả").get_attribute("href")
    assert who.context.request.get(who.root + address).body().startswith(b"%PDF")
    page.click("button:has-text('Hài lòng') >> nth=0")
    page.wait_for_selector("text=Cảm ơn bạn đã đánh giá")
    who.visit("/portal/notifications/")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.rating) == (Dossier.State.RETURNED, 3)
