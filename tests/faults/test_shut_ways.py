"""Nobody is offered a way that is shut to them: each link on a page they may open opens, each button may be pressed."""

from collections import Counter
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import transaction
from django.urls import resolve

from tests.browser import test_every_document_page as papers
from tests.browser.conftest import MONDAY
from tests.browser.office import furnished
from tests.faults.pages import Page
from xaso.core.files.actions import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.incoming.actions import draft_answer
from xaso.modules.incoming.tests import factories as incoming
from xaso.modules.workfiles import actions as workfiles

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db]
FEW = 4
STARTS = ("/", "/desk/", "/cockpit/")
NOT_PAGES = ("/static/", "/api/", "/tai-khoan/dang-xuat/")
CAST = (
    "lan", "minh", "an", "thu", "hoa", "van", "dung", "kien", "quan", "phuc", "truc", "bay", "mai", "oanh", "son",
    "binh", "cuong",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def work(lan, minh, an, thu, hoa, van, dung, kien, quan, son, mai, ngu_kien):
    """Dossiers, money, a queue, reports, letters in and out and a work file, with files."""
    people = SimpleNamespace(lan=lan, minh=minh, an=an, thu=thu, hoa=hoa, van=van, dung=dung, kien=kien, quan=quan,
                             son=son, mai=mai)  # fmt: skip
    furnished(people, ngu_kien)
    papers.letters(people, ngu_kien)
    letter = papers.arrivals(people, ngu_kien)["working"]
    draft_answer(an, letter, kind="cong-van", subject="Trả lời")
    made = papers.work(people, ngu_kien)
    paper = workfiles.Paper("Tờ trình", is_electronic=True, received=receive_bytes(PDF, name="to-trinh.pdf"))
    workfiles.add_paper(an, made.opened, paper=paper)
    incoming.arrived(ngu_kien, number="78", files=[receive_bytes(PDF, name="cong-van.pdf")])
    deliver_all()


class UndoneError(Exception):
    """What a press did is taken back."""


class Walk:
    """A few addresses of every kind that pages offer, a few buttons of every kind, and which of them are shut."""

    def __init__(self, browser) -> None:
        self.browser, self.seen, self.met, self.shut = browser, set(STARTS), Counter(), []
        self.signed_in = browser.cookies.output(header="", sep=";")
        waiting = [(start, "") for start in STARTS]
        while waiting:
            address, offered_on = waiting.pop(0)
            if self._often(address):
                continue
            page = self._opened(address, offered_on)
            links = [link for link in dict.fromkeys(page.links if page else ()) if link not in self.seen]
            waiting += [(link, address) for link in links if not link.startswith(NOT_PAGES)]
            self.seen.update(links)
            for form in page.forms if page else ():
                if form.method == "post" and not form.action.startswith(NOT_PAGES) and not self._often(form.action):
                    self._press(form, address)

    def _often(self, address) -> bool:
        kind = resolve(urlsplit(address).path).view_name
        self.met[kind] += 1
        return self.met[kind] > FEW

    def _opened(self, address, offered_on) -> Page | None:
        answer = self.browser.get(address, follow=True)
        if answer.streaming:
            answer.getvalue()
        at_the_door = any("/tai-khoan/can-bo/" in step for step, _ in answer.redirect_chain)
        if offered_on and (answer.status_code != 200 or at_the_door):
            self.shut.append(f"{answer.status_code}: {address} on {offered_on}")
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        return None if answer.streaming or not is_page else Page(answer.content.decode(), address)

    def _press(self, form, offered_on) -> None:
        try:
            with transaction.atomic():
                status = self.browser.post(form.action, form.sent).status_code
                raise UndoneError
        except UndoneError:
            self.browser.cookies = SimpleCookie(self.signed_in)  # some buttons sign out
            if status in {403, 404} or status >= 500:
                self.shut.append(f"{status}: the button {form.action} on {offered_on}")


@pytest.mark.parametrize("name", CAST)
def test_on_the_first_day(name, request, ngu_kien, browser_of):
    assert not Walk(browser_of(request.getfixturevalue(name))).shut


@pytest.mark.parametrize("name", CAST)
def test_in_the_middle_of_the_work(name, request, work, browser_of):
    assert not Walk(browser_of(request.getfixturevalue(name))).shut
