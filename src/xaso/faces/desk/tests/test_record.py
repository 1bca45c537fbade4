"""The record's page: its own unit only, denied attempts marked, pages by key."""

import pytest

from xaso.core.audit.actions import Draft, write

pytestmark = pytest.mark.django_db


def test_the_administrator_sees_the_units_record_and_no_other(quan, tam, minh, browser_of):
    write([Draft(minh, "read", subject="dossiers.Dossier:1", unit_path=minh.unit_path)])
    write([Draft(tam, "read", subject="dossiers.Dossier:2", unit_path=tam.unit_path, outcome="denied")])
    page = browser_of(quan).get("/desk/nhat-ky/").content.decode()
    assert "Lê Văn Minh" in page
    assert "Lý Thị Tám" not in page


def test_an_officer_without_the_permission_is_turned_away(minh, browser_of):
    assert browser_of(minh).get("/desk/nhat-ky/").status_code == 403


def test_pages_go_on_by_key(quan, minh, browser_of, django_assert_max_num_queries):
    write([Draft(minh, "read", subject=f"dossiers.Dossier:{n}", unit_path=minh.unit_path) for n in range(60)])
    browser = browser_of(quan)
    with django_assert_max_num_queries(5):
        page = browser.get("/desk/nhat-ky/").content.decode()
    assert "after=" in page
    assert "dossiers.Dossier:59" in page
    assert "dossiers.Dossier:5<" not in page
