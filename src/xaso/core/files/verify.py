"""Proof that every content is still what was received."""

from django.db.models import F

from xaso.core.files import rules
from xaso.core.files.models import Blob, StoredFile
from xaso.core.files.stores import Store, sha256_of, store
from xaso.kit import clock

NAMED = 20
BATCH = 200


def verify_files(limit: int | None = None) -> list[str]:
    """A sentence for each damaged file, at most twenty; empty when all is well.

    `limit`: look at so many contents only, those not looked at for longest.
    """
    wanted = list(Blob.objects.order_by(F("checked_at").asc(nulls_first=True)).values_list("pk", flat=True)[:limit])
    place, sentences, whole = store(), [], []
    for sha256 in wanted:
        sentence = _fault(place, sha256)
        if sentence:
            sentences.append(sentence)
        else:
            whole.append(sha256)
        if len(sentences) == NAMED:
            break
    for at in range(0, len(whole), BATCH):
        Blob.objects.filter(pk__in=whole[at : at + BATCH]).update(checked_at=clock.now())
    return sentences


def _fault(place: Store, sha256: str) -> str:
    try:
        with place.open(sha256) as stream:
            if sha256_of(stream) == sha256:
                return ""
        say = rules.changed_content
    except FileNotFoundError:
        say = rules.missing_content
    stored = StoredFile.objects.filter(blob_id=sha256).order_by("removed_at", "id").first()
    return say(stored.name, str(stored.uuid)) if stored else say(sha256[:12], sha256)
