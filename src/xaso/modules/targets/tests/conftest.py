"""A commune with its plan of 2024, seen in January 2025."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.measures.periods import period_of
from xaso.modules.figures.actions import Given, approve_figure, declare_figure
from xaso.modules.targets.actions import Paper, PlanGiven, TargetGiven, approve_plan, make_plan
from xaso.modules.targets.models import Target

PACK = "commune-15"
GIVEN = {3: 95, 4: 95, 5: 40, 6: 30, 8: 100, 9: 100, 11: 80, 12: 80, 13: 100, 15: 60}
DECISION = Paper("507/QĐ-UBND", date(2024, 3, 1), "UBND tỉnh Vĩnh Phúc")


@pytest.fixture(autouse=True)
def _january_2025():
    with time_machine.travel("2025-01-10T09:00:00+07:00", tick=False):
        yield


@pytest.fixture
def declared(ngu_kien):
    """`declared("online_share", "2024", ">", 46)` counts at once."""

    def declare(key, period, comparator, number, unit=ngu_kien):
        given = Given(comparator=comparator, number=Decimal(str(number)), source="Báo cáo của đơn vị")
        return approve_figure(SYSTEM, declare_figure(SYSTEM, unit, key=key, period=period_of(period), given=given))

    return declare


@pytest.fixture
def draft(mai, ngu_kien):
    values = {number: Decimal(value) for number, value in GIVEN.items()}
    given = PlanGiven("Kế hoạch chuyển đổi số năm 2024", 2024, 2024, pack=PACK, values=values)
    return make_plan(mai, ngu_kien, given=given)


@pytest.fixture
def plan(hoa, draft):
    return approve_plan(hoa, draft, paper=DECISION)


@pytest.fixture
def numbered(plan):
    """`numbered(7)` is the plan's target number 7."""

    def find(number):
        return Target.objects.select_related("plan__unit").get(plan=plan, number=number, state="active")

    return find


@pytest.fixture
def post_of():
    def find(actor):
        return Post.objects.select_related("account__person").get(account_id=actor.account_id)

    return find


@pytest.fixture
def wanted():
    """A target to ask for: what a test does not name is as usual."""

    def given(**more):
        usual = {"text": "Hồ sơ nộp trực tuyến", "due_on": date(2024, 12, 31), "value": Decimal(40),
                 "figure": "online_share"}  # fmt: skip
        return TargetGiven(**(usual | more))

    return given
