"""The menu offers what the post gives."""

import pytest

pytestmark = pytest.mark.django_db
DOSSIERS = 'href="/desk/dossiers/"'


def menu_of(actor, browser_of):
    return browser_of(actor).get("/desk/").content.decode().split("<main", 1)[0]


def test_who_works_on_dossiers_finds_them(minh, browser_of):
    assert DOSSIERS in menu_of(minh, browser_of)


def test_an_officer_who_only_has_dossiers_as_a_resident_is_not_led_to_those_of_the_commune(phuc, bay, browser_of):
    assert DOSSIERS not in menu_of(phuc, browser_of)
    assert DOSSIERS not in menu_of(bay, browser_of)
