"""New rows by a kept statement are the rows that Django itself would have written."""

from copy import copy
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from xaso.kit import clock
from xaso.kit.rows import insert, insert_like

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


def test_a_row_like_this_for_each_of_those_is_what_django_would_have_written(django_assert_num_queries):
    people = apps.get_model("accounts", "Person")
    people.objects.bulk_create(people(full_name=f"Đỗ {number}", folded_name=f"do {number}") for number in range(40))
    like = clock_row(1)
    by_django = copy(like)
    by_django.save(force_insert=True)
    with django_assert_num_queries(1):
        assert insert_like(like, people.objects.filter(full_name__startswith="Đỗ 1"), subject="full_name") == 11
    model = type(like)
    others = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "uuid", "subject")]
    made = model.objects.exclude(pk=by_django.pk)
    assert {row.subject for row in made} == {"Đỗ 1", *(f"Đỗ {number}" for number in range(10, 20))}
    assert {tuple(getattr(row, name) for name in others) for row in made} == {
        tuple(getattr(model.objects.get(pk=by_django.pk), name) for name in others)
    }


def test_who_is_there_already_stays_as_it_is_and_is_not_counted():
    people = apps.get_model("accounts", "Person")
    people.objects.create(full_name="Đỗ Thứ", folded_name="do thu")
    assert insert_like(clock_row(1), people.objects.all(), subject="full_name") == 1
    people.objects.create(full_name="Đỗ Năm", folded_name="do nam")
    later = clock_row(1)
    later.kind = "y"
    assert insert_like(later, people.objects.all(), subject="full_name") == 1
    assert set(type(later).objects.values_list("subject", "kind")) == {("Đỗ Thứ", "x"), ("Đỗ Năm", "y")}
