"""Lists that residents page through: by when a bulletin went out, not by when it was written."""

from datetime import timedelta
from itertools import chain

import pytest
import time_machine
from django.urls import reverse

from xaso.modules.bulletins.models import Area, Bulletin, Sending
from xaso.modules.bulletins.queries import listing
from xaso.modules.bulletins.tests.conftest import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(ngu_kien, village):
    """Twenty-four that went out an hour apart, the first written one last of all; two went out at one moment."""
    made = [
        Bulletin(
            unit=ngu_kien, unit_path=ngu_kien.path, title=f"Tin {number:02}", text="Nội dung", state="done",
            created_at=MONDAY, saved_at=MONDAY, published_at=MONDAY + timedelta(hours=number or 24, microseconds=7),
        )
        for number in range(24)
    ]  # fmt: skip
    made[5].published_at = made[4].published_at
    Bulletin.objects.bulk_create(made)
    Area.objects.bulk_create(Area(bulletin=one, path=village.path) for one in made)
    Sending.objects.bulk_create(
        Sending(bulletin=one, unit=ngu_kien, unit_path=ngu_kien.path, channel="web", state="sent") for one in made
    )
    return made


def titles(ask):
    """Of every page, until there is none."""
    found, after = [], ""
    for _ in range(30):
        page = ask(after)
        found.append([one.title for one in page.rows])
        if not (after := page.after):
            return found
    raise AssertionError("the pages have no end")


EXPECTED = ["Tin 00", *(f"Tin {number:02}" for number in range(23, 0, -1))]


@pytest.mark.parametrize("size", [1, 7, 20, 24])
def test_what_was_written_long_ago_and_went_out_today_stands_first(written, village, size):
    pages = titles(lambda after: listing.inbox([village.path], (), after, size))
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert list(chain(*pages)) == EXPECTED


def test_the_public_list_goes_the_same_way(written, ngu_kien, client):
    assert list(chain(*titles(lambda after: listing.published(ngu_kien.path, after)))) == EXPECTED
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        answer = client.get(reverse("portal-bulletins:listed"))
        assert answer.content.decode().index("Tin 00") < answer.content.decode().index("Tin 23")
        assert client.get(reverse("portal-bulletins:listed"), {"after": "x~y"}).status_code == 200


def test_only_what_went_out_by_then(written, village):
    until = MONDAY + timedelta(hours=3, microseconds=7)
    found = listing.inbox([village.path], until=until)
    assert [one.title for one in found.rows] == ["Tin 03", "Tin 02", "Tin 01"]


@pytest.mark.parametrize("key", ["", "~", "x", "7", "9" * 40 + "~1", "-1~1", "1~" + "9" * 40, "1~1~1", "²~1", "1" * 18])
def test_a_made_up_place_is_the_first_page_or_an_empty_one(written, village, key):
    assert len(listing.inbox([village.path], (), key).rows) in (0, 20)


def test_one_question_a_page(written, village, django_assert_num_queries):
    with django_assert_num_queries(1):
        listing.inbox([village.path], ["health"], listing.inbox([]).after)
