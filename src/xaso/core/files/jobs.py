"""Housekeeping of the store, by the clock."""

from datetime import timedelta

from django.db import transaction

from xaso.core.files.models import UPLOADED_AHEAD, Blob, StoredFile
from xaso.core.files.stores import store
from xaso.kit import clock

GRACE = timedelta(hours=24)
UNCLAIMED = timedelta(days=30)
BATCH = 500


def sweep_orphans() -> int:
    """Take away content that nothing points to, a day after it came. Returns how many contents went.

    Such content is left by a power cut between content and row. Content of running uploads is younger than a day.
    """
    before = clock.now() - GRACE
    place = store()
    place.sweep_leftovers(before)
    gone, batch = 0, []
    for sha256 in place.older_than(before):
        batch.append(sha256)
        if len(batch) == BATCH:
            gone += _sweep(batch)
            batch = []
    return gone + _sweep(batch)


def _sweep(batch: list[str]) -> int:
    before = clock.now() - GRACE
    known = set(Blob.objects.filter(pk__in=batch).values_list("pk", flat=True))
    return sum(store().delete_if_older(sha256, before) for sha256 in batch if sha256 not in known)


def sweep_unclaimed() -> int:
    """Forget uploads whose form was never sent, thirty days on: they are personal data nobody asked for."""
    before = clock.now() - UNCLAIMED
    with transaction.atomic():
        stale = StoredFile.objects.filter(subject__startswith=UPLOADED_AHEAD, created_at__lt=before)
        # Held, so that a form sent at this very moment either has its files or they are gone: never half.
        gone = list(stale.select_for_update().order_by("-id").values_list("pk", "blob_id"))
        StoredFile.objects.filter(pk__in=[pk for pk, _ in gone]).update(made_from=None)
        StoredFile.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
        Blob.objects.filter(pk__in={sha256 for _, sha256 in gone}, files=None).delete()
    return len(gone)
