"""What a resident sees of the catalogue."""

import pytest

from xaso.core.access import SYSTEM
from xaso.modules.procedures.actions import import_procedures, load_procedures, set_visibility
from xaso.modules.procedures.queries import by_code
from xaso.modules.procedures.tests.test_actions import list_of, record, times

pytestmark = pytest.mark.django_db
__all__ = ["list_of"]


@pytest.fixture(autouse=True)
def loaded():
    load_procedures(SYSTEM)


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    return answer.content.decode()


def test_a_service_is_found_by_life_event_and_words(client):
    assert "Sinh con" in page(client, "/portal/procedures/")
    assert "Đăng ký khai sinh" in page(client, "/portal/procedures/?event=sinh-con")
    assert "Đăng ký khai tử" in page(client, "/portal/procedures/?q=khai tu")
    assert "Chưa tìm thấy" in page(client, "/portal/procedures/?q=zzzz")


@pytest.mark.parametrize(
    "query", ["?page=abc", "?page=999999", "?page=-1", "?q=%00", "?event=<script>", "?q=" + "a" * 3000]
)
def test_odd_questions_get_a_page(client, query):
    text = page(client, "/portal/procedures/" + query)
    assert "<script>" not in text.replace("<script ", "")


def test_the_page_says_what_how_long_how_much_where(client):
    text = page(client, "/portal/procedures/2.000635/")
    for words in ("Tờ khai", "trong ngày", "8.000 đ mỗi bản", "toàn trình", "/portal/dossiers/new/2.000635/"):
        assert words in text, words
    assert "cần xác minh" not in text


def test_marks_are_shown_to_the_keeper(kien, browser_of):
    assert "cần xác minh" in page(browser_of(kien), "/portal/procedures/1.004873/")


def test_another_authority_is_named_with_its_address(client):
    text = page(client, "/portal/procedures/1.004222/")
    assert "Công an xã, phường" in text
    assert "https://dichvucong.gov.vn" in text
    assert "/portal/dossiers/new/" not in text


def test_an_unknown_fee_is_never_free(client):
    text = page(client, "/portal/procedures/1.014159/")
    assert "Chưa rõ mức thu" in text
    assert "Không thu" not in text


def test_waiting_procedures_are_shown_but_not_filed(client, list_of):
    import_procedures(SYSTEM, list_of(record(channels=times(("", "")))))
    text = page(client, "/portal/procedures/9.100001/")
    assert "Chưa nộp được" in text
    assert "/portal/dossiers/new/" not in text


def test_unknown_and_hidden_ones_are_missing(client):
    assert client.get("/portal/procedures/0.000000/").status_code == 404
    set_visibility(SYSTEM, by_code("1.001193"), visible=False, reason="Thử")
    assert client.get("/portal/procedures/1.001193/").status_code == 404
