"""What news gives to indicators, and how an article is found."""

import pytest

from xaso.core.measures import counting, queries
from xaso.core.measures.periods import period_of
from xaso.core.search.queries import find
from xaso.modules.news.actions.publishing import withdraw_article

pytestmark = pytest.mark.django_db
YEAR = period_of("2026")
KEYS = ["news.items", "news.legal_items"]


def counted(unit):
    return queries.totals(KEYS, unit.path, YEAR)


def test_items_count_when_published_and_not_when_withdrawn(published, ngu_kien, hoa, time_machine):
    time_machine.move_to("2026-11-16 09:00+07:00", tick=False)
    assert counted(ngu_kien) == dict.fromkeys(KEYS, 0)
    published()
    legal = published(category="legal", title="Luật Cư trú có gì mới")
    assert counted(ngu_kien) == {"news.items": 2, "news.legal_items": 1}
    withdraw_article(hoa, legal, reason="Nhầm số điều")
    assert counted(ngu_kien) == {"news.items": 1, "news.legal_items": 0}
    assert list(counting.faults()) == []


def test_an_officer_finds_an_article_by_its_words(published, phuc, tam):
    published(title="Hướng dẫn căn cước điện tử")
    assert [str(row.title) for row in find(phuc, "can cuoc dien tu").rows] == ["Hướng dẫn căn cước điện tử"]
    assert find(tam, "can cuoc dien tu").rows == []
