"""The catalogue for machines."""

import secrets

import pytest
from django.test import Client

from xaso.core.accounts.models import ApiToken
from xaso.core.accounts.queries import digest_of_key
from xaso.modules.procedures.tests.catalogue import CODES

pytestmark = pytest.mark.django_db
URL = "/api/v1/procedures/"


@pytest.fixture
def machine(minh, catalogue):
    key = "xaso_" + secrets.token_urlsafe(24)
    ApiToken.objects.create(
        name="thử", digest=digest_of_key(key), account_id=minh.account_id, scopes=["procedures.view"]
    )
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_the_list_goes_on_after_the_last_code(machine):
    first = machine.get(URL, {"limit": 3}).json()
    rest = machine.get(URL, {"limit": 3, "after": first["next"]}).json()
    assert len(first["items"]) == 3
    assert rest["next"] == ""
    assert sorted(row["code"] for row in first["items"] + rest["items"]) == sorted(CODES)


def test_words_are_found_without_diacritics(machine):
    found = machine.get(URL, {"q": "khai sinh"}).json()["items"]
    assert found[0]["code"] == "1.001193"
    assert found[0]["receivable"] is True
    assert machine.get(URL, {"q": "không có gì như vậy"}).json() == {"items": [], "next": ""}


def test_one_procedure_comes_with_form_papers_fees_and_limits(machine):
    body = machine.get(URL + "1.004873").json()
    assert body["definition"]["cases"][0]["limit"] == {"amount": 3, "unit": "workday"}
    assert {part["key"] for part in body["definition"]["components"]} >= {"to_khai", "giay_cu"}
    assert body["why_not_receivable"] == ""


def test_an_unknown_code_is_missing_and_no_token_is_unknown(machine):
    assert machine.get(URL + "9.999999").status_code == 404
    assert Client().get(URL).status_code == 401
