"""A simulated Facebook page that belongs to Ngũ Kiên."""

import json
from datetime import timedelta

import pytest

from xaso.core.access import SYSTEM
from xaso.core.actions import action
from xaso.kit import clock
from xaso.kit.tests.programs import Program
from xaso.modules.social.actions import draft_post
from xaso.modules.social.actions.register import Entry, add_page


class Facebook(Program):
    def __init__(self) -> None:
        super().__init__("xaso.modules.social.simulators.page")

    def fault(self, path: str, kind: str, **more) -> None:
        self.control("fault", path=path, kind=kind, **more)

    @property
    def posts(self) -> dict:
        return self.control("state")["posts"]

    @property
    def calls(self) -> list[str]:
        return self.control("state")["calls"]


@action("test.draft_post", "Việc của phép thử")
def _somebodys_action(by, /, *, what):
    return what()


@pytest.fixture(scope="session")
def facebook_process():
    with Facebook() as running:
        yield running


@pytest.fixture
def facebook(facebook_process, monkeypatch):
    facebook_process.control("forget")
    monkeypatch.setenv("XASO_FACEBOOK_URL", facebook_process.url)
    monkeypatch.setenv("XASO_FACEBOOK_PAGES", json.dumps({"xa": {"page_id": "1001", "token": "page-token"}}))
    monkeypatch.setenv("XASO_FACEBOOK_APP_SECRET", "fb-secret")
    monkeypatch.setenv("XASO_FACEBOOK_VERIFY_TOKEN", "tu-xac-nhan")
    return facebook_process


def entry(**more) -> Entry:
    values = {
        "kind": "facebook", "name": "Xã Ngũ Kiên", "address": "https://www.facebook.com/ngukien", "run_by": "Phúc",
        "since_on": clock.today() - timedelta(days=400), "members": 1200, "page_key": "",
    }  # fmt: skip
    return Entry(**values | more)


@pytest.fixture
def page(phuc, ngu_kien):
    """In the register, not connected."""
    return add_page(phuc, ngu_kien, entry=entry())


@pytest.fixture
def connected(facebook, phuc, ngu_kien):
    return add_page(phuc, ngu_kien, entry=entry(name="Tin Ngũ Kiên", page_key="xa"))


@pytest.fixture
def in_action():
    """Drafting happens inside somebody's action."""
    return lambda what: _somebodys_action(SYSTEM, what=what)


@pytest.fixture
def drafted(ngu_kien, in_action):
    count = iter(range(100))

    def make(page, text="Lịch tiêm phòng thôn 3", **more):
        asked = {"text": text, "purpose": "test:1", "key": f"k{next(count)}"} | more
        return in_action(lambda: draft_post(SYSTEM, ngu_kien, page=page, **asked))

    return make
