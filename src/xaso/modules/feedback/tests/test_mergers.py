"""A merger: what is open follows with its clock and its code; its number stays in the book where it was given."""

from datetime import date, datetime

import pytest

from xaso.core.access import ANONYMOUS
from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.deadlines.models import Clock
from xaso.core.units.models import Succession, Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.feedback import actions, jobs
from xaso.modules.feedback.actions import Words
from xaso.modules.feedback.queries.reports import seen
from xaso.modules.feedback.tests.factories import ANSWER, answered, assigned, post, sent

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)


@pytest.fixture
def merged(ngu_kien, district, hoa):
    """From 20 March Ngũ Kiên is part of a new commune, and Hoa leads that one."""

    def happen(path="26.252.09999.", code="09999"):
        Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=date(2026, 3, 19))
        new = Unit.objects.create(
            code=code, name="Vĩnh Kiên", kind="commune", parent=district, path=path, valid_from=DAY, agency_code="H62.X"
        )
        Succession.objects.create(predecessor=ngu_kien, successor=new, kind="merge", effective_on=DAY)
        Post.objects.create(account_id=hoa.account_id, unit=new, unit_path=new.path, role="leader", valid_from=DAY)
        return new

    return happen


def test_open_reports_follow_and_wait_to_be_given_anew(merged, ngu_kien, minh, an, hoa, monday):
    running, fresh = assigned(ngu_kien, minh, an), sent(ngu_kien)
    done = answered(ngu_kien, minh, an)
    code, number = running.code, running.number
    new = merged()
    monday.move_to(datetime(2026, 3, 20, 0, 30, tzinfo=clock.VIETNAM))
    assert jobs.hand_over_after_mergers() == 2
    assert jobs.hand_over_after_mergers() == 0
    for report in (running, fresh, done):
        report.refresh_from_db()
    assert (running.unit, running.state, running.lead, running.number) == (new, "accepted", None, number)
    assert (running.code, running.register_path) == (code, "26.252.09157.")
    assert Clock.objects.get(subject=running.clock_ref).unit_path == new.path
    assert (fresh.unit, fresh.state, done.unit) == (new, "received", ngu_kien)
    leader = actor_of(hoa.account_id)
    assert set(seen(leader)) == {running, fresh}
    actions.assign(leader, running, lead=Post.objects.select_related("account__person").get(unit=new))
    actions.take(leader, running)
    actions.answer(leader, running, said=actions.Words(ANSWER))
    actions.rate(ANONYMOUS, running, stars=3, why=Words(""))


def test_under_a_path_that_stays_the_people_stay(merged, ngu_kien, minh, an, monday):
    running = assigned(ngu_kien, minh, an)
    new = merged(path=ngu_kien.path, code=ngu_kien.code)
    monday.move_to(datetime(2026, 3, 20, 0, 30, tzinfo=clock.VIETNAM))
    assert jobs.hand_over_after_mergers() == 1
    running.refresh_from_db()
    assert (running.unit, running.state, running.lead) == (new, "assigned", post(an))


def test_nobody_reports_to_a_commune_that_has_ended(merged, ngu_kien, monday):
    merged()
    monday.move_to(datetime(2026, 3, 21, 8, tzinfo=clock.VIETNAM))
    ngu_kien.refresh_from_db()
    with pytest.raises(Refused, match="chọn xã"):
        sent(ngu_kien)
