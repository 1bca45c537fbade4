"""Files given to subjects.

Slow work comes first and outside the transaction (`receiving.receive_upload`); what is here only writes rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import rules
from xaso.core.files.events import SignedFileStored
from xaso.core.files.models import UPLOADED_AHEAD, Blob, StoredFile
from xaso.core.files.queries import waiting_subject
from xaso.core.files.receiving import Received, Saved, receive_bytes, receive_upload
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Missing, Refused


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file goes: the subject it belongs to, the unit and the person whose file it is."""

    subject: str
    unit_path: str
    owner_person_id: int | None = None

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.owner_person_id is None else (self.owner_person_id,)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of `attach_many`. `kind` says which paper it is, in the caller's words."""

    received: Received
    place: Place
    kind: str = ""


def attach_many(by: Actor, attachments: Sequence[Attachment]) -> list[StoredFile]:
    """Rows for any number of received files in two statements. Inside the caller's action."""
    if not attachments:
        return []
    rows = [row for attachment in attachments for row in _rows(by, attachment)]
    saved = [kept for item in attachments for kept in (item.received.saved, item.received.original) if kept]
    _keep_blobs(saved)
    StoredFile.objects.bulk_create(rows)
    note(**{f"file {row.uuid}": row.blob_id for row in rows})
    _tell_of_signed(rows)
    originals = {row.made_from_id for row in rows}
    return [row for row in rows if row.uuid not in originals]


def _tell_of_signed(rows: Iterable[StoredFile]) -> None:
    """Not while a file waits for its form: nobody relies on it yet, and it may never be sent."""
    for row in rows:
        if row.is_signed and not row.subject.startswith(UPLOADED_AHEAD):
            announce(SignedFileStored(uuid=str(row.uuid)))


def _keep_blobs(saved: Iterable[Saved]) -> None:
    """In the order of the checksums, so that two writers of the same contents do not wait for each other in a circle.

    An upsert and not `ignore_conflicts`: it holds the row, so that the sweeper cannot take it away meanwhile.
    """
    blobs = {item.sha256: Blob(item.sha256, item.size, item.media_type, clock.now()) for item in saved}
    Blob.objects.bulk_create(
        [blobs[sha256] for sha256 in sorted(blobs)],
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["media_type"],
    )


def _rows(by: Actor, attachment: Attachment) -> list[StoredFile]:
    received, original = attachment.received, attachment.received.original
    if original is None:
        return [_row(by, attachment, received.saved, received.saved.media_type, received.pages)]
    source = _row(by, attachment, original, original.media_type, None)
    made = _row(by, attachment, received.saved, original.media_type, received.pages)
    made.made_from_id = source.uuid
    return [source, made]


def _row(by: Actor, attachment: Attachment, saved: Saved, original_type: str, pages: int | None) -> StoredFile:
    place = attachment.place
    return StoredFile(
        blob=Blob(saved.sha256, saved.size, saved.media_type),
        subject=place.subject,
        unit_path=place.unit_path,
        owner_person_id=place.owner_person_id,
        kind=attachment.kind,
        name=saved.name,
        original_media_type=original_type,
        pages=pages,
        is_signed=attachment.received.is_signed and saved is attachment.received.saved,
        uploaded_by=by.account_id,
        created_at=clock.now(),
    )


def attach(
    by: Actor, received: Received, *, subject: str, unit_path: str, kind: str, owner_person_id: int | None = None
) -> StoredFile:
    """One received file. Inside the caller's action."""
    return attach_many(by, [Attachment(received, Place(subject, unit_path, owner_person_id), kind)])[0]


def store_bytes(
    content: bytes, *, name: str, subject: str, unit_path: str, kind: str, by: Actor, owner_person_id: int | None = None
) -> StoredFile:
    """Content the product made itself, such as a PDF of ours. Inside the caller's action."""
    received = receive_bytes(content, name=name)
    return attach(by, received, subject=subject, unit_path=unit_path, kind=kind, owner_person_id=owner_person_id)


@action("files.upload", "Tải tệp lên")
def upload(by: Actor, place: Place, /, *, received: Received, kind: str) -> StoredFile:
    """A received file on its own, outside any other action. Sent again while it waits for its form, it is one row."""
    if place.subject == waiting_subject(by):
        # The content's row is held from here on, so that of two tries at once the second sees the first.
        _keep_blobs([received.saved])
        twin = StoredFile.objects.select_related("blob").filter(
            subject=place.subject, kind=kind, blob_id=received.saved.sha256, removed_at=None, conversions=None
        )
        if found := twin.first():
            return found
    return attach_many(by, [Attachment(received, place, kind)])[0]


def attach_upload(
    by: Actor,
    uploaded: Any,
    *,
    subject: str,
    unit_path: str,
    kind: str,
    owner_person_id: int | None = None,
    accept: Sequence[str] = ("pdf", "image"),
) -> StoredFile:
    """Judge, store and attach an upload in one go. NOT inside an action: an action receives first, then attaches."""
    received = receive_upload(uploaded, accept)
    return upload(by, Place(subject, unit_path, owner_person_id), received=received, kind=kind)


def upload_ahead(by: Actor, uploaded: Any, *, kind: str, accept: Sequence[str] = ("pdf", "image")) -> StoredFile:
    """Keep an upload for a form that is still being filled in. The same file sent again is the same row."""
    if not by.account_id:
        raise Forbidden("Phiên làm việc đã hết. Hãy đăng nhập lại rồi tải tệp lên lần nữa.")
    received = receive_upload(uploaded, accept)
    # A machine acts for its unit, not for the person whose account it uses.
    place = Place(waiting_subject(by), by.unit_path if by.kind == "machine" else "", by.person_id)
    return upload(by, place, received=received, kind=kind)


def give_to(stored: StoredFile, owner_person_id: int | None) -> None:
    """From now on the person may open the file. Inside the caller's action."""
    StoredFile.objects.filter(pk=stored.pk).update(owner_person_id=owner_person_id)


def claim(
    by: Actor,
    uuids: Sequence[UUID],
    *,
    subject: str,
    unit_path: str,
    owner_person_id: int | None = None,
    kinds: Mapping[UUID, str] | None = None,
) -> list[StoredFile]:
    """Give files uploaded ahead to their subject, in the order asked. Inside the caller's action.

    Only the account that uploaded them can. Claimed again for the same subject they stay as they are, so that a form
    sent twice does no harm. `kinds` renames what each one is.
    """
    if not uuids:
        return []
    waiting = waiting_subject(by)
    mine = StoredFile.objects.select_related("blob").filter(uploaded_by=by.account_id, removed_at=None)
    found = {row.uuid: row for row in mine.filter(uuid__in=uuids, subject__in=[waiting, subject])}
    if by.account_id is None or len(found) != len(set(uuids)):
        raise Refused(rules.NOT_CLAIMABLE)
    fresh = [row for row in found.values() if row.subject == waiting]
    _move(fresh, waiting, Place(subject, unit_path, owner_person_id))
    _tell_of_signed(fresh)
    if kinds:
        for row in found.values():
            row.kind = kinds.get(row.uuid, row.kind)
        StoredFile.objects.bulk_update(found.values(), ["kind"])
    note(**{f"file {row.uuid}": row.blob_id for row in found.values()})
    return [found[uuid] for uuid in dict.fromkeys(uuids)]


def _move(rows: list[StoredFile], waiting: str, place: Place) -> None:
    """With their originals. The condition on the old subject lets only one of two claimers win."""
    wanted = {row.uuid for row in rows} | {row.made_from_id for row in rows if row.made_from_id}
    moved = StoredFile.objects.filter(uuid__in=wanted, subject=waiting).update(
        subject=place.subject, unit_path=place.unit_path, owner_person_id=place.owner_person_id
    )
    if moved != len(wanted):
        raise Refused(rules.NOT_CLAIMABLE)
    for row in rows:
        row.subject, row.unit_path, row.owner_person_id = (place.subject, place.unit_path, place.owner_person_id)


def hand_over(subjects: Sequence[str], unit_path: str) -> int:
    """The files of these subjects belong to another unit from now on. Inside the caller's action."""
    return StoredFile.objects.filter(subject__in=subjects).update(unit_path=unit_path)


@action("files.remove", "Bỏ tệp")
def remove_file(by: Actor, stored: StoredFile, /) -> StoredFile:
    """Take a file and its original out of the subject. The content stays for the record."""
    del by
    uuids = [uuid for uuid in (stored.uuid, stored.made_from_id) if uuid]
    stored.removed_at = clock.now()
    StoredFile.objects.filter(uuid__in=uuids, removed_at=None).update(removed_at=stored.removed_at)
    return stored


@action("files.discard", "Xoá hẳn tệp")
def discard_file(by: Actor, stored: StoredFile, /) -> None:
    """Forget a file that was kept for a time only: no row is left, and the sweeper takes its content the next night.

    The entry in the book says what it was. Content that another file uses stays.
    """
    del by
    gone = [one for one in (stored, stored.made_from) if one]
    note(**{f"file {one.uuid}": f"{one.name}, {one.blob_id}" for one in gone})
    for one in gone:
        one.delete()
    Blob.objects.filter(pk__in={one.blob_id for one in gone}, files=None).delete()


def discard_waiting(by: Actor, stored: StoredFile) -> StoredFile:
    """Take back a file that waits for its form: only whoever uploaded it."""
    if stored.uploaded_by != by.account_id:
        raise Missing(rules.NOT_HERE)  # nobody learns whether somebody else's file exists
    if stored.subject != waiting_subject(by):
        raise Refused(rules.NOT_CLAIMABLE)
    return remove_file(by, stored)


__all__ = [
    "UPLOADED_AHEAD", "Attachment", "Place", "Received", "attach", "attach_many", "attach_upload", "claim",
    "discard_file", "discard_waiting", "give_to", "hand_over", "receive_bytes", "receive_upload", "remove_file",
    "store_bytes", "upload", "upload_ahead",
]  # fmt: skip
