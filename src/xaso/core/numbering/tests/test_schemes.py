"""Numbers as text: by the scheme of the day, in the unit's own book, given back when the change is undone."""

import re
from datetime import date, datetime

import pytest
from django.db import transaction

from xaso.core.numbering import schemes
from xaso.core.numbering.actions import next_number, next_value, period_of
from xaso.core.numbering.models import Counter
from xaso.core.numbering.schemes import scheme_for
from xaso.kit import clock
from xaso.kit.errors import ContentFault

# The two patterns of the domain notes (§3.1): the one of 2019 and the one since.
OLD = re.compile(r"^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4}$")
NEW = re.compile(r"^[A-Z]\d{2}(?:\.\d{2,3}){0,3}-(?:\d{6}|\d{8})-\d{4,7}$")


@pytest.fixture
def content(tmp_path, settings):
    """`content(text)` replaces content/numbering.yaml for one test."""

    def write(text):
        (tmp_path / "numbering.yaml").write_text(text, encoding="utf-8")
        settings.CONTENT_DIRS = [tmp_path]
        schemes._schemes.cache_clear()

    yield write
    schemes._schemes.cache_clear()


@pytest.mark.parametrize(
    ("code", "day", "text", "pattern"),
    [
        ("H62.21.33.000", date(2019, 8, 12), "000.33.21.H62-190812-0007", OLD),
        ("H62.28.15", date(2019, 8, 12), "15.28.H62-190812-0007", None),
        ("H62.28.15", date(2020, 7, 21), "15.28.H62-200721-0007", None),
        ("H62.28.15", date(2020, 7, 22), "H62.28.15-200722-0007", NEW),
        ("H62.28.15", date(2022, 9, 13), "H62.28.15-220913-0007", NEW),
        ("H62.28.15", date(2025, 9, 14), "H62.28.15-250914-0007", NEW),
        ("H44.217", date(2025, 9, 15), "H44.217-20250915-0000007", NEW),
    ],
)
def test_the_pattern_follows_the_day(code, day, text, pattern):
    made = scheme_for("dossier", day).text(code, day, 7)
    assert made == text
    assert pattern is None or pattern.match(made)


def test_a_day_before_every_scheme_has_none_and_says_where_to_look():
    with pytest.raises(LookupError, match=r"content/numbering\.yaml .* 05/01/2019"):
        scheme_for("dossier", date(2019, 1, 5))


def test_a_number_too_long_for_its_book_is_refused_and_not_shortened():
    scheme = scheme_for("dossier", date(2024, 3, 4))
    assert scheme.text("H62", date(2024, 3, 4), 9999).endswith("-9999")
    with pytest.raises(OverflowError, match="hết số: 10000"):
        scheme.text("H62", date(2024, 3, 4), 10_000)


def test_an_overflow_takes_no_number(ngu_kien):
    at = datetime(2024, 3, 4, 9, tzinfo=clock.VIETNAM)
    with transaction.atomic():
        next_value("dossier", ngu_kien.path, "20240304", 9999)
    with pytest.raises(OverflowError), transaction.atomic():
        next_number("dossier", ngu_kien, at)
    assert Counter.objects.get().value == 9999


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        next_value("dossier", "26.", "2024")
    assert not Counter.objects.exists()


def test_every_unit_and_every_day_begins_at_one(ngu_kien, lien_chau):
    monday, tuesday = (datetime(2024, 3, day, 23, 30, tzinfo=clock.VIETNAM) for day in (4, 5))
    assert next_number("dossier", ngu_kien, monday, 2) == ["H62.28.15-240304-0001", "H62.28.15-240304-0002"]
    assert next_number("dossier", lien_chau, monday) == ["H62.27.11-240304-0001"]
    assert next_number("dossier", ngu_kien, tuesday) == ["H62.28.15-240305-0001"]
    assert next_number("dossier", ngu_kien, monday) == ["H62.28.15-240304-0003"]


def test_the_day_is_the_vietnamese_one(ngu_kien):
    late_in_utc = datetime(2024, 3, 4, 0, 30, tzinfo=clock.VIETNAM).astimezone(tz=None)
    assert next_number("dossier", ngu_kien, late_in_utc) == ["H62.28.15-240304-0001"]


@pytest.mark.parametrize(
    ("reset", "period"), [("day", "20240304"), ("month", "202403"), ("year", "2024"), ("never", "")]
)
def test_a_book_begins_anew_as_its_scheme_says(reset, period, content):
    content(
        "schemes:\n  - {name: book, book: book, template: '{number}/{code}', date_format: '%Y', width: 3, "
        f"reset: {reset}, valid_from: 2020-01-01, valid_to: null, legal_basis: x}}\n"
    )
    assert period_of(scheme_for("book", date(2024, 3, 4)), date(2024, 3, 4)) == period


ROW = (
    '  - name: dossier\n    book: dossier\n    template: "{code}-{date}-{number}"\n    date_format: "%y%m%d"\n'
    "    width: 4\n    reset: day\n    valid_from: 2019-01-06\n    valid_to: null\n    legal_basis: thử\n"
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("reset: day", "reset: hour", "reset"),
        ("    width: 4\n", "", "width"),
        ("width: 4", "width: four", "width"),
        ("book: dossier", "boook: dossier", "boook"),
        ("{number}", "{nunber}", "nunber"),
        ("-{number}", "", "number"),
        ("valid_from: 2019-01-06", "valid_from: hôm qua", "valid_from"),
        ("valid_to: null", "valid_to: 2018-01-01", "valid_to"),
        ("  - name", "   name", "dòng"),
        ("legal_basis: thử", "legal_basis: [", "dòng"),
    ],
)
def test_a_wrong_scheme_is_named_with_its_file_and_what_to_mend(content, old, new, says):
    content("schemes:\n" + ROW.replace(old, new))
    with pytest.raises(ContentFault, match=r"numbering\.yaml") as fault:
        scheme_for("dossier", date(2024, 3, 4))
    assert says in str(fault.value)


def test_two_schemes_for_one_day_are_refused(content):
    content("schemes:\n" + ROW + ROW.replace("2019-01-06", "2022-01-01"))
    with pytest.raises(ContentFault, match="cùng hiệu lực"):
        scheme_for("dossier", date(2024, 3, 4))
