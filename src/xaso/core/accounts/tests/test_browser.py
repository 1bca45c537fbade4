"""The passkey script with a real browser and its virtual authenticator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from xaso.core.accounts.models import Account, SecondFactor
from xaso.core.accounts.tests.cast import make_account

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "một mật khẩu dài"
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium")]


@pytest.fixture
def page(monkeypatch) -> Iterator[Page]:
    # Playwright keeps an event loop in this thread; the ORM would otherwise refuse to work beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def add_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"isUserVerified": True}})


def sign_in(page: Page, root: str) -> None:
    page.goto(f"{root}/tai-khoan/can-bo/?next=/tai-khoan/bao-mat/")
    page.fill("[name=username]", "minh")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_made_and_used(live_server, page):
    account = make_account("minh")
    account.set_password(PASSWORD)
    account.save()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    add_authenticator(page)
    sign_in(page, live_server.url)
    page.click("text=Thêm khoá truy cập")
    page.wait_for_selector("text=Đã thêm khoá truy cập")
    assert SecondFactor.objects.get().kind == "passkey"
    page.click("header button:has-text('Đăng xuất')")
    sign_in(page, live_server.url)
    page.click("text=Dùng khoá truy cập")
    page.wait_for_url("**/bao-mat/")
    assert Account.objects.get() == account
    assert faults == []
