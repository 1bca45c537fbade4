"""Files of a subject. Originals of converted photos are reached through their PDF (`made_from`)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from xaso.core.access import Actor
from xaso.core.files import rules
from xaso.core.files.models import UPLOADED_AHEAD, StoredFile
from xaso.kit.errors import Missing


def _kept() -> QuerySet[StoredFile]:
    files = StoredFile.objects.filter(removed_at=None, conversions=None)
    return files.select_related("blob", "made_from__blob").order_by("id")


def files_of(subject: str) -> list[StoredFile]:
    """In the order they came. One statement."""
    return list(_kept().filter(subject=subject))


def files_of_many(subjects: Iterable[str]) -> dict[str, list[StoredFile]]:
    """subject → its files; every asked subject has an entry. One statement."""
    found: dict[str, list[StoredFile]] = {subject: [] for subject in subjects}
    if found:
        for stored in _kept().filter(subject__in=list(found)):
            found[stored.subject].append(stored)
    return found


def file(uuid: UUID) -> StoredFile:
    """Raises Missing when there is none or it was removed. Asks no permission."""
    stored = StoredFile.objects.select_related("blob", "made_from__blob").filter(uuid=uuid, removed_at=None).first()
    if stored is None:
        raise Missing(rules.NOT_HERE)
    return stored


def waiting_subject(by: Actor) -> str:
    return f"{UPLOADED_AHEAD}{by.account_id}"


def waiting_of(by: Actor) -> list[StoredFile]:
    """What this account uploaded ahead and has not sent yet: an interrupted form finds its files here."""
    return files_of(waiting_subject(by)) if by.account_id else []
