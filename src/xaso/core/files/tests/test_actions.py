import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections

from xaso.core.access import SYSTEM, visible
from xaso.core.actions import action
from xaso.core.audit.models import Entry
from xaso.core.files import actions, queries
from xaso.core.files.actions import Attachment, Place, claim, receive_upload
from xaso.core.files.models import Blob, StoredFile
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent
from xaso.core.outbox.models import Delivery
from xaso.kit.errors import Forbidden, Missing, Refused

DOSSIER = "dossiers.Dossier:1"
UNIT = "26.252.09157."


@action("files_tests.hand_in", "Nộp (kiểm thử)")
def hand_in(by, _, /, *, work):
    """Stands for any action of a module that attaches files."""
    return work(by)


def inside(work, by=SYSTEM):
    return hand_in(by, None, work=work)


def test_attach_upload_asks_files_it_and_puts_it_on_record(minh):
    stored = actions.attach_upload(minh, sent("don.pdf", samples.pdf(2)), subject=DOSSIER, unit_path=UNIT, kind="don")
    (found,) = queries.files_of(DOSSIER)
    assert (found, found.pages, found.media_type, found.uploaded_by) == (stored, 2, "application/pdf", minh.account_id)
    entry = Entry.objects.get(verb="files.upload")
    assert entry.subject == f"files.StoredFile:{stored.pk}"
    assert entry.details[f"file {stored.uuid}"] == stored.blob_id


def test_an_officer_cannot_put_files_into_another_unit_with_a_machine_scope(minh):
    officer_only = replace(minh, grants=tuple(grant for grant in minh.grants if grant.unit_path))
    with pytest.raises(Forbidden):
        actions.attach_upload(
            officer_only, sent("don.pdf", samples.pdf()), subject=DOSSIER, unit_path="26.252.09055.", kind="don"
        )
    assert not StoredFile.objects.exists()


def test_a_photo_is_one_file_with_its_original(lan):
    stored = actions.attach_upload(
        lan, sent("cccd.jpg", samples.phone_photo()), subject=DOSSIER, unit_path=UNIT, kind="cccd"
    )
    (found,) = queries.files_of(DOSSIER)
    assert found == stored
    assert (found.name, found.original_media_type, found.made_from.name) == ("cccd.pdf", "image/jpeg", "cccd.jpg")
    assert StoredFile.objects.count() == 2


def test_many_files_cost_two_statements(minh, django_assert_num_queries):
    received = [receive_upload(sent(f"{n}.jpg", samples.picture(size=(30, 20 + n)))) for n in range(10)]
    items = [Attachment(one, Place(DOSSIER, UNIT), "anh") for one in received]

    def attach(by):
        with django_assert_num_queries(2):
            return actions.attach_many(by, items)

    assert [row.name for row in inside(attach)] == [f"{n}.pdf" for n in range(10)]
    assert len(queries.files_of(DOSSIER)) == 10
    assert inside(lambda by: actions.attach_many(by, [])) == []


@pytest.mark.django_db
def test_the_same_content_twice_is_one_blob_and_two_files():
    received = receive_upload(sent("a.pdf", samples.pdf()))
    inside(lambda by: actions.attach(by, received, subject=DOSSIER, unit_path=UNIT, kind="a"))
    inside(lambda by: actions.attach(by, received, subject="dossiers.Dossier:2", unit_path=UNIT, kind="a"))
    assert (Blob.objects.count(), StoredFile.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_a_refused_action_leaves_no_row():
    def fail(by):
        actions.store_bytes(samples.pdf(), name="a.pdf", subject=DOSSIER, unit_path=UNIT, kind="a", by=by)
        raise Refused("không")

    with pytest.raises(Refused):
        inside(fail)
    assert not StoredFile.objects.exists()
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_store_bytes_needs_an_action_around_it():
    with pytest.raises(RuntimeError):
        actions.store_bytes(samples.pdf(), name="a.pdf", subject=DOSSIER, unit_path=UNIT, kind="a", by=SYSTEM)


def test_uploaded_ahead_and_claimed(lan):
    photo = actions.upload_ahead(lan, sent("cccd.jpg", samples.phone_photo()), kind="cccd")
    form = actions.upload_ahead(lan, sent("don.pdf", samples.pdf()), kind="")
    assert queries.waiting_of(lan) == [photo, form]

    def submit(by):
        return claim(
            by, [form.uuid, photo.uuid], subject=DOSSIER, unit_path=UNIT, owner_person_id=lan.person_id,
            kinds={form.uuid: "don"},
        )  # fmt: skip

    assert [row.kind for row in inside_as(lan, submit)] == ["don", "cccd"]
    assert queries.waiting_of(lan) == []
    assert len(queries.files_of(DOSSIER)) == 2
    assert set(StoredFile.objects.values_list("subject", "unit_path")) == {(DOSSIER, UNIT)}
    again = inside_as(lan, submit)
    assert [row.subject for row in again] == [DOSSIER, DOSSIER]
    assert StoredFile.objects.count() == 3


def inside_as(actor, work):
    return inside(lambda _: work(actor))


def test_only_the_uploader_claims(lan, nam):
    stored = actions.upload_ahead(lan, sent("don.pdf", samples.pdf()), kind="")
    for thief in (nam, SYSTEM):
        with pytest.raises(Refused, match="Hãy chọn lại tệp"):
            inside_as(thief, lambda by: claim(by, [stored.uuid], subject=DOSSIER, unit_path=UNIT))
    with pytest.raises(Refused):
        inside_as(lan, lambda by: claim(by, [stored.uuid, uuid.uuid4()], subject=DOSSIER, unit_path=UNIT))
    assert queries.waiting_of(lan) == [stored]


def test_a_claimed_file_cannot_be_claimed_for_something_else(lan):
    stored = actions.upload_ahead(lan, sent("don.pdf", samples.pdf()), kind="")
    inside_as(lan, lambda by: claim(by, [stored.uuid], subject=DOSSIER, unit_path=UNIT))
    with pytest.raises(Refused):
        inside_as(lan, lambda by: claim(by, [stored.uuid], subject="dossiers.Dossier:2", unit_path=UNIT))


@pytest.mark.parametrize("content", [samples.pdf(), samples.phone_photo()])
def test_sent_again_after_a_broken_connection_it_is_one_file(lan, content):
    first = actions.upload_ahead(lan, sent("don", content), kind="don")
    again = actions.upload_ahead(lan, sent("don", content), kind="don")
    assert first.pk == again.pk
    assert len(queries.waiting_of(lan)) == 1


def at_once(*works):
    """Run in threads, each with its own connection; returns results and refusals in order."""

    def run(work):
        try:
            return work()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_two_tries_at_once_are_one_file(lan):
    content = samples.pdf()
    at_once(*[lambda: actions.upload_ahead(lan, sent("don.pdf", content), kind="don")] * 4)
    assert len(queries.waiting_of(lan)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_cannot_both_have_the_file(lan):
    stored = actions.upload_ahead(lan, sent("don.jpg", samples.phone_photo()), kind="don")

    def submit(subject):
        return inside_as(lan, lambda by: claim(by, [stored.uuid], subject=subject, unit_path=UNIT))

    answers = at_once(lambda: submit("d:1"), lambda: submit("d:2"), lambda: submit("d:3"))
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert StoredFile.objects.values("subject").distinct().count() == 1


def test_remove_takes_the_original_along_and_keeps_the_content(lan, may_remove, stored_contents):
    stored = actions.attach_upload(
        lan, sent("cccd.jpg", samples.phone_photo()), subject=DOSSIER, unit_path=UNIT, kind="cccd",
        owner_person_id=lan.person_id,
    )  # fmt: skip
    actions.remove_file(lan, stored)
    assert queries.files_of(DOSSIER) == []
    with pytest.raises(Missing):
        queries.file(stored.made_from_id)
    assert len(stored_contents()) == 2


def test_remove_asks(lan, nam, tam, may_remove):
    stored = actions.upload_ahead(lan, sent("don.pdf", samples.pdf()), kind="")
    for stranger in (nam, tam):
        with pytest.raises(Forbidden):
            actions.remove_file(stranger, stored)
        with pytest.raises(Refused):
            actions.discard_waiting(stranger, stored)
    actions.discard_waiting(lan, stored)
    assert queries.waiting_of(lan) == []


def test_files_of_many_in_one_statement(lan, django_assert_num_queries):
    for subject in ("d:1", "d:1", "d:2"):
        actions.attach_upload(lan, sent("a.jpg", samples.picture()), subject=subject, unit_path=UNIT, kind="")
    with django_assert_num_queries(1):
        found = queries.files_of_many(["d:1", "d:2", "d:3"])
        assert [len(found[subject]) for subject in ("d:1", "d:2", "d:3")] == [2, 1, 0]
        assert all(row.size and row.made_from.media_type == "image/jpeg" for row in found["d:1"])
    assert queries.files_of_many([]) == {}


def test_lists_follow_the_permission(lan, nam, minh, tam):
    actions.attach_upload(
        lan, sent("a.pdf", samples.pdf()), subject="d:1", unit_path=UNIT, kind="", owner_person_id=lan.person_id
    )
    seen = [visible(actor, "files.view", StoredFile.objects.all()).count() for actor in (lan, minh, nam, tam)]
    assert seen == [1, 1, 0, 0]


def signed_pdf():
    return samples.pdf() + b"\n%/ByteRange [0 1 2 3]\n"


def test_a_signed_file_is_announced_when_it_belongs_somewhere(minh):
    stored = actions.attach_upload(minh, sent("ky.pdf", signed_pdf()), subject=DOSSIER, unit_path=UNIT, kind="don")
    assert stored.is_signed
    assert [row.payload for row in Delivery.objects.filter(event="files.SignedFileStored")] == [
        {"uuid": str(stored.uuid)}
    ]


def test_a_signed_file_uploaded_ahead_is_announced_when_it_is_claimed(minh):
    ahead = actions.upload_ahead(minh, sent("ky.pdf", signed_pdf()), kind="don")
    assert ahead.is_signed
    assert not Delivery.objects.exists()
    inside(lambda _: claim(minh, [ahead.uuid], subject=DOSSIER, unit_path=UNIT))
    inside(lambda _: claim(minh, [ahead.uuid], subject=DOSSIER, unit_path=UNIT))
    assert Delivery.objects.count() == 1


def test_files_without_a_signature_announce_nothing(minh):
    received = [receive_upload(sent(f"{number}.pdf", samples.pdf())) for number in range(3)]
    place = Place(DOSSIER, UNIT)
    inside(lambda by: actions.attach_many(by, [Attachment(one, place) for one in received]))
    assert not StoredFile.objects.filter(is_signed=True).exists()
    assert not Delivery.objects.exists()
