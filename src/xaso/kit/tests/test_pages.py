"""Keyset pages: every row once, and an address that nobody was given begins at the beginning."""

from datetime import UTC, datetime

import pytest
from django.apps import apps

from xaso.kit import pages
from xaso.kit.pages import cut, day_in, moment_in, newest, number_in, oldest

MADE_UP = ["", "a", "-1", "²", "٣", "1.5", "9" * 19, " 9"]


@pytest.mark.parametrize("text", MADE_UP)
def test_what_is_no_row_number_is_none(text):
    assert number_in(text) == 0


def test_a_row_number():
    assert number_in("9" * pages.LONGEST_KEY) == int("9" * pages.LONGEST_KEY)


@pytest.mark.parametrize(
    "text", ["", "x", "2024-03-04T09:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-13-01"]
)
def test_what_is_no_moment_is_none(text):
    assert moment_in(text) is None


def test_a_moment_and_a_day():
    at = datetime(2024, 3, 4, 9, tzinfo=UTC)
    assert moment_in(at.isoformat()) == at
    assert day_in("2024-03-04") == at.date()
    assert day_in("2024-03-04x") is None


def test_the_last_page_has_no_key():
    assert cut([3, 2], 2, str).after == ""
    assert (cut([3, 2, 1], 2, str).rows, cut([3, 2, 1], 2, str).after) == ([3, 2], "2")


@pytest.mark.django_db
@pytest.mark.parametrize(("way", "order"), [(newest, "-pk"), (oldest, "pk")])
def test_every_row_comes_once(way, order):
    people = apps.get_model("accounts", "Person").objects
    for number in range(5):
        people.create(full_name=f"Lan {number}", folded_name=f"lan {number}")
    page = way(people.all(), "", 2)
    found = page.rows
    while page.after:
        page = way(people.all(), page.after, 2)
        found = [*found, *page.rows]
    assert found == list(people.order_by(order))
