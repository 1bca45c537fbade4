"""A dossier is found by whoever may see it, from its first day to its last, and after a merger by the successor."""

import pytest
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.core.search.queries import find
from xaso.core.search.refilling import refill
from xaso.modules.dossiers.actions import closing
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import finished, received, submitted

pytestmark = pytest.mark.django_db


def found(by, words):
    return [row.subject for row in find(by, words).rows]


def test_an_online_dossier_is_found_before_and_after_it_is_accepted(lan, minh, ngu_kien, catalogue):
    dossier = submitted(lan, ngu_kien)
    assert found(minh, "nguyễn thị lan") == []
    deliver_all()
    mine = [f"dossiers.Dossier:{dossier.pk}"]
    assert found(minh, "nguyễn thị lan") == found(minh, "nguyen lan") == found(lan, "nguyen lan") == mine


def test_by_number_id_and_phone(minh, ngu_kien, catalogue):
    dossier = received(minh, ngu_kien)
    deliver_all()
    wholly = [dossier.number, dossier.number.split("-")[-1], "026185001234", "0912345601"]
    assert {words: len(found(minh, words)) for words in wholly} == dict.fromkeys(wholly, 1)
    partly = ["02618500", "09123456", "001234", "345601"]
    assert {words: len(found(minh, words)) for words in partly} == dict.fromkeys(partly, 0)


def test_not_by_another_unit_nor_by_another_resident(minh, tam, nam, ngu_kien, catalogue):
    received(minh, ngu_kien)
    deliver_all()
    assert found(tam, "nguyen lan") == found(nam, "nguyen lan") == []


def test_the_result_is_found_by_its_number(minh, an, hoa, thu, van, ngu_kien, catalogue):
    dossier = finished(ngu_kien, minh, an, hoa, thu, van)
    deliver_all()
    assert found(minh, "01/GP") == [f"dossiers.Dossier:{dossier.pk}"]


def test_the_page_leads_to_the_dossier(browser_of, minh, ngu_kien, catalogue):
    dossier = received(minh, ngu_kien)
    deliver_all()
    page = browser_of(minh).get("/tim-kiem/", {"q": "lan"}).content.decode()
    assert reverse("desk-dossiers:show", args=[dossier.uuid]) in page
    assert "Hồ sơ" in page


def test_handed_over_it_belongs_to_the_successor(minh, tam, son, ngu_kien, lien_chau, catalogue):
    received(minh, ngu_kien)
    deliver_all()
    closing.hand_over(SYSTEM, ngu_kien, successor=lien_chau)
    assert found(minh, "nguyen lan") == []
    assert len(found(tam, "nguyen lan")) == 1


def test_an_upgrade_files_what_is_there(minh, ngu_kien, catalogue, django_assert_max_num_queries):
    received(minh, ngu_kien)
    received(minh, ngu_kien)
    with django_assert_max_num_queries(90):
        refill()
    assert len(found(minh, "nguyen lan")) == Dossier.objects.count() == 2
