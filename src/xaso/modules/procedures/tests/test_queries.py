"""Finding procedures and the process's copy of the catalogue."""

from datetime import date

import pytest
from django.db import transaction

from xaso.core.access import SYSTEM
from xaso.kit.errors import Missing
from xaso.modules.procedures import queries
from xaso.modules.procedures.actions import load_procedures
from xaso.modules.procedures.models import CatalogueStamp, Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded():
    load_procedures(SYSTEM)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("đăng ký khai sinh", "1.001193"),
        ("dang ky khai sinh", "1.001193"),
        ("DANG KY KHAI TU", "1.000656"),
        ("khai sinh", "1.001193"),
        ("1.000894", "1.000894"),
        ("giấy độc thân", "1.004873"),
        ("mo cua hang", "1.001612"),
        ("hoà giải tranh chấp", "1.012812"),
        ("sổ đỏ", "1.013978"),
    ],
)
def test_words_find(words, first):
    assert queries.search(words).rows[0].code == first


@pytest.mark.parametrize("words", ["zzz", "'; drop table", "%", "\x00", "a" * 5000, "<script>"])
def test_odd_words_find_nothing(words):
    assert queries.search(words).total == 0


def test_life_events_and_fields_narrow():
    births = queries.search(life_event="sinh-con")
    assert {"1.001193"} <= {one.code for one in births.rows}
    assert all("sinh-con" in one.life_events for one in births.rows)
    assert queries.search("khai sinh", field="Chứng thực").total == 0
    assert "Hộ tịch" in queries.fields()


def test_pages():
    first = queries.search(size=10)
    assert (len(first.rows), first.page, first.total) == (10, 1, len(queries.catalogue().entries))
    last = queries.search(size=10, page=999)
    assert last.page == last.pages
    assert not {e.code for e in first.rows} & {e.code for e in last.rows}


def test_the_copy_is_used_again(django_assert_num_queries):
    queries.current("1.001193")
    with django_assert_num_queries(1):  # the stamp, because a test runs inside a transaction
        one = queries.current("1.001193")
    assert queries.current("1.001193") is one
    assert queries.version(one.id).form is one.form


class UndoneError(Exception):
    pass


def change_and_undo():
    with transaction.atomic():
        Procedure.objects.filter(code="1.001193").update(state="hidden")
        CatalogueStamp.objects.update(value="00000000-0000-0000-0000-000000000000")
        assert queries.entry("1.001193").is_hidden
        raise UndoneError


def test_an_undone_change_is_not_seen():
    with pytest.raises(UndoneError):
        change_and_undo()
    assert not queries.entry("1.001193").is_hidden


def test_what_is_not_there():
    with pytest.raises(Missing):
        queries.entry("0.000000")
    with pytest.raises(Missing):
        queries.current("1.001193", date(2010, 1, 1))
    with pytest.raises(Missing):
        queries.version(0)


def test_online_services_are_counted():
    online, all_of_them = queries.online_share(date(2024, 6, 15))
    assert 0 < online < all_of_them
