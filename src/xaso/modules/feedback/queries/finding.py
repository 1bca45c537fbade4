"""How an officer finds a report: its number, words and place. Never one that is confidential."""

from __future__ import annotations

from django.db.models import QuerySet

from xaso.core.search.feeds import Feed, Item
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.rules import moves

PERMISSION = "feedback.view"


def item_of(report: Report) -> Item | None:
    if report.is_confidential or report.state == moves.State.UNCONFIRMED or report.named.exists():
        return None
    return Item(
        thing=report,
        permission=PERMISSION,
        unit_path=report.unit_path,
        title=f"{report}: {report.text[:200]}",
        line=f"{report.category_name}, {report.get_state_display().lower()}"[:300],
        url=report.get_absolute_url(),
        moment=report.received_at,
        texts=[report.text, report.place, report.answer, *([] if report.hides_name else [report.sender_name])],
        whole=[report.code, *([] if report.hides_name else [report.sender_phone])],
    )


def _rows() -> QuerySet[Report]:
    return Report.objects.filter(is_confidential=False).exclude(state=moves.State.UNCONFIRMED)


FEED = Feed("feedback.Report", "Phản ánh, kiến nghị", _rows, item_of, (PERMISSION,))
