import json
import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from xaso.core.access import PUBLIC
from xaso.core.accounts import actions, providers, queries, rules
from xaso.core.accounts.models import Account, OneTimeCode, Person, Post, SecondFactor
from xaso.core.accounts.screens.qr import qr_image
from xaso.core.accounts.tests.authenticator import Authenticator
from xaso.core.accounts.urls import urlpatterns
from xaso.kit import clock

pytestmark = pytest.mark.django_db
PHONE = "0987654321"
PASSWORD = "một mật khẩu dài"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "Firefox"})


def code_now() -> str:
    return rules.code_for(queries.secret(), str(OneTimeCode.objects.latest("id").uuid))


def sign_in(browser: Client, phone: str = PHONE, url: str = "/tai-khoan/dang-nhap/"):
    sent = browser.post(url, {"phone": phone})
    assert sent.status_code == 302, sent.content.decode()
    return browser.post("/tai-khoan/dang-nhap/ma/", {"code": code_now()})


def who(browser: Client) -> str:
    return browser.get("/tai-khoan/").headers.get("Location", "signed in")


def test_a_resident_signs_in_with_phone_and_code(browser):
    answer = sign_in(browser)
    assert answer["Location"] == "/tai-khoan/"
    page = browser.get("/tai-khoan/").content.decode()
    assert "0987 654 321" in page
    assert not re.search(rf"\b{code_now()}\b", page)


def test_the_code_is_on_the_page_in_demo_only(browser, settings):
    browser.post("/tai-khoan/dang-nhap/", {"phone": PHONE})
    assert code_now() not in browser.get("/tai-khoan/dang-nhap/ma/").content.decode()
    settings.DEMO = True
    page = browser.get("/tai-khoan/dang-nhap/ma/").content.decode()
    assert code_now() in page
    assert "Bản dùng thử" in page


def test_wrong_phone_and_wrong_code_are_said_at_the_field(browser):
    assert "máy bàn" in browser.post("/tai-khoan/dang-nhap/", {"phone": "02113861234"}).content.decode()
    browser.post("/tai-khoan/dang-nhap/", {"phone": PHONE})
    wrong = f"{(int(code_now()) + 1) % 10**6:06d}"
    assert "còn 4 lần" in browser.post("/tai-khoan/dang-nhap/ma/", {"code": wrong}).content.decode()
    assert "/dang-nhap/" in who(browser)


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/portal/x/", "/portal/x/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_only_to_our_own_pages(browser, lan, wanted, goes):
    browser.get("/tai-khoan/dang-nhap/", {"next": wanted})
    answer = sign_in(browser, Account.objects.get(pk=lan.account_id).phone)
    assert answer["Location"] == goes


def test_signing_in_makes_a_new_session_key(browser, lan):
    browser.get("/tai-khoan/dang-nhap/", {"next": "/portal/"})
    before = browser.cookies["sessionid"].value
    sign_in(browser, Account.objects.get(pk=lan.account_id).phone)
    after = browser.cookies["sessionid"].value
    assert before != after
    fixed = Client(headers={"user-agent": "Firefox"})
    fixed.cookies["sessionid"] = before
    assert "/dang-nhap/" in who(fixed)


def test_a_stolen_session_is_worth_nothing_in_another_browser_and_ends(browser):
    sign_in(browser)
    stolen = browser.cookies["sessionid"].value
    thief = Client(headers={"user-agent": "curl"})
    thief.cookies["sessionid"] = stolen
    assert "/dang-nhap/" in who(thief)
    assert "/dang-nhap/" in who(browser)


def test_signing_out_needs_a_post_and_ends_the_session_on_the_server(browser):
    sign_in(browser)
    kept = browser.cookies["sessionid"].value
    assert browser.get("/tai-khoan/dang-xuat/").status_code == 405
    assert who(browser) == "signed in"
    browser.post("/tai-khoan/dang-xuat/")
    copy = Client(headers={"user-agent": "Firefox"})
    copy.cookies["sessionid"] = kept
    assert "/dang-nhap/" in who(copy)


def test_ending_the_other_sessions_keeps_this_one(browser):
    sign_in(browser)
    other = Client(headers={"user-agent": "Phone"})
    sign_in(other)
    browser.post("/tai-khoan/bao-mat/thiet-bi/")
    assert who(browser) == "signed in"
    assert "/dang-nhap/" in who(other)


@pytest.fixture
def officer(minh) -> Account:
    account = Account.objects.get(pk=minh.account_id)
    account.set_password(PASSWORD)
    account.save()
    return account


def with_password(browser: Client, **typed: str):
    return browser.post("/tai-khoan/can-bo/", {"username": "minh", "password": PASSWORD} | typed)


def test_an_officer_without_second_factor_goes_straight_to_the_desk(browser, officer):
    assert "không đúng" in with_password(browser, password="sai").content.decode()
    assert with_password(browser)["Location"] == "/desk/"


def test_half_a_session_opens_nothing_until_the_factor(browser, officer, minh):
    factor = actions.enrol_totp(minh, officer)
    moment = clock.now()
    with time_machine.travel(moment, tick=False):
        actions.confirm_totp(minh, officer, pyotp.TOTP(queries.authenticator_secret(factor)).at(moment))
        assert with_password(browser)["Location"] == "/tai-khoan/xac-thuc/"
        assert "/dang-nhap/" in who(browser)
        wrong = browser.post("/tai-khoan/xac-thuc/", {"how": "totp", "code": "1"})
        assert "không đúng" in wrong.content.decode()
        assert "/dang-nhap/" in who(browser)
    later = moment + timedelta(seconds=60)
    with time_machine.travel(later, tick=False):
        code = pyotp.TOTP(queries.authenticator_secret(factor)).at(later)
        assert browser.post("/tai-khoan/xac-thuc/", {"how": "totp", "code": code})["Location"] == "/desk/"
        assert who(browser) == "signed in"


def test_a_phone_code_does_not_go_around_the_second_factor(browser, officer, minh):
    SecondFactor.objects.create(
        account=officer, kind="totp", name="x", data={"secret": "A" * 32}, confirmed_at=clock.now()
    )
    assert sign_in(browser, officer.phone)["Location"] == "/tai-khoan/xac-thuc/"
    assert "/dang-nhap/" in who(browser)


def test_half_a_session_dies_after_ten_minutes_and_in_another_browser(browser, officer):
    Account.objects.filter(pk=officer.pk).update(second_factor_required=True)
    with_password(browser)
    thief = Client(headers={"user-agent": "curl"})
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert thief.get("/tai-khoan/xac-thuc/").status_code == 302
    assert browser.get("/tai-khoan/xac-thuc/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert browser.get("/tai-khoan/xac-thuc/").status_code == 302


def test_a_required_factor_is_set_up_at_the_first_sign_in(browser, officer):
    Account.objects.filter(pk=officer.pk).update(second_factor_required=True)
    with_password(browser)
    page = browser.get("/tai-khoan/xac-thuc/").content.decode()
    factor = SecondFactor.objects.get(account=officer)
    assert queries.authenticator_secret(factor) in page
    assert "data:image/svg+xml" in page
    browser.post("/tai-khoan/xac-thuc/", {"code": pyotp.TOTP(queries.authenticator_secret(factor)).now()})
    assert who(browser) == "signed in"
    factor.refresh_from_db()
    assert factor.confirmed_at


def options_in(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S).group(1))


def test_a_passkey_from_the_security_page_to_the_next_sign_in(browser, officer):
    with_password(browser)
    key = Authenticator()
    made = key.create(options_in(browser.get("/tai-khoan/bao-mat/").content.decode()))
    browser.post("/tai-khoan/bao-mat/khoa/", {"name": "Máy bàn", "response": json.dumps(made)})
    assert "Máy bàn" in browser.get("/tai-khoan/bao-mat/").content.decode()
    browser.post("/tai-khoan/dang-xuat/")
    assert with_password(browser)["Location"] == "/tai-khoan/xac-thuc/"
    page = browser.get("/tai-khoan/xac-thuc/").content.decode()
    assert "passkey.js" in page
    answer = json.dumps(key.get(options_in(page)))
    for bad in ("", "[]", "not json", "{}"):
        assert browser.post("/tai-khoan/xac-thuc/", {"how": "passkey", "response": bad}).status_code == 200
    page = browser.post("/tai-khoan/xac-thuc/", {"how": "passkey", "response": answer}).content.decode()
    assert "Không xác nhận được" in page
    fresh = json.dumps(key.get(options_in(page)))
    assert browser.post("/tai-khoan/xac-thuc/", {"how": "passkey", "response": fresh})["Location"] == "/desk/"


def test_recovery_codes_are_shown_once(browser, officer):
    with_password(browser)
    SecondFactor.objects.create(
        account=officer, kind="totp", name="x", data={"secret": "A" * 32}, confirmed_at=clock.now()
    )
    page = browser.post("/tai-khoan/bao-mat/khoi-phuc/").content.decode()
    codes = re.findall(r'value="([a-z0-9]{5}-[a-z0-9]{5})"', page)
    assert len(codes) == 10
    assert browser.get("/tai-khoan/bao-mat/khoi-phuc/").status_code == 302
    browser.post("/tai-khoan/dang-xuat/")
    with_password(browser)
    answer = browser.post("/tai-khoan/xac-thuc/", {"how": "recovery", "code": codes[3]})
    assert answer["Location"] == "/desk/"


def test_changing_the_password_keeps_this_browser_and_ends_the_others(browser, officer):
    with_password(browser)
    other = Client(headers={"user-agent": "Phone"})
    with_password(other)
    answer = browser.post("/tai-khoan/bao-mat/mat-khau/", {"old": PASSWORD, "new": "mật khẩu mới dài"})
    assert answer.status_code == 302
    assert who(browser) == "signed in"
    assert "/dang-nhap/" in who(other)


def test_the_profile_page_says_what_is_wrong_with_an_id(browser):
    sign_in(browser)
    typed = {"full_name": "Nguyễn Thị Đào", "birth_on": "08/03/1985", "personal_id": "02618500123"}
    assert "bạn đã nhập 11" in browser.post("/tai-khoan/", typed).content.decode()
    assert browser.post("/tai-khoan/", typed | {"personal_id": "026185001239"}).status_code == 302
    assert Person.objects.get(personal_id="026185001239").birth_on.year == 1985


def test_demo_officers_are_one_click_away_in_demo_only(browser, officer, settings):
    Person.objects.filter(pk=officer.person_id).update(is_demo=True)
    url = f"/tai-khoan/can-bo/dung-thu/{officer.uuid}/"
    assert url not in browser.get("/tai-khoan/can-bo/").content.decode()
    assert browser.post(url).status_code == 409
    settings.DEMO = True
    assert url in browser.get("/tai-khoan/can-bo/").content.decode()
    assert browser.post(url)["Location"] == "/desk/"


def test_the_administrator_keeps_officers(browser_of, quan, minh, an, ngu_kien):
    admin = browser_of(quan)
    page = admin.get("/tai-khoan/don-vi/").content.decode()
    assert "Lê Văn Minh" in page
    today = f"{clock.today():%d/%m/%Y}"
    typed = {"full_name": "Lê Mới", "username": "moi.le", "role": "handler", "valid_from": today}
    made = admin.post("/tai-khoan/don-vi/mo/", typed)
    assert "moi.le" in made.content.decode()
    account = Account.objects.get(username="moi.le")
    given = {"account": str(account.uuid), "role": "clerk", "valid_from": today}
    assert admin.post("/tai-khoan/don-vi/giao/", given).status_code == 302
    post = Post.objects.get(account=account, role="clerk")
    url = f"/tai-khoan/don-vi/chuc-danh/{post.uuid}/"
    assert admin.get(url).status_code == 200
    stand_in = {"account": str(Account.objects.get(username="an").uuid), "valid_from": today, "valid_to": today}
    assert admin.post(f"{url}lam-thay/", stand_in).status_code == 302
    assert "Mật khẩu mới" in admin.post(f"{url}mat-khau/").content.decode()
    assert admin.post(f"{url}ket-thuc/", {"last_day": today}).status_code == 302
    assert Post.objects.get(pk=post.pk).valid_to == clock.today()
    assert admin.post("/tai-khoan/don-vi/giao/", {"role": "clerk"}).status_code == 409


def test_the_administrator_makes_and_revokes_a_key(browser_of, quan, ngu_kien):
    admin = browser_of(quan)
    account, _ = actions.open_officer(quan, ngu_kien, "may-a", "Hệ thống A", role="partner", valid_from=clock.today())
    typed = {"account": str(account.uuid), "name": "Cổng A", "scopes": ["dossiers.view"]}
    page = admin.post("/tai-khoan/don-vi/khoa/", typed).content.decode()
    key = re.search(r'value="(xs_[^"]+)"', page).group(1)
    assert queries.actor_of_token(key)
    listed = admin.get("/tai-khoan/don-vi/").content.decode()
    assert key not in listed
    revoke = re.search(r'action="(/tai-khoan/don-vi/khoa/[^"]+/thu-hoi/)"', listed).group(1)
    admin.post(revoke)
    assert queries.actor_of_token(key) is None


def test_others_do_not_see_the_units_officers(browser_of, minh, lan, tam, quan):
    post = Post.objects.get(account_id=tam.account_id)
    assert browser_of(minh).get("/tai-khoan/don-vi/").status_code == 403
    assert browser_of(lan).get("/tai-khoan/don-vi/").status_code == 403
    assert browser_of(quan).get(f"/tai-khoan/don-vi/chuc-danh/{post.uuid}/").status_code == 404
    assert Client().get("/tai-khoan/don-vi/").status_code == 302


def test_a_further_provider_is_one_registration(browser, monkeypatch):
    class Elsewhere:
        title, audience, is_outside = "Cổng khác", "resident", True

        def start(self, request):
            return "https://id.example/authorize?state=1"

        def finish(self, request):
            return actions.sign_in_with_identity(request.actor, request.GET["sub"], "Trần Thị Mai", provider="else")

    monkeypatch.setitem(providers.PROVIDERS._parts, "else", Elsewhere())
    assert "Cổng khác" in browser.get("/tai-khoan/dang-nhap/").content.decode()
    assert browser.get("/tai-khoan/qua/else/")["Location"].startswith("https://id.example/")
    assert browser.get("/tai-khoan/ve/else/?sub=7").status_code == 302
    assert "Trần Thị Mai" in browser.get("/tai-khoan/").content.decode()
    assert browser.get("/tai-khoan/ve/phone/").status_code == 404
    assert browser.get("/tai-khoan/qua/nothing/").status_code == 404


def test_every_page_names_its_permission_and_stays_small(browser, browser_of, quan, lan):
    assert all(getattr(pattern.callback, "permission", "") for pattern in urlpatterns)
    assert {p.name for p in urlpatterns if p.callback.permission == PUBLIC} >= {"sign_in", "officer", "second_factor"}
    pages = [browser.get("/tai-khoan/dang-nhap/"), browser.get("/tai-khoan/can-bo/")]
    pages += [
        browser_of(lan).get(url) for url in ("/tai-khoan/", "/tai-khoan/bao-mat/", "/tai-khoan/bao-mat/ung-dung/")
    ]
    pages += [browser_of(quan).get("/tai-khoan/don-vi/")]
    for page in pages:
        assert page.status_code == 200
        assert len(page.content) < 60_000
        assert b"style=" not in page.content
        assert b"<script>" not in page.content


def test_a_qr_code_is_an_image_in_the_page():
    assert qr_image("otpauth://totp/x").startswith("data:image/svg+xml")
