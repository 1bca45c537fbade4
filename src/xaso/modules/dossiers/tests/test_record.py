"""The record of the desk names dossiers by their numbers."""

import pytest

from xaso.core.audit.actions import Draft, write
from xaso.modules.dossiers.tests.factories import received

pytestmark = pytest.mark.django_db


def test_things_are_shown_by_their_names_in_one_statement_for_each_kind(
    quan, minh, ngu_kien, catalogue, browser_of, django_assert_max_num_queries
):
    made = [received(minh, ngu_kien) for _ in range(6)]
    gone = f"dossiers.Dossier:{made[-1].pk + 1000}"
    write([Draft(minh, "read", subject=gone, unit_path=minh.unit_path)])
    browser = browser_of(quan)
    with django_assert_max_num_queries(6):
        page = browser.get("/desk/nhat-ky/").content.decode()
    for dossier in made:
        assert f">{dossier.number}</a>" in page
    assert f">{gone}</a>" in page
    one = browser.get("/desk/nhat-ky/", {"ve": f"dossiers.Dossier:{made[0].pk}"}).content.decode()
    assert made[0].number in one
    assert made[1].number not in one


def test_the_name_of_another_units_thing_is_not_told(quan, tam, lien_chau, minh, ngu_kien, catalogue, browser_of):
    ours = received(minh, ngu_kien)
    lien_chaus = browser_of(tam)
    page = browser_of(quan).get("/desk/nhat-ky/", {"ve": "accounts.Account:1"}).content.decode()
    assert "Lý Thị Tám" not in page
    assert lien_chaus.get("/desk/nhat-ky/", {"ve": f"dossiers.Dossier:{ours.pk}"}).status_code == 403
