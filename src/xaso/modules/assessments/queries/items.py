"""Items of an assessment with their proofs and declines."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from xaso.modules.assessments import rules
from xaso.modules.assessments.models import Assessment, Decline, Item, Proof


def items_of(assessment: Assessment) -> list[Item]:
    """In the order of the set, with `shown_proofs` and `open_declines`. Three statements."""
    rows = with_parts(Item.objects.filter(assessment=assessment)).order_by("position")
    items = list(rows)
    for item in items:
        item.assessment = assessment
    return items


def with_parts(rows: QuerySet[Item]) -> QuerySet[Item]:
    proofs = Proof.objects.filter(removed_at=None).select_related("file__blob").order_by("pk")
    declines = Decline.objects.filter(undone_at=None, answered_at=None).select_related("file__blob")
    return rows.prefetch_related(
        Prefetch("proofs", proofs, to_attr="shown_proofs"), Prefetch("declines", declines, to_attr="open_declines")
    )


def parts_of(items: list[Item]) -> list[rules.Part]:
    return [one.part(has_proofs=bool(one.shown_proofs)) for one in items]


def faults_of(items: list[Item]) -> list[tuple[str, str]]:
    """(code, sentence) of what the unit still owes."""
    return rules.self_score_faults(parts_of(items))
