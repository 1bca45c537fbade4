"""Columns of exports name what their tables have."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldError

from xaso.modules.reports.columns import COLUMNS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("label", sorted(COLUMNS))
def test_every_column_can_be_asked_for(label):
    rows = apps.get_model(label)._default_manager.values_list(*(one.path for one in COLUMNS[label]))
    try:
        assert list(rows[:1]) == []
    except FieldError as wrong:
        pytest.fail(str(wrong))


@pytest.mark.parametrize("label", sorted(COLUMNS))
def test_a_choice_has_titles(label):
    for one in COLUMNS[label]:
        if one.kind == "choice":
            assert apps.get_model(label)._meta.get_field(one.path).flatchoices, one.path
