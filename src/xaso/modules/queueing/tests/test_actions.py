from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from xaso.core.audit.models import Entry
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.queueing import actions
from xaso.modules.queueing.models import Ticket
from xaso.modules.queueing.queries import current_of, turn_of, wall_of
from xaso.modules.queueing.tests.conftest import CIVIL, LAND

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_numbers_run_from_one_per_unit_and_day(minh, tam, ngu_kien, lien_chau):
    with time_machine.travel(MORNING, tick=False) as clock:
        assert [actions.issue_ticket(minh, ngu_kien).number for _ in range(3)] == [1, 2, 3]
        assert actions.issue_ticket(tam, lien_chau).number == 1
        clock.move_to(datetime(2026, 11, 20, 16, 59, tzinfo=UTC))
        assert actions.issue_ticket(minh, ngu_kien).number == 4
        clock.move_to(datetime(2026, 11, 20, 17, 1, tzinfo=UTC))
        assert actions.issue_ticket(minh, ngu_kien).number == 1


def test_the_same_key_gives_the_same_ticket(minh, ngu_kien):
    first = actions.issue_ticket(minh, ngu_kien, idempotency_key="k1")
    assert actions.issue_ticket(minh, ngu_kien, idempotency_key="k1") == first
    assert actions.issue_ticket(minh, ngu_kien, idempotency_key="k2").number == 2


def test_a_field_nobody_serves_is_refused(minh, ngu_kien, counter):
    assert actions.issue_ticket(minh, ngu_kien, field=CIVIL).field == CIVIL
    with pytest.raises(Refused, match="không có quầy nào nhận"):
        actions.issue_ticket(minh, ngu_kien, field="Thuế")


def test_residents_and_other_units_may_not(lan, tam, ngu_kien, counter):
    for stranger in (lan, tam):
        with pytest.raises(Forbidden):
            actions.issue_ticket(stranger, ngu_kien)
        with pytest.raises(Forbidden):
            actions.call_next(stranger, counter)
    assert not Ticket.objects.exists()


def test_a_visit_from_number_to_done(minh, ngu_kien, counter):
    with time_machine.travel(MORNING, tick=False) as clock:
        ticket = actions.issue_ticket(minh, ngu_kien, field=CIVIL)
        clock.shift(timedelta(minutes=7))
        called = actions.call_next(minh, counter)
        assert called == ticket
        clock.shift(timedelta(minutes=1))
        actions.serve(minh, called)
        clock.shift(timedelta(minutes=10))
        actions.finish(minh, called)
    ticket.refresh_from_db()
    assert ticket.state == "served"
    assert ticket.called_at - ticket.issued_at == timedelta(minutes=7)
    assert ticket.finished_at - ticket.served_at == timedelta(minutes=10)
    assert (ticket.counter, ticket.officer_name, ticket.calls) == (counter, minh.name, 1)
    entry = Entry.objects.filter(verb="queueing.call").get()
    assert entry.details == {"number": 1, "counter": 1}


def test_priority_goes_first_but_every_third_is_ordinary(minh, ngu_kien, counter):
    for is_priority in (False, False, True, True, True, True):
        actions.issue_ticket(minh, ngu_kien, field=CIVIL, is_priority=is_priority)
    order = []
    while ticket := actions.call_next(minh, counter):
        order.append(ticket.number)
        actions.serve(minh, ticket)
    assert order == [3, 4, 1, 5, 6, 2]
    assert current_of(counter) is None


def test_a_counter_calls_only_its_fields(minh, ngu_kien, make_counter):
    civil, land = make_counter(1, CIVIL), make_counter(2, LAND)
    for field in (LAND, CIVIL, ""):
        actions.issue_ticket(minh, ngu_kien, field=field)
    assert actions.call_next(minh, civil).number == 2
    assert actions.call_next(minh, land).number == 1


def test_a_called_number_is_settled_before_the_next(minh, ngu_kien, counter):
    for _ in range(2):
        actions.issue_ticket(minh, ngu_kien)
    first = actions.call_next(minh, counter)
    with pytest.raises(Refused, match="Số 001 đang được gọi"):
        actions.call_next(minh, counter)
    actions.mark_missed(minh, first)
    assert actions.call_next(minh, counter).number == 2


def test_one_who_missed_the_call_may_be_called_again(minh, ngu_kien, counter):
    actions.issue_ticket(minh, ngu_kien)
    ticket = actions.call_next(minh, counter)
    first_call = ticket.called_at
    actions.call_again(minh, ticket)
    actions.mark_missed(minh, ticket)
    with pytest.raises(Refused, match="vừa được xử lý"):
        actions.serve(minh, ticket)
    actions.call_again(minh, ticket, counter=counter)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.calls, ticket.called_at) == ("called", 3, first_call)


def test_a_stale_page_changes_nothing(minh, ngu_kien, counter):
    actions.issue_ticket(minh, ngu_kien)
    seen = actions.call_next(minh, counter)
    actions.serve(minh, Ticket.objects.get())
    with pytest.raises(Refused, match="Số 001 vừa được xử lý"):
        actions.mark_missed(minh, seen)
    assert Ticket.objects.get().state == "served"


def test_cancelled_numbers_are_not_called(minh, ngu_kien, counter):
    actions.cancel(minh, actions.issue_ticket(minh, ngu_kien))
    assert actions.call_next(minh, counter) is None


def test_a_closed_counter_calls_nobody_and_closes_only_when_empty(minh, ngu_kien, counter):
    actions.issue_ticket(minh, ngu_kien)
    ticket = actions.call_next(minh, counter)
    with pytest.raises(Refused, match="Số 001 còn ở quầy"):
        actions.close_counter(minh, counter)
    actions.mark_missed(minh, ticket)
    actions.close_counter(minh, counter)
    with pytest.raises(Refused, match="Quầy 1 đang đóng"):
        actions.call_next(minh, counter)
    with pytest.raises(Refused, match="Quầy 1 đang đóng"):
        actions.call_again(minh, ticket, counter=counter)


def test_yesterday_does_not_block_today(minh, ngu_kien, counter):
    with time_machine.travel(MORNING, tick=False) as clock:
        actions.issue_ticket(minh, ngu_kien)
        actions.issue_ticket(minh, ngu_kien)
        actions.call_next(minh, counter)
        clock.shift(timedelta(days=1))
        fresh = actions.issue_ticket(minh, ngu_kien)
        assert actions.call_next(minh, counter) == fresh


def test_only_the_administrator_keeps_counters(minh, quan, counter, make_counter):
    with pytest.raises(Forbidden):
        actions.manage_counter(minh, counter, number=1, label="Khác")
    with pytest.raises(Refused, match="đã có quầy số 1"):
        make_counter(1, LAND)
    with pytest.raises(Refused, match="đang mở"):
        actions.retire_counter(quan, counter)
    actions.retire_counter(quan, actions.close_counter(minh, counter))
    assert make_counter(1, LAND).number == 1
    with pytest.raises(Refused, match="ngừng sử dụng"):
        actions.open_counter(minh, counter)


def test_the_slip_says_who_is_ahead_and_how_long_when_known(minh, ngu_kien, counter):
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(3):
            actions.issue_ticket(minh, ngu_kien, field=CIVIL)
            actions.serve(minh, actions.call_next(minh, counter))
            clock.shift(timedelta(minutes=6))
            actions.finish(minh, current_of(counter))
        actions.issue_ticket(minh, ngu_kien, field=CIVIL)
        last = actions.issue_ticket(minh, ngu_kien, field=LAND)
        turn = turn_of(last)
    assert (turn.ahead, turn.minutes, turn.counters) == (1, 6, [counter])


def test_the_wall_shows_numbers_newest_call_first(minh, ngu_kien, make_counter):
    first, second = make_counter(1), make_counter(2)
    with time_machine.travel(MORNING, tick=False) as clock:
        for is_priority in (False, False, False, True):
            actions.issue_ticket(minh, ngu_kien, is_priority=is_priority)
        actions.call_next(minh, first)
        clock.shift(timedelta(minutes=2))
        actions.call_next(minh, second)
        wall = wall_of(ngu_kien.path)
    assert [(call.code, call.counter, call.is_new) for call in wall.calls] == [("001", 2, True), ("004", 1, False)]
    assert (wall.following, wall.waiting) == (["002", "003"], 2)
