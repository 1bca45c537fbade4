"""The officer's pages in a real browser: accessible, fit a phone, and a copy is received with a few keys."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import sync_playwright

from xaso.core.access import SYSTEM
from xaso.core.accounts.middleware import ACCOUNT, DEVICE, device_of
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.dossiers.actions import processing
from xaso.modules.dossiers.actions.warning import ask_for_apology
from xaso.modules.dossiers.models import Consultation, Dossier
from xaso.modules.dossiers.tests.factories import COPY, MARITAL, PERMIT, finished, received, submitted

CHROMIUM = Path("/usr/bin/chromium")
CARD = "026080004321|135672345|Trần Văn Nam|01021980|Nam|Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc|15042021"
DEVICE_NAME = "counter"
LIST = "/desk/dossiers/"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
]


class Asking:
    headers = {"User-Agent": DEVICE_NAME}


@pytest.fixture(autouse=True)
def _browser_beside_django(monkeypatch):
    """Playwright runs its own loop in this thread, which Django would take for an asynchronous caller."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def chromium():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def page_for(chromium, live_server, actor, width=1280):
    session = SessionStore()
    session[ACCOUNT], session[DEVICE] = actor.account_id, device_of(Asking())
    session.save()
    context = chromium.new_context(viewport={"width": width, "height": 900}, user_agent=DEVICE_NAME)
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def addresses(catalogue, minh, an, thu, hoa, van, lan, ngu_kien):
    """One of each kind of page, with something on it."""
    with time_machine.travel(clock.now() - timedelta(days=40), tick=False):
        late = received(minh, ngu_kien, PERMIT)
    waiting = received(minh, ngu_kien, PERMIT)
    copy = received(minh, ngu_kien, COPY, answers={"papers": [{"name": "Bằng", "pages": 3, "copies": 2}]})
    submitted(lan, ngu_kien)
    finished(ngu_kien, minh, an, thu, hoa, van)
    processing.request_supplement(an, waiting, items=["Sổ đỏ bản chính", "Ảnh 4x6"], reason="Thiếu giấy tờ")
    soon = clock.now() + timedelta(days=2)
    processing.consult(an, late, asked=ngu_kien, question="Có tranh chấp?", answer_by=soon)
    ask_for_apology(SYSTEM, late)
    deliver_all()
    return [
        (minh, "/desk/"), (minh, f"{LIST}?state=4&q=nguyen"), (an, f"{LIST}{late.uuid}/"),
        (an, f"{LIST}{waiting.uuid}/"),
        (an, f"{LIST}{late.uuid}/apologise/"), (thu, f"{LIST}consultation/{Consultation.objects.get().uuid}/"),
        (minh, f"{LIST}receive/"), (minh, f"{LIST}receive/?q=chung+thuc"), (minh, f"{LIST}receive/{COPY}/"),
        (minh, f"{LIST}receive/{MARITAL}/"), (minh, f"{LIST}received/{copy.uuid}/"), (van, f"{LIST}book/"),
    ]  # fmt: skip


@pytest.mark.parametrize("width", [320, 1280])
def test_no_accessibility_violation_and_no_sideways_scroll(chromium, live_server, addresses, width):
    wrong = []
    for actor, address in addresses:
        page = page_for(chromium, live_server, actor, width)
        page.goto(live_server.url + address)
        found = Axe().run(page).response["violations"]
        wrong += [(address, one["id"], one["nodes"][0]["html"][:120]) for one in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((address, "sideways", width))
        page.context.close()
    assert not wrong


def test_a_certified_copy_is_received_with_the_keyboard_alone(chromium, live_server, catalogue, minh, ngu_kien):
    page = page_for(chromium, live_server, minh)
    page.goto(f"{live_server.url}{LIST}receive/{COPY}/")
    page.wait_for_selector("#card:focus")
    page.keyboard.type(CARD)  # what the scanner does
    page.keyboard.press("Enter")
    page.wait_for_selector('[name="papers.0.pages"]:focus')
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_selector('[name="paper-ban_chinh"]:focus')
    page.keyboard.press("Space")
    page.wait_for_selector("#fee >> text=5.000 đồng")
    page.keyboard.press("F9")
    page.wait_for_url("**/received/**")
    dossier = Dossier.objects.get()
    assert dossier.number in page.inner_text("main")
    assert (dossier.applicant_name, dossier.answers["papers"][0]["pages"]) == ("Trần Văn Nam", 3)


def test_without_the_script_the_page_posts_and_comes_back_filled(chromium, live_server, catalogue, minh, ngu_kien):
    page = page_for(chromium, live_server, minh)
    context = page.context.browser.new_context(java_script_enabled=False, user_agent=DEVICE_NAME)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{live_server.url}{LIST}receive/{COPY}/")
    plain.fill("#card", CARD)
    plain.press("#card", "Enter")
    assert plain.input_value('[name="applicant.full_name"]') == "Trần Văn Nam"
    plain.fill('[name="papers.0.pages"]', "2")
    plain.check("#paper-ban_chinh")
    plain.click("text=Tiếp nhận >> nth=-1")
    plain.wait_for_url("**/received/**")
    assert Dossier.objects.count() == 1
