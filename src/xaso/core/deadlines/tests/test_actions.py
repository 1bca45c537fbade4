"""The life of a clock through its verbs, and what one sees of it afterwards."""

from datetime import datetime, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.core.deadlines import actions, queries
from xaso.core.deadlines.models import Clock
from xaso.core.deadlines.rules import VIETNAM, Light, Limit
from xaso.kit.errors import Missing, Refused

pytestmark = pytest.mark.django_db
HOME = "25.09154."


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)


def begin(limit: Limit | None = None, received: str = "2026-11-02 09:00", number: int = 1) -> Clock:
    return actions.start(f"dossiers.Dossier:{number}", HOME, limit or Limit(5, "workday"), at(received), "dossier")


def stored(clock: Clock) -> Clock:
    return Clock.objects.get(pk=clock.pk)


def test_start_computes_every_date_with_one_statement() -> None:
    begin(number=7)
    with CaptureQueriesContext(connection) as seen:
        clock = begin()
    assert len(seen) == 1
    clock = stored(clock)
    assert clock.due_original_at == clock.due_legal_at == clock.due_shown_at == at("2026-11-09 17:00")
    assert clock.near_at == at("2026-11-06 07:00")
    assert clock.state == "running"
    assert clock.limit == Limit(Decimal(5), "workday")


def test_work_within_the_day_is_not_announced_as_near() -> None:
    assert begin(Limit(0, None, same_day=True)).near_at is None
    assert begin(Limit(0, None, same_day=True), "2026-10-31 20:00", 2).near_at is None


def test_a_limit_without_unit_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="thiếu đơn vị tính"):
        begin(Limit(5, None))
    with pytest.raises(Refused, match=r"calendar/2028\.yaml"):
        begin(Limit(30, "workday"), "2027-12-30 09:00")
    assert not Clock.objects.exists()


def test_a_pause_moves_both_dates_when_it_ends() -> None:
    clock = begin()
    actions.pause(clock, "finance", at("2026-11-04 10:00"), "Thông báo thuế 12")
    assert stored(clock).state == "paused"
    actions.resume(clock, at("2026-11-10 10:00"))
    clock = stored(clock)
    assert clock.state == "running"
    assert clock.due_legal_at == clock.due_shown_at == at("2026-11-13 17:00")
    assert clock.due_original_at == at("2026-11-09 17:00")
    assert clock.near_at == at("2026-11-12 07:00")
    actions.stop(clock, at("2026-11-13 16:00"), "finished")
    assert (clock.verdict_legal, clock.verdict_shown, clock.verdict_766) == (True, True, False)


def test_two_pauses_add_up() -> None:
    clock = begin()
    for first, last in (("2026-11-03 10:00", "2026-11-04 10:00"), ("2026-11-05 10:00", "2026-11-09 10:00")):
        actions.pause(clock, "consultation", at(first))
        actions.resume(clock, at(last))
    assert stored(clock).due_legal_at == at("2026-11-12 17:00")


def test_complete_papers_let_the_limit_count_from_zero() -> None:
    clock = begin()
    actions.pause(clock, "supplement", at("2026-11-04 10:00"), "Mẫu 02 số 5")
    actions.restart(clock, at("2026-11-10 09:00"))
    clock = stored(clock)
    assert clock.due_legal_at == clock.due_shown_at == at("2026-11-17 17:00")
    assert clock.pauses.get().to_at == at("2026-11-10 09:00")
    actions.stop(clock, at("2026-11-13 09:00"), "finished")
    assert (clock.verdict_legal, clock.verdict_766) == (True, True)


def test_after_a_restart_only_later_pauses_count() -> None:
    clock = begin()
    actions.pause(clock, "supplement", at("2026-11-04 10:00"))
    actions.restart(clock, at("2026-11-10 09:00"))
    actions.pause(clock, "finance", at("2026-11-11 09:00"))
    actions.resume(clock, at("2026-11-12 09:00"))
    assert stored(clock).due_legal_at == at("2026-11-18 17:00")


def test_a_second_supplement_is_overdue_for_766_alone() -> None:
    clock = begin()
    actions.pause(clock, "supplement", at("2026-11-03 09:00"))
    actions.resume(clock, at("2026-11-04 09:00"))
    actions.pause(clock, "supplement", at("2026-11-05 09:00"))
    actions.resume(clock, at("2026-11-05 10:00"))
    actions.stop(clock, at("2026-11-06 09:00"), "returned")
    clock = stored(clock)
    assert (clock.verdict_legal, clock.verdict_shown, clock.verdict_766) == (True, True, False)
    assert clock.state == "finished"


def test_a_new_promise_is_made_once_and_helps_only_itself() -> None:
    clock = begin()
    actions.reschedule(clock, at("2026-11-16 17:00"), "Chờ xác minh thực địa")
    clock = stored(clock)
    assert (clock.due_legal_at, clock.due_shown_at) == (at("2026-11-09 17:00"), at("2026-11-16 17:00"))
    assert clock.near_at == at("2026-11-13 07:00")
    with pytest.raises(Refused, match="chỉ cho hẹn lại một lần"):
        actions.reschedule(clock, at("2026-11-20 17:00"), "Lại chờ")
    actions.stop(clock, at("2026-11-13 09:00"), "finished")
    assert (clock.verdict_legal, clock.verdict_shown, clock.verdict_766) == (False, True, False)


def test_a_manager_may_promise_again_with_a_reason() -> None:
    clock = begin()
    actions.reschedule(clock, at("2026-11-16 17:00"), "Chờ xác minh")
    actions.reschedule(clock, at("2026-11-20 17:00"), "Bão số 5", override=True)
    assert stored(clock).reschedule_reason == "Bão số 5"
    with pytest.raises(Refused, match="lý do"):
        actions.reschedule(clock, at("2026-11-25 17:00"), " ", override=True)
    with pytest.raises(Refused, match="sau ngày hẹn cũ"):
        actions.reschedule(clock, at("2026-11-20 17:00"), "Sớm hơn", override=True)


def test_a_new_promise_moves_with_a_later_pause() -> None:
    clock = begin()
    actions.reschedule(clock, at("2026-11-16 10:00"), "Chờ xác minh")
    actions.pause(clock, "finance", at("2026-11-04 10:00"))
    actions.resume(clock, at("2026-11-06 10:00"))
    clock = stored(clock)
    assert clock.due_shown_at == at("2026-11-18 10:00")
    assert clock.due_legal_at == at("2026-11-11 17:00")


def test_stopping_while_waiting_ends_the_wait() -> None:
    clock = begin()
    actions.pause(clock, "supplement", at("2026-11-04 10:00"))
    actions.stop(clock, at("2026-12-04 10:00"), "stopped")
    clock = stored(clock)
    assert clock.state == "stopped"
    assert clock.pauses.get().to_at == at("2026-12-04 10:00")
    assert (clock.verdict_legal, clock.verdict_shown, clock.verdict_766) == (True, True, True)


def test_what_is_over_does_not_begin_again() -> None:
    clock = begin()
    actions.stop(clock, at("2026-11-09 17:00"), "finished")
    assert clock.verdict_legal
    for verb in (
        lambda: actions.stop(clock, at("2026-11-10 09:00"), "returned"),
        lambda: actions.pause(clock, "finance", at("2026-11-10 09:00")),
        lambda: actions.resume(clock, at("2026-11-10 09:00")),
        lambda: actions.restart(clock, at("2026-11-10 09:00")),
        lambda: actions.reschedule(clock, at("2026-11-20 09:00"), "Lý do"),
    ):
        with pytest.raises(Refused):
            verb()
    assert stored(clock).outcome == "finished"


def test_of_two_people_at_once_the_second_is_told_to_look_again() -> None:
    mine = begin()
    theirs = stored(mine)
    actions.pause(theirs, "finance", at("2026-11-04 10:00"))
    with pytest.raises(Refused, match="Hãy tải lại trang"):
        actions.stop(mine, at("2026-11-04 10:00"), "finished")
    assert stored(mine).state == "paused"


def test_unknown_words_are_mistakes_of_the_programmer() -> None:
    clock = begin()
    with pytest.raises(ValueError, match="cause"):
        actions.pause(clock, "lunch", at("2026-11-04 10:00"))
    with pytest.raises(ValueError, match="outcome"):
        actions.stop(clock, at("2026-11-04 10:00"), "done")


def test_questions() -> None:
    clock = begin()
    assert actions.clock_of("dossiers.Dossier:1") == clock
    with pytest.raises(Missing):
        actions.clock_of("dossiers.Dossier:99")
    assert queries.clocks_of(["dossiers.Dossier:1", "dossiers.Dossier:99"]) == {"dossiers.Dossier:1": clock}
    assert queries.light_of(clock, at("2026-11-02 10:00")) == Light.GREEN
    assert queries.light_of(clock, at("2026-11-06 09:00")) == Light.YELLOW
    assert queries.light_of(clock, at("2026-11-09 16:00")) == Light.RED
    assert queries.working_minutes_left(clock, at("2026-11-09 16:00")) == 60
    assert queries.due_for(HOME, Limit(1, "workday"), at("2026-11-13 16:30")) == at("2026-11-16 17:00")
    assert queries.due_for(HOME, Limit(0, None, same_day=True), at("2026-11-13 15:01")).time() == time(17)
    assert not Clock.objects.late(at("2026-11-09 17:00")).exists()
    assert Clock.objects.late(at("2026-11-09 17:01")).get() == clock


def test_a_step_gets_its_share_of_the_office_time_left() -> None:
    now, due_at = at("2026-11-02 07:00"), at("2026-11-03 17:00")
    assert queries.part_of(HOME, now, due_at, 50) == at("2026-11-02 17:00")
    assert queries.part_of(HOME, now, due_at, 75) == at("2026-11-03 11:00")
    assert queries.part_of(HOME, now, due_at, 100) == due_at
    assert queries.part_of(HOME, now, due_at, 0) is None
    assert queries.part_of(HOME, at("2026-11-05 09:00"), due_at, 50) == due_at
