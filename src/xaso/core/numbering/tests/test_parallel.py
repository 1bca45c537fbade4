"""Fifty clerks ask for numbers at once, and some of them change their mind: no gap and no duplicate."""

import random
from collections import Counter as Tally

import pytest
from django.db import connection, transaction

from xaso.core.numbering.actions import next_value
from xaso.core.numbering.models import Counter
from xaso.core.numbering.tests.together import all_at_once

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
CLERKS, NUMBERS = 50, 20


class ChangedMindError(Exception):
    pass


def _one_number(book, chance):
    """A number and what it is for in one transaction; None when the clerk gave up after getting it."""
    try:
        with transaction.atomic():
            value = next_value(book, "26.252.09157.", "20240304")
            if chance.random() < 0.2:
                raise ChangedMindError
            return value
    except ChangedMindError:
        return None


def test_fifty_clerks_leave_no_gap_and_no_duplicate():
    def clerk(seed):
        chance, mine = random.Random(seed), []
        while len(mine) < NUMBERS:
            value = _one_number("dossier", chance)
            if value is not None:
                mine.append(value)
        return mine

    given = all_at_once(clerk, range(CLERKS))
    assert not [one for one in given if isinstance(one, Exception)]
    assert all(mine == sorted(mine) for mine in given)
    assert Tally(value for mine in given for value in mine) == Tally(range(1, CLERKS * NUMBERS + 1))
    assert Counter.objects.get().value == CLERKS * NUMBERS


def test_blocks_of_numbers_do_not_overlap():
    def clerk(size):
        with transaction.atomic():
            last = next_value("dossier", "26.", "", size)
        return range(last - size + 1, last + 1)

    given = all_at_once(clerk, [1, 7, 100, 3, 1, 20] * 4)
    assert Tally(value for block in given for value in block) == Tally(range(1, 132 * 4 + 1))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer; on PostgreSQL only a row waits")
def test_a_commune_does_not_wait_for_another_and_a_colleague_does():
    def neighbour(unit_path):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1500ms'")
            return next_value("dossier", unit_path, "20240304")

    with transaction.atomic():
        assert next_value("dossier", "26.252.09157.", "20240304") == 1
        other, same = all_at_once(neighbour, ["26.252.09055.", "26.252.09157."])
        assert other == 1
        assert "lock timeout" in str(same)
    assert all_at_once(neighbour, ["26.252.09157."]) == [2]
