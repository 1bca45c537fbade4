import os
from datetime import timedelta

import pytest
import time_machine

from xaso.core.files import actions, jobs, queries
from xaso.core.files.actions import claim
from xaso.core.files.models import Blob, StoredFile
from xaso.core.files.receiving import receive_upload
from xaso.core.files.stores import store
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent
from xaso.core.files.tests.test_actions import DOSSIER, UNIT, inside_as
from xaso.core.files.verify import verify_files
from xaso.kit import clock


@pytest.mark.django_db
def test_content_without_a_row_goes_after_a_day_and_content_with_one_stays(lan, stored_contents):
    kept = actions.upload_ahead(lan, sent("a.pdf", samples.pdf()), kind="")
    orphan = receive_upload(sent("b.pdf", samples.pdf(2)))
    assert jobs.sweep_orphans() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert jobs.sweep_orphans() == 1
    assert stored_contents() == [kept.blob_id]
    assert not store().exists(orphan.saved.sha256)


@pytest.mark.django_db
def test_an_orphan_that_comes_again_is_young_again(stored_contents):
    received = receive_upload(sent("b.pdf", samples.pdf(2)))
    (path,) = store().folder.glob("??/??/*")
    long_ago = (clock.now() - timedelta(hours=30)).timestamp()
    os.utime(path, (long_ago, long_ago))
    assert receive_upload(sent("c.pdf", samples.pdf(2))).saved.sha256 == received.saved.sha256
    assert jobs.sweep_orphans() == 0
    assert stored_contents() == [received.saved.sha256]


@pytest.mark.django_db
def test_parts_of_interrupted_uploads_go_after_a_day(store_folder):
    part = store_folder / "incoming" / "abc"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"nua chung")
    jobs.sweep_orphans()
    assert part.exists()
    long_ago = (clock.now() - timedelta(hours=30)).timestamp()
    os.utime(part, (long_ago, long_ago))
    jobs.sweep_orphans()
    assert not part.exists()


def test_uploads_never_sent_are_forgotten_after_thirty_days(lan, nam, stored_contents):
    shared = samples.pdf()
    actions.upload_ahead(lan, sent("cccd.jpg", samples.phone_photo()), kind="")
    actions.upload_ahead(lan, sent("a.pdf", shared), kind="")
    kept = actions.upload_ahead(nam, sent("a.pdf", shared), kind="")
    inside_as(nam, lambda by: claim(by, [kept.uuid], subject=DOSSIER, unit_path=UNIT))
    assert jobs.sweep_unclaimed() == 0
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert jobs.sweep_unclaimed() == 3
        jobs.sweep_orphans()
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [kept.pk]
    assert [blob.pk for blob in Blob.objects.all()] == stored_contents() == [kept.blob_id]
    assert queries.files_of(DOSSIER) == [kept]


def test_verify_names_the_broken_file_and_the_lost_one(lan, store_folder):
    whole = actions.upload_ahead(lan, sent("nguyen.pdf", samples.pdf(1)), kind="")
    changed = actions.upload_ahead(lan, sent("hong.pdf", samples.pdf(2)), kind="")
    lost = actions.upload_ahead(lan, sent("mat.pdf", samples.pdf(3)), kind="")
    assert verify_files() == []
    (path,) = store_folder.glob(f"??/??/{changed.blob_id}")
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    store().delete(lost.blob_id)
    sentences = sorted(verify_files())
    assert len(sentences) == 2
    assert str(changed.uuid) in sentences[0]
    assert "mã kiểm tra đã khác" in sentences[0]
    assert str(lost.uuid) in sentences[1]
    assert Blob.objects.get(pk=whole.blob_id).checked_at


def test_verify_can_go_on_where_it_stopped(lan):
    for pages in (1, 2, 3):
        actions.upload_ahead(lan, sent("a.pdf", samples.pdf(pages)), kind="")
    for left in (2, 1, 0):
        assert verify_files(limit=1) == []
        assert Blob.objects.filter(checked_at=None).count() == left


def test_a_damaged_content_is_mended_when_it_comes_again(lan, store_folder):
    stored = actions.upload_ahead(lan, sent("a.pdf", samples.pdf()), kind="")
    (path,) = store_folder.glob(f"??/??/{stored.blob_id}")
    path.write_bytes(b"hong")
    assert verify_files()
    actions.upload_ahead(lan, sent("a.pdf", samples.pdf()), kind="")
    assert verify_files() == []
