"""What `xaso verify` asks: does every target of content have its figure, and do sums equal their rows?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from xaso.modules.figures import queries as figures
from xaso.modules.targets.definitions import national, packs
from xaso.modules.targets.models import BudgetLine


def faults() -> Iterator[str]:
    """One sentence for everything that is not as it should be."""
    yield from _unknown_figures()
    wrong = BudgetLine.objects.annotate(summed=Coalesce(Sum("spendings__amount"), Value(0))).exclude(spent=F("summed"))
    for line in wrong.order_by("id"):
        yield f"Khoản kinh phí “{line.name}” ghi đã chi {line.spent} đồng, các khoản chi cộng lại {line.summed} đồng."


def _unknown_figures() -> Iterator[str]:
    known = figures.catalogue()
    for name, pack in packs().items():
        for one in pack.targets:
            if one.figure not in known:
                yield f"targets/{name}.yaml: chỉ tiêu {one.number} dùng số liệu “{one.figure}” không có trong danh mục."
    for document in national():
        for target in document.targets:
            if target.figure and target.figure not in known:
                yield f"targets/national.yaml: mục tiêu {target.key} dùng số liệu “{target.figure}” không có."
