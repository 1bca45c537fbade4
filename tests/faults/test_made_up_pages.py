"""Every list is asked to go on after a place that nobody ever reached: it answers, whatever the address says."""

from itertools import product

import pytest
from django.urls import get_resolver

from tests.architecture.test_screens import patterns
from xaso.modules.dossiers.tests.factories import COPY, MARITAL, received, submitted

pytestmark = [pytest.mark.long, pytest.mark.django_db]
PLACES = ("after", "truoc", "sau", "before", "page", "from")
NOBODYS = (
    "9" * 40, "²", "9|" + "9" * 40, "9-" + "9" * 40, "9." + "9" * 40, "0001-01-01T00:00:00+14:00|9",
    "26.|0001-01-01T00:00:00+14:00|9", "26.|2024-03-04x|9",
)  # fmt: skip
ANSWERS = {200, 302, 400, 403, 404, 405}


def lists():
    """Addresses without a key in them that somebody may open by looking."""
    for path, pattern in patterns(get_resolver()):
        if "<" not in path and hasattr(pattern.callback, "template"):
            yield f"/{path}"


def test_no_list_breaks(browser_of, ngu_kien, lan, minh, an, hoa, van, quan, dung, kien, phuc, mai, son, catalogue):
    for code in (COPY, MARITAL):
        submitted(lan, ngu_kien, code)
        received(minh, ngu_kien, code)
    left = set(lists())
    for browser in map(browser_of, (lan, minh, an, hoa, van, quan, dung, kien, phuc, mai, son)):
        opened = {path for path in left if browser.get(path).status_code == 200}
        left -= opened
        for path, place in product(sorted(opened), NOBODYS):
            answer = browser.get(path, dict.fromkeys(PLACES, place))
            assert answer.status_code in ANSWERS, (path, place)
