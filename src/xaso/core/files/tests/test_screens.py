import pytest
from django.urls import reverse

from xaso.core.audit.models import Entry
from xaso.core.files import actions, queries
from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent

UNIT = "26.252.09157."
JSON = {"accept": "application/json"}


@pytest.fixture
def paper(lan):
    return actions.attach_upload(
        lan, sent("Đơn xin.pdf", samples.pdf()), subject="d:1", unit_path=UNIT, kind="", owner_person_id=lan.person_id
    )


@pytest.fixture
def photo(lan):
    return actions.attach_upload(
        lan, sent("cccd.jpg", samples.phone_photo()), subject="d:1", unit_path=UNIT, kind="",
        owner_person_id=lan.person_id,
    )  # fmt: skip


def body(response) -> bytes:
    """Read to the end; the test client closes it there, as a server does."""
    return b"".join(response.streaming_content)


def test_download_is_saved_under_its_name_and_runs_nothing(paper, lan, browser_of):
    response = browser_of(lan).get(paper.get_absolute_url())
    assert response.status_code == 200
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C4%90%C6%A1n%20xin.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    content = body(response)
    assert len(content) == int(response["Content-Length"]) == paper.size
    assert content.startswith(b"%PDF-")


def test_reading_is_on_record(paper, minh, browser_of):
    body(browser_of(minh).get(paper.get_absolute_url()))
    entry = Entry.objects.get(verb="read")
    assert (entry.account_id, entry.subject) == (minh.account_id, f"files.StoredFile:{paper.pk}")


def test_strangers_get_nothing(paper, nam, tam, browser_of, client):
    for stranger in (nam, tam):
        for url in (paper.get_absolute_url(), paper.preview_url):
            assert browser_of(stranger).get(url).status_code == 403
    assert client.get(paper.get_absolute_url()).status_code == 302
    assert not Entry.objects.filter(verb="read").exists()


def test_a_pdf_opens_in_the_browsers_own_viewer(paper, lan, browser_of):
    response = browser_of(lan).get(paper.preview_url)
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    body(response)


def test_a_photo_is_shown_as_it_was_taken(photo, lan, browser_of):
    response = browser_of(lan).get(photo.preview_url)
    assert response["Content-Type"] == "image/jpeg"
    assert "sandbox" in response["Content-Security-Policy"]
    assert body(response) == samples.phone_photo()
    assert browser_of(lan).head(photo.preview_url).status_code == 405


def test_heic_is_shown_as_its_pdf(lan, browser_of):
    stored = actions.upload_ahead(lan, sent("a.heic", samples.picture("HEIF")), kind="")
    response = browser_of(lan).get(stored.preview_url)
    assert response["Content-Type"] == "application/pdf"
    body(response)


def test_text_never_becomes_a_page(lan, browser_of):
    stored = actions.attach_upload(
        lan, sent("a.txt", "xin chào <script>".encode()), subject="d:1", unit_path="", kind="",
        owner_person_id=lan.person_id, accept=("text",),
    )  # fmt: skip
    response = browser_of(lan).get(stored.preview_url)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    body(response)


def test_removed_and_lost_files_say_so(paper, lan, browser_of):
    store().delete(paper.blob_id)
    lost = browser_of(lan).get(paper.get_absolute_url())
    assert lost.status_code == 404
    assert "sao lưu" in lost.content.decode()
    StoredFile.objects.update(removed_at=paper.created_at)
    gone = browser_of(lan).get(paper.get_absolute_url())
    assert gone.status_code == 404
    assert "Không tìm thấy tệp" in gone.content.decode()


def test_upload_ahead_for_programs(lan, browser_of):
    answer = browser_of(lan).post(
        reverse("files:upload"), {"file": sent("cccd.jpg", samples.phone_photo()), "kind": "cccd"}, headers=JSON
    )
    assert answer.status_code == 201
    (waiting,) = queries.waiting_of(lan)
    assert answer.json() == {
        "uuid": str(waiting.uuid), "name": "cccd.pdf", "size": waiting.size, "pages": 1,
        "url": waiting.get_absolute_url(), "preview_url": waiting.preview_url,
    }  # fmt: skip
    assert waiting.kind == "cccd"


def test_upload_ahead_for_htmx_and_for_a_plain_form(lan, browser_of):
    browser = browser_of(lan)
    part = browser.post(
        reverse("files:upload"), {"file": sent("don.pdf", samples.pdf())}, headers={"hx-request": "true"}
    )
    (waiting,) = queries.waiting_of(lan)
    assert f'name="uploads" value="{waiting.uuid}"' in part.content.decode()
    assert "<html" not in part.content.decode()
    back = browser.post(reverse("files:upload"), {"file": sent("b.pdf", samples.pdf(2)), "next": "/nop/"})
    assert (back.status_code, back["Location"]) == (302, "/nop/")
    away = browser.post(
        reverse("files:upload"), {"file": sent("c.pdf", samples.pdf(3)), "next": "https://evil.example/"}
    )
    assert away["Location"] == "/"


@pytest.mark.parametrize(("headers", "status"), [(JSON, 409), ({"hx-request": "true"}, 200), ({}, 409)])
def test_a_refused_upload_says_why_in_every_form(lan, browser_of, headers, status):
    browser = browser_of(lan)
    answer = browser.post(reverse("files:upload"), {"file": sent("don.pdf", samples.PROGRAM)}, headers=headers)
    assert answer.status_code == status
    said = answer.json()["error"] if headers == JSON else answer.content.decode()
    assert "tệp chương trình (.exe)" in said
    nothing = browser.post(reverse("files:upload"), {}, headers=JSON)
    assert "Chưa có tệp" in nothing.json()["error"]
    assert queries.waiting_of(lan) == []


def test_upload_needs_a_person(client, db, hoa):
    assert client.post(reverse("files:upload"), {"file": sent("a.pdf", samples.pdf())}).status_code == 302
    assert client.get(reverse("files:upload")).status_code == 405


def test_an_officer_sees_own_waiting_upload_and_colleagues_do_not(minh, an, browser_of):
    stored = actions.upload_ahead(minh, sent("a.pdf", samples.pdf()), kind="")
    response = browser_of(minh).get(stored.preview_url)
    assert response.status_code == 200
    body(response)
    assert browser_of(an).get(stored.preview_url).status_code == 403


def test_discard_a_waiting_file(lan, nam, browser_of, may_remove):
    stored = actions.upload_ahead(lan, sent("a.pdf", samples.pdf()), kind="")
    url = reverse("files:discard", args=[stored.uuid])
    assert browser_of(nam).post(url).status_code == 404
    assert browser_of(lan).post(url, headers=JSON).json() == {"uuid": str(stored.uuid)}
    assert queries.waiting_of(lan) == []
