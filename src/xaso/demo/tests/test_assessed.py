"""What the demonstration adds to the articles: rounds, reports, a plan, figures that wait; and that pages show them."""

from datetime import date

import pytest
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.core.audit import actions as audit
from xaso.core.audit.models import Entry
from xaso.core.outbox.models import Delivery
from xaso.demo.assessed import play_assessments
from xaso.demo.paperwork import play_paperwork
from xaso.modules.assessments.models import Assessment, Item, Round
from xaso.modules.assessments.rules import show
from xaso.modules.figures.models import Declared, Import
from xaso.modules.indicators.actions import load_sets
from xaso.modules.packs import queries as packs
from xaso.modules.packs.models import Pack
from xaso.modules.reports.models import Report
from xaso.modules.targets.models import BudgetLine, Conclusion, Plan, Task

pytestmark = pytest.mark.long
COUNTED = (Round, Item, Report, Pack, Declared, Import, Plan, Task, Entry)


@pytest.fixture
def year(small_province, scenario):
    """Four communes with their paperwork and both rounds, without a dossier."""
    load_sets(SYSTEM)
    play_paperwork(scenario)
    play_assessments(scenario)
    return small_province


def states(of_year) -> dict[str, str]:
    return dict(Assessment.objects.filter(round__year=of_year).values_list("unit__code", "state"))


@pytest.fixture
def page(browser_of):
    """What an officer reads there."""

    def read(username, name, *args, **query) -> str:
        actor = actor_of(Account.objects.get(username=username).pk)
        answer = browser_of(actor).get(reverse(name, args=args), query)
        assert answer.status_code == 200, name
        return answer.content.decode()

    return read


def test_the_year_is_played_once_and_pages_show_it(year, scenario, page):
    """One test, because playing the year takes a while."""
    assessments_stand_where_they_should()
    paperwork_is_there(year)
    pages_show_it(page)
    assert not Delivery.objects.exclude(state="done").exists()
    assert audit.verify().broken == ""
    before = [model.objects.count() for model in COUNTED]
    play_paperwork(scenario)
    play_assessments(scenario)
    assert [model.objects.count() for model in COUNTED] == before


def assessments_stand_where_they_should():
    assert states(2023) == {"09064": "published", "08881": "published", "09148": "draft", "08740": "draft"}
    assert states(2024) == {"09148": "draft", "09064": "submitted", "08740": "appraising", "08881": "returned"}
    lien_chau = Assessment.objects.get(round__year=2023, unit__code="09064")
    steps = list(lien_chau.steps.order_by("pk").values_list("state", flat=True))
    assert steps == ["self_scored", "submitted", "appraising", "returned", "resubmitted", "appraising", "appraised",
                     "council_approved", "published"]  # fmt: skip
    assert lien_chau.final_total < lien_chau.appraised_total < lien_chau.self_total


def paperwork_is_there(year):
    ngu_kien = Report.objects.filter(unit__code="09148").order_by("pk").values_list("period_key", "state")
    assert list(ngu_kien) == [("2024-Q1", "sent"), ("2024-H1", "sent"), ("2024-9M", "submitted_for_signature"),
                              ("2024", "being_written")]  # fmt: skip
    report = Report.objects.get(unit__code="09064")
    assert report.has_files
    assert [(one.was, one.now) for one in packs.restatements(report.pack)] == [("214 hộ", "221 hộ")]
    assert [packs.check(one) for one in Pack.objects.all()] == [""] * 9

    assert Declared.objects.filter(unit_path=year["09148"].path, state="waiting").count() == 7
    assert set(Import.objects.values_list("unit__code", "state")) == {("09148", "applied"), ("09064", "applied")}
    plan = Plan.objects.get(unit__code="09064")
    assert (plan.state, plan.targets.count()) == ("approved", 15)
    late = Task.objects.filter(plan=plan, due_on__lt=date(2024, 12, 14)).exclude(state__in=["done", "keep_up"])
    assert list(late.values_list("code", flat=True)) == ["NV.2024.013"]
    assert (Conclusion.objects.count(), BudgetLine.objects.filter(spent__gt=0).count()) == (1, 2)


def pages_show_it(page):
    out = Round.objects.get(year=2023)
    rounds = page("giam-sat.tinh", "desk-assessments:round", out.uuid)
    assert "đã công bố" in rounds
    ranking = page("giam-sat.tinh", "portal-assessments:result", out.uuid)
    assert "1/2" in ranking
    assert "Trưng Nhị" in ranking.partition("Chưa có kết quả")[2]
    mine = Assessment.objects.get(round=out, unit__code="09064")
    assert show(mine.final_total) in page("dau-moi.lien-chau", "desk-assessments:assessment", mine.uuid)
    report = Report.objects.get(unit__code="09064")
    shown = page("lanh-dao.lien-chau", "desk-packs:pack", report.pack.uuid)
    assert "214" in shown
    assert "221" in shown
    total = page("giam-sat.tinh", "desk-packs:summed", kind="report.khcn-cds", period="2024-Q1")
    assert "Ngũ Kiên" in total
    assert "Liên Châu" in total
    assert "2.386" in page("lanh-dao.ngu-kien", "desk-figures:waiting")
    plan = Plan.objects.get(unit__code="09064")
    assert "Máy quét và máy tính" in page("dau-moi.lien-chau", "desk-targets:budget", plan.uuid)
    assert "Liên Châu" in page("giam-sat.tinh", "desk-reports:listed")
