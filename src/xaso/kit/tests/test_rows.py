"""New rows by a kept statement are the rows that Django itself would have written."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from xaso.kit import clock
from xaso.kit.rows import insert

pytestmark = pytest.mark.django_db


def clock_row(number):
    now = clock.now()
    return apps.get_model("deadlines", "Clock")(
        subject=f"x:{number}", unit_path="26.", kind="x", started_at=now, counted_from_at=now,
        limit_amount=Decimal("2.50"), limit_unit="day", due_original_at=now, due_legal_at=now, due_shown_at=now,
    )  # fmt: skip


def test_every_kind_of_column_comes_back_as_django_wrote_it():
    ours, theirs = clock_row(1), clock_row(2)
    insert([ours])
    theirs.save(force_insert=True)
    assert (ours._state.adding, ours._state.db) == (False, "default")
    model = type(ours)
    kept, other = model.objects.get(pk=ours.pk), model.objects.get(pk=theirs.pk)
    assert kept.limit_amount == other.limit_amount == Decimal("2.50")
    assert kept.started_at == ours.started_at
    assert (kept.same_day, kept.near_at, kept.verdict_legal) == (other.same_day, other.near_at, other.verdict_legal)


def test_json_uuid_date_and_default_values():
    person = apps.get_model("accounts", "Person")(full_name="Đỗ Thứ", folded_name="do thu", birth_on=date(1985, 3, 8))
    insert([person])
    assert type(person).objects.get(uuid=person.uuid).birth_on == date(1985, 3, 8)
    entry = apps.get_model("audit", "Entry")(
        at=clock.now(), actor_kind="system", actor_name="x", via="x", verb="x", details={"tên": ["Lan", None, 1.5]}
    )
    insert([entry])
    assert type(entry).objects.get(pk=entry.pk).details == {"tên": ["Lan", None, 1.5]}


def test_many_rows_get_their_own_ids_in_order():
    rows = [clock_row(number) for number in range(150)]
    insert(rows)
    found = dict(type(rows[0]).objects.values_list("pk", "subject"))
    assert [found[row.pk] for row in rows] == [f"x:{number}" for number in range(150)]


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])
