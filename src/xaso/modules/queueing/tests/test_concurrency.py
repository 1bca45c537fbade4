"""Many counters call at once; every number is called once. Real threads, real transactions, the database file."""

from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from xaso.modules.queueing import actions
from xaso.modules.queueing.models import Ticket

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def _in_threads(work, items, size=6):
    def run(item):
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(run, items))


def test_two_counters_never_call_the_same_number(transactional_db, minh, ngu_kien, make_counter):
    counters = [make_counter(number) for number in range(1, 7)]
    for _ in range(40):
        actions.issue_ticket(minh, ngu_kien)

    def sit(counter):
        mine = []
        while ticket := actions.call_next(minh, counter):
            mine.append(ticket.number)
            actions.serve(minh, ticket)
        return mine

    called = [number for mine in _in_threads(sit, counters) for number in mine]
    assert Tally(called) == Tally(range(1, 41))
    assert not Ticket.objects.filter(state="waiting").exists()


def test_one_counter_pressed_twice_holds_one_number(transactional_db, minh, ngu_kien, make_counter):
    counter = make_counter(1)
    for _ in range(6):
        actions.issue_ticket(minh, ngu_kien)

    def press(_):
        try:
            return actions.call_next(minh, counter).number
        except actions.Refused:
            return None

    assert [one for one in _in_threads(press, range(6)) if one] == [1]
    assert Ticket.objects.filter(state="called").count() == 1


def test_a_double_tap_at_the_kiosk_gives_one_number(transactional_db, minh, ngu_kien):
    taps = _in_threads(lambda _: actions.issue_ticket(minh, ngu_kien, idempotency_key="tap").number, range(6))
    assert set(taps) == {1}
    assert actions.issue_ticket(minh, ngu_kien).number == 2
