"""Consent: to Zalo and back, once, by the browser it began in; every ending is a sentence."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.zalo import tokens
from xaso.modules.zalo.actions import accounts
from xaso.modules.zalo.models import Account
from xaso.modules.zalo.rules import Tokens, challenge
from xaso.modules.zalo.sealing import opened

pytestmark = pytest.mark.django_db
HOME, CONNECT, BACK = "/desk/zalo/", "/desk/zalo/noi/", "/desk/zalo/noi/tra-loi/"


def consent_of(browser) -> dict[str, str]:
    """The two ways back that Zalo's page offers, as (path and query)."""
    page = browser.get(CONNECT).content.decode()
    url = unescape(re.search(r'href="(http://127[^"]+permission[^"]*)"', page)[1])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert set(asked) == {"app_id", "redirect_uri", "code_challenge", "state"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", asked["code_challenge"])
    there = httpx.get(url).text
    assert "GIẢ LẬP" in there
    found = {name: unescape(re.search(rf'id="{name}" href="([^"]+)"', there)[1]) for name in ("yes", "no")}
    return {name: f"{urlsplit(link).path}?{urlsplit(link).query}" for name, link in found.items()}


def said(browser, path) -> str:
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_pkce_as_the_standard_shows_it():
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_administrator_agrees_and_the_account_is_connected(browser_of, quan, oa, ngu_kien):
    browser = browser_of(quan)
    page = said(browser, consent_of(browser)["yes"])
    assert "Đã nối Xã mô phỏng" in page
    account = Account.objects.get()
    assert (account.unit, account.oa_id, account.state) == (ngu_kien, "4900000000001", "connected")
    assert account.connected_by == quan.name
    assert tokens.access_token(account) == opened(account.access_sealed)


def test_nothing_secret_stands_in_the_session_or_on_the_page(browser_of, quan, oa):
    browser = browser_of(quan)
    back = consent_of(browser)["yes"]
    kept = str(dict(browser.session.items()))
    page = said(browser, back)
    account = Account.objects.get()
    for secret in (opened(account.access_sealed), opened(account.refresh_sealed), "app-secret"):
        assert secret not in page + kept
    assert "zalo_consent" not in browser.session


def test_who_does_not_agree_is_told_what_that_means(browser_of, quan, oa):
    browser = browser_of(quan)
    assert "không đồng ý" in said(browser, consent_of(browser)["no"])
    assert not Account.objects.exists()


def test_the_way_back_works_once(browser_of, quan, oa):
    browser = browser_of(quan)
    back = consent_of(browser)["yes"]
    said(browser, back)
    calls = len(oa.state["calls"])
    assert "đã dùng rồi" in said(browser, back)
    assert len(oa.state["calls"]) == calls
    assert Account.objects.get().generation == 1


def test_another_browser_another_state_and_no_visit_are_refused(browser_of, quan, oa):
    mine, other = browser_of(quan), browser_of(quan)
    back = consent_of(mine)["yes"]
    assert "trình duyệt khác" in said(other, back)
    assert "trình duyệt khác" in said(mine, re.sub("state=[^&]+", "state=guess", back))
    assert not Account.objects.exists()


def test_after_a_quarter_of_an_hour_it_is_too_late(browser_of, quan, oa):
    browser = browser_of(quan)
    back = consent_of(browser)["yes"]
    with time_machine.travel(clock.machine_now() + timedelta(minutes=16), tick=True):
        assert "quá 15 phút" in said(browser, back)
    assert not Account.objects.exists()


def test_a_code_zalo_does_not_take_is_a_sentence(browser_of, quan, oa):
    browser = browser_of(quan)
    back = consent_of(browser)["yes"]
    page = said(browser, re.sub("code=[^&]+", "code=guess", back))
    assert "không đổi được mã cấp quyền" in page
    assert not Account.objects.exists()


def test_without_an_app_the_page_says_whom_to_ask(browser_of, quan, oa, monkeypatch):
    monkeypatch.delenv("XASO_ZALO_APP_ID")
    page = said(browser_of(quan), CONNECT)
    assert "Chưa khai báo XASO_ZALO_APP_ID" in page
    monkeypatch.setenv("XASO_ZALO_APP_ID", "app-1")
    monkeypatch.setenv("XASO_ZALO_OAUTH_URL", "http://example.com")
    assert "phải là địa chỉ https" in said(browser_of(quan), CONNECT)


def test_only_the_administrator_may(browser_of, minh, phuc, tam, oa):
    for stranger in (minh, phuc, tam):
        assert browser_of(stranger).get(CONNECT).status_code == 403
        assert browser_of(stranger).get(BACK).status_code == 403


def test_after_the_chain_broke_a_person_mends_it(browser_of, quan, connected, oa):
    accounts.break_chain(SYSTEM, connected, generation=connected.generation, why="Zalo không nhận mã làm mới nữa.")
    browser = browser_of(quan)
    assert "Cấp quyền lại ngay" in said(browser, HOME)
    assert "không gửi được nữa" in said(browser, "/desk/")
    said(browser, consent_of(browser)["yes"])
    account = Account.objects.get()
    assert (account.state, account.error) == ("connected", "")
    assert tokens.access_token(account)


def test_one_account_speaks_for_one_unit(connected, quan, lien_chau, ngu_kien):
    pair = Tokens("a", "r", 90_000)
    with pytest.raises(Refused, match="đã nối cho UBND xã Ngũ Kiên"):
        accounts.connect(SYSTEM, lien_chau, tokens=pair, oa_id=connected.oa_id, name="")
    accounts.disconnect(quan, connected)
    assert accounts.connect(SYSTEM, lien_chau, tokens=pair, oa_id="4900000000001", name="").unit == lien_chau
    with pytest.raises(Refused, match="mã của trang OA"):
        accounts.connect(SYSTEM, ngu_kien, tokens=pair, oa_id="", name="")


def test_disconnected_nothing_is_kept(connected, quan, browser_of):
    browser = browser_of(quan)
    browser.post(f"{HOME}ngat/")
    account = Account.objects.get()
    assert (account.state, account.access_sealed, account.refresh_sealed) == ("disconnected", "", "")


def test_the_page_refreshes_on_demand(connected, quan, browser_of, oa):
    browser = browser_of(quan)
    assert "Chuỗi mã đang tốt" in browser.post(f"{HOME}lam-moi/", follow=True).content.decode()
    assert oa.state["refreshes"] == 1
    oa.control("revoke")
    page = browser.post(f"{HOME}lam-moi/", follow=True).content.decode()
    assert "Một người phải cấp quyền lại" in page


def test_tokens_show_themselves_nowhere():
    pair = Tokens("a-secret", "r-secret", 5)
    assert "secret" not in repr(pair) + str(pair) + pair.for_audit()
