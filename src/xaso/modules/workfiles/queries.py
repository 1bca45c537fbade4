"""Questions about work files and transfers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.kit import subject
from xaso.kit.errors import Missing
from xaso.modules.workfiles import rules
from xaso.modules.workfiles.models import Item, Transfer, WorkFile

GONE = "Không tìm thấy hồ sơ công việc này trong phạm vi của bạn. Hãy mở lại từ danh sách."


def work_files(by: Actor, state: str = "", *, mine: bool = False, words: str = "") -> QuerySet[WorkFile]:
    """What the actor may see, newest first."""
    rows = visible(by, "workfiles.view", WorkFile.objects.all())
    if state in rules.LABELS:
        rows = rows.filter(state=state)
    if mine:
        rows = rows.filter(officer_id=by.account_id)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(number__istartswith=words))
    return rows.order_by("-pk")


def work_file(by: Actor, permission: str, key: UUID) -> WorkFile:
    """Raises Missing."""
    found = visible(by, permission, WorkFile.objects.select_related("unit", "transfer")).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def items_of(found: WorkFile) -> list[Item]:
    """What is in it, in the order it was put there."""
    return list(found.items.filter(removed_at=None).select_related("file__blob").order_by("pk"))


def taken_out_of(found: WorkFile) -> list[Item]:
    return list(found.items.filter(removed_at__isnull=False).order_by("-removed_at")[:50])


def is_electronic(reference: str) -> bool:
    """A thing of ours that also lives on paper says so by `is_electronic`; everything else was born here."""
    return bool(getattr(subject.resolve(reference), "is_electronic", True))


def closed_ones(by: Actor, keys: Sequence[UUID]) -> list[WorkFile]:
    """The closed files named; the rest is left out."""
    rows = visible(by, "workfiles.offer", WorkFile.objects.filter(uuid__in=keys, state=rules.CLOSED))
    return list(rows.order_by("pk"))


def transfers(by: Actor) -> QuerySet[Transfer]:
    """Newest first, each with how many files it holds."""
    return visible(by, "workfiles.view", Transfer.objects.annotate(files=Count("work_files"))).order_by("-pk")


def transfer(by: Actor, permission: str, key: UUID) -> Transfer:
    """Raises Missing."""
    found = visible(by, permission, Transfer.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy đợt nộp lưu này trong phạm vi của bạn. Hãy mở lại từ danh sách.")
    return found


def files_of(found: Transfer) -> list[WorkFile]:
    """With the number of papers in each."""
    papers = Count("items", filter=Q(items__removed_at=None))
    return list(found.work_files.annotate(papers=papers).order_by("heading", "pk"))
