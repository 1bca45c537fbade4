"""Every page about figures, targets and assessments, as a year of the demonstration fills it.

A quick client walks the links of each official first; the browser then opens two addresses of each page, by different
people where more than one may see it.
"""

import re
from collections import defaultdict

import pytest
from django.urls import Resolver404, get_resolver, resolve

from tests.browser.test_every_page import FIGURES, pages
from xaso.core.access import ANONYMOUS, SYSTEM, Actor
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.demo.assessed import play_assessments
from xaso.demo.paperwork import play_paperwork
from xaso.demo.tests.conftest import demo_time, scenario, small_province  # noqa: F401 - fixtures
from xaso.modules.indicators.actions import load_sets
from xaso.modules.packs.actions import lock_period
from xaso.modules.targets.actions import PlanGiven, make_plan

pytestmark = pytest.mark.django_db(transaction=True)

OFFICIALS = (
    "dau-moi.ngu-kien", "lanh-dao.ngu-kien", "dau-moi.lien-chau", "lanh-dao.lien-chau", "dau-moi.huong-dao",
    "lanh-dao.huong-dao", "tham-dinh.tinh", "hoi-dong.tinh", "dau-moi.tinh", "lanh-dao.tinh", "giam-sat.tinh",
)  # fmt: skip
STARTS = ("/", "/desk/", "/cockpit/", "/desk/targets/?year=2024", "/desk/indicators/dti-xa/?period=2024")
# Two rounds of four communes: each of them stands in a state of its own.
LOOKED_AT_EACH = 8
# Shown only as the answer to a form that was refused, or for two versions of a set; the modules' own tests open them.
PRESSED = {
    "desk-assessments:answer", "desk-assessments:reject", "desk-assessments:reopen", "desk-assessments:unlock",
    "desk-indicators:compare", "desk-targets:new_task_of_target",
}  # fmt: skip
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')


@pytest.fixture
def played(chromium, small_province, scenario):  # noqa: F811
    load_sets(SYSTEM)
    play_paperwork(scenario)
    play_assessments(scenario)
    focal, leader = (actor_of(Account.objects.get(username=name).pk) for name in OFFICIALS[:2])
    unit = Unit.objects.get(code="09148")
    make_plan(focal, unit, given=PlanGiven("Kế hoạch năm 2025", 2025, 2025, pack="commune-15"))
    lock_period(leader, unit, period=period_of("2022"), reason="Đã quyết toán năm 2022")


class Tour:
    """Who can open which page, and the links that led nowhere."""

    def __init__(self) -> None:
        self.pages: dict[str, list[tuple[Actor, str]]] = defaultdict(list)
        self.dead: list[tuple[str, str]] = []

    def walk(self, browser, actor: Actor) -> None:
        """Follow links and the addresses of forms in the order of the page; a few of each kind."""
        waiting, seen, looked = list(STARTS), set(STARTS), defaultdict(int)
        known = set(pages(get_resolver()))
        while waiting:
            path = waiting.pop(0)
            name = named(path)
            if name not in known or looked[name] >= LOOKED_AT_EACH:
                continue
            looked[name] += 1
            answer = browser.get(path)
            if answer.status_code not in {200, 302, 403}:
                self.dead.append((actor.name, path))
            if answer.status_code != 200:
                continue
            self.pages[name].append((actor, path))
            links = [link.replace("&amp;", "&") for link in LINK.findall(answer.content.decode())]
            waiting += [link for link in dict.fromkeys(links) if link not in seen]
            seen.update(links)


@pytest.fixture
def tour(played, browser_of, client) -> Tour:
    made = Tour()
    for username in OFFICIALS:
        actor = actor_of(Account.objects.get(username=username).pk)
        made.walk(browser_of(actor), actor)
    made.walk(client, ANONYMOUS)
    return made


def named(path: str) -> str:
    try:
        return resolve(path.split("?")[0]).view_name
    except Resolver404:
        return ""


def test_every_page_about_figures_fits_and_is_accessible(tour, walker):
    assert tour.dead == []
    must = {name for name in pages(get_resolver()) if name.startswith(FIGURES)} - PRESSED
    assert must - tour.pages.keys() == set()
    walkers: dict = {}
    for name in sorted(name for name in tour.pages if name in must or name.startswith("desk-reports:")):
        first, *others = tour.pages[name]
        second = next((one for one in others if one[0] != first[0]), None)
        for actor, path in filter(None, (first, second)):
            if actor.account_id not in walkers:
                walkers[actor.account_id] = walker(actor if actor.account_id else None)
            walkers[actor.account_id].visit(path)
