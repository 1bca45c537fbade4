"""What indicators and the search of the desk learn from documents."""

import pytest

from xaso.core.measures import queries as measures
from xaso.core.measures.periods import period_of
from xaso.core.search.queries import find
from xaso.modules.outgoing.actions.issuing import add_recipient, issue, register_secret
from xaso.modules.outgoing.actions.numbering import give_number
from xaso.modules.outgoing.tests.conftest import on, scan

pytestmark = pytest.mark.django_db
KEYS = ["outgoing.issued", "outgoing.issued_on_time", "outgoing.issued_electronic", "outgoing.issued_signed"]


def counted(unit):
    return list(measures.totals(KEYS, unit.path, period_of("2024-03")).values())


def test_what_was_issued_is_counted_by_what_it_was(signed, van, ngu_kien):
    add_recipient(van, signed, name="", channel="portal")
    numbered = give_number(van, signed)
    assert counted(ngu_kien) == [0, 0, 0, 0]
    with on(7):
        issue(van, numbered, scan=scan())
        assert counted(ngu_kien) == [1, 0, 1, 0]
        register_secret(van, ngu_kien, kind="cong-van", level="secret")
        assert counted(ngu_kien) == [1, 0, 1, 0]


def test_a_document_is_found_by_its_words_and_its_number(issued, an, tam):
    assert [one.url for one in find(an, "ho ngheo 2024").rows] == [issued.get_absolute_url()]
    assert [one.title for one in find(an, "01/UBND-VP").rows] == ["01/UBND-VP Rà soát hộ nghèo năm 2024"]
    assert not find(tam, "ho ngheo 2024").rows


def test_a_secret_document_is_found_by_nothing_but_its_number(van, ngu_kien):
    register_secret(van, ngu_kien, kind="cong-van", level="secret")
    assert [one.title for one in find(van, "01/UBND").rows] == ["01/UBND Mật"]
