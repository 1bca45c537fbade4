"""A blob is content, kept once under its checksum. A stored file is one use of it: whose, for what, its name."""

import uuid

from django.db import models
from django.urls import reverse

from xaso.core.units.fields import UnitPathField

UPLOADED_AHEAD = "upload:"
"""The subject of files waiting for their form: `upload:<account id>`. Only that account can claim them."""


class Blob(models.Model):
    """Content in the store. The checksum is the key, so that rows can be made without asking for ids."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.sha256


class StoredFile(models.Model):
    """A file of a subject (`dossiers.Dossier:42`). `made_from` is the photo that was turned into this PDF."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="files")
    subject = models.CharField(max_length=80, db_index=True)
    unit_path = UnitPathField(blank=True)
    owner_person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    original_media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(null=True)
    # Found while receiving, not judged: what the signature is worth is said by whoever listens to SignedFileStored.
    is_signed = models.BooleanField(default=False)
    # By uuid, which is known before the insert: a photo and its PDF go into one statement.
    made_from = models.ForeignKey("self", models.PROTECT, to_field="uuid", null=True, related_name="conversions")
    uploaded_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    ACCESS_OWNER_FIELD = "owner_person_id"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.uuid])

    @property
    def preview_url(self) -> str:
        return reverse("files:preview", args=[self.uuid])

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.owner_person_id is None else (self.owner_person_id,)

    @property
    def media_type(self) -> str:
        return self.blob.media_type

    @property
    def size(self) -> int:
        return self.blob.size
