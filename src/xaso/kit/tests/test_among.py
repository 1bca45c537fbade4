"""Many keys as one value find the rows that `__in` finds, with one placeholder."""

import pytest
from django.apps import apps

from xaso.kit.among import Among

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    model = apps.get_model("accounts", "Person")
    return [model.objects.create(full_name=f"Người {number}", folded_name=f"nguoi {number}") for number in range(40)]


def test_numbers_and_texts_are_found(people):
    model = type(people[0])
    some = people[3:30]
    assert set(model.objects.filter(Among("pk", [one.pk for one in some]))) == set(some)
    names = [one.folded_name for one in some]
    assert set(model.objects.filter(Among("folded_name", names), full_name="Người 7")) == {people[7]}
    odd = ['"', "'", "{a,b}", "\\", "đ"]
    people[0].folded_name = "{a,b}"
    people[0].save()
    assert list(model.objects.filter(Among("folded_name", odd))) == [people[0]]


def test_none_are_among_nothing(people):
    assert not type(people[0]).objects.filter(Among("pk", [])).exists()


def test_it_holds_in_an_update_and_a_negation(people):
    model = type(people[0])
    keys = [one.pk for one in people[:39]]
    assert model.objects.filter(Among("pk", keys)).update(folded_name="x") == 39
    assert model.objects.filter(~Among("pk", keys), pk__gte=people[0].pk).get() == people[39]


def test_many_keys_are_one_value_of_the_statement(people):
    def values(keys):
        return type(people[0]).objects.filter(Among("pk", keys)).query.sql_with_params()[1]

    assert len(values([one.pk for one in people])) == len(values([people[0].pk])) == 1
