"""The search page."""

import pytest
from django.test import Client

from xaso.core.audit.models import Entry as Record
from xaso.core.search.tests.filing import filed

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


def test_results_by_kind_with_what_was_asked_marked(browser_of, minh):
    filed("Đơn xin <b>khai</b> sinh", minh.unit_path, line="Nguyễn Thị Lan")
    page = body(browser_of(minh).get("/tim-kiem/", {"q": "khai lan"}))
    assert "&lt;b&gt;<mark>khai</mark>&lt;/b&gt; sinh" in page
    assert "Nguyễn Thị <mark>Lan</mark>" in page
    assert 'href="/desk/thu/' in page


def test_nothing_found_gives_advice(browser_of, minh):
    assert "gõ không dấu" in body(browser_of(minh).get("/tim-kiem/", {"q": "khong co dau"}))
    assert "ít nhất hai" in body(browser_of(minh).get("/tim-kiem/", {"q": "a"}))
    assert "dấu ngoặc kép" in body(browser_of(minh).get("/tim-kiem/"))


def test_who_saw_what_is_on_record_without_the_words(browser_of, minh):
    shown = filed("Nguyễn Thị Lan", minh.unit_path)
    browser_of(minh).get("/tim-kiem/", {"q": "nguyen lan"})
    record = Record.objects.get(verb="read")
    assert record.details == {"reason": "/tim-kiem/", "shown": [shown]}
    assert record.unit_path == minh.unit_path


def test_nothing_shown_nothing_on_record(browser_of, minh):
    browser_of(minh).get("/tim-kiem/", {"q": "nguyen lan"})
    assert not Record.objects.filter(verb="read").exists()


def test_the_next_page(browser_of, minh):
    for day in range(25):
        filed(f"Văn bản {day:02}", minh.unit_path, days=day)
    browser = browser_of(minh)
    first = body(browser.get("/tim-kiem/", {"q": "van ban"}))
    assert "24" in first
    assert 'rel="next"' in first
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = body(browser.get(f"/tim-kiem/{address}"))
    assert "00</a>" in second
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_the_page_costs_the_same_for_any_number(browser_of, minh, django_assert_max_num_queries):
    for day in range(20):
        filed(f"Văn bản {day:02}", minh.unit_path, days=day)
    browser = browser_of(minh)
    with django_assert_max_num_queries(4):  # session, who asks, the search, the record
        browser.get("/tim-kiem/", {"q": "văn bản"})


@pytest.mark.parametrize(
    "query",
    [{"q": '"' * 300}, {"q": "x", "after": "';--"}, {"q": "lan", "loai": "no.Such"}, {"q": "%00%"}, {"q": "\x00lan"}],
)
def test_hostile_addresses(browser_of, minh, query):
    assert browser_of(minh).get("/tim-kiem/", query).status_code == 200


def test_residents_and_strangers_are_turned_away(browser_of, lan):
    assert browser_of(lan).get("/tim-kiem/").status_code == 403
    assert Client().get("/tim-kiem/").headers["Location"].startswith("/tai-khoan/can-bo/")


def test_every_desk_page_leads_there(browser_of, minh):
    assert 'href="/tim-kiem/"' in body(browser_of(minh).get("/desk/"))


def test_only_kinds_one_may_see_are_offered(browser_of, minh, quan):
    for officer, sees in ((minh, False), (quan, True)):
        filed("Văn bản", officer.unit_path, permission="dossiers.view" if officer is minh else "accounts.manage")
        page = body(browser_of(officer).get("/tim-kiem/", {"q": "van ban"}))
        assert ("loai=accounts.Post" in page) is sees
