"""What incoming documents give to indicators: by the month they came in, and what is not done on a day."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from xaso.core.measures.declaring import Family, Measure, Stock, declare, declare_stock
from xaso.kit import clock
from xaso.modules.incoming.models import Document

UNIT = "văn bản"
# What was refused never was ours, and what is secret is no figure of a system on the Internet.
OURS = Q(secrecy="") & ~Q(state__in=["refused", "recalled"])
DONE = Q(state="done")

declare(
    Family(
        "incoming",
        "incoming.Document",
        "arrived_at",
        "incoming.view",
        (
            Measure("incoming.received", "Văn bản đến", UNIT),
            Measure("incoming.registered_on_time", "Vào sổ đúng hạn", UNIT, where=Q(registered_on_time=True)),
            Measure("incoming.electronic", "Văn bản đến điện tử", UNIT, where=Q(is_paper=False)),
            Measure("incoming.done", "Đã xử lý xong", UNIT, where=DONE),
            Measure("incoming.done_with_due", "Đã xử lý xong, có hạn", UNIT, where=DONE & Q(on_time__isnull=False)),
            Measure("incoming.done_on_time", "Đã xử lý xong đúng hạn", UNIT, where=DONE & Q(on_time=True)),
            Measure("incoming.answered", "Đã trả lời bằng văn bản", UNIT, where=DONE & Q(outcome="answered")),
        ),
        OURS,
    )
)


def _night_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.VIETNAM)


def kept_on(day: date) -> QuerySet[Document]:
    """Come by the end of that day: whoever keeps incoming documents here may have none left to handle."""
    return Document.objects.filter(arrived_at__lt=_night_of(day), secrecy="").order_by("-pk")


def backlog_on(day: date) -> QuerySet[Document]:
    """Come by the end of that day and not ended by then."""
    night = _night_of(day)
    return kept_on(day).filter(Q(ended_at=None) | Q(ended_at__gte=night))


def overdue_on(day: date) -> QuerySet[Document]:
    """Of those, past their deadline at the end of that day."""
    return backlog_on(day).filter(due_at__lt=_night_of(day))


VIEW, KEPT = "incoming.view", "incoming.kept"
declare_stock(Stock(Measure(KEPT, "Văn bản đến đã nhận", UNIT), kept_on, permission=VIEW))
for _key, _label, _rows in (
    ("incoming.backlog", "Văn bản đến chưa xử lý xong", backlog_on),
    ("incoming.overdue", "Văn bản đến quá hạn chưa xong", overdue_on),
):
    declare_stock(Stock(Measure(_key, _label, UNIT), _rows, permission=VIEW, within=KEPT))
