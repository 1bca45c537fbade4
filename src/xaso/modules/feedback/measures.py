"""What reports of residents give to indicators: by the month they came in (QĐ 766, group of satisfaction)."""

from django.db.models import Q

from xaso.core.measures.declaring import Family, Measure, declare
from xaso.modules.feedback.models import Report

UNIT = "phản ánh"
ANSWERED = Q(state__in=["answered", "closed"])

declare(
    Family(
        "feedback",
        "feedback.Report",
        "received_at",
        "feedback.view",
        (
            Measure("feedback.received", "Phản ánh, kiến nghị đã nhận", UNIT),
            Measure("feedback.triaged_on_time", "Phân loại đúng hạn", UNIT, where=Q(triaged_on_time=True)),
            Measure("feedback.answered", "Đã trả lời", UNIT, where=ANSWERED),
            Measure("feedback.on_time", "Trả lời đúng hạn", UNIT, where=ANSWERED & Q(on_time=True)),
            Measure("feedback.late", "Trả lời quá hạn", UNIT, where=ANSWERED & Q(on_time=False)),
            Measure("feedback.refused", "Không tiếp nhận", UNIT, where=Q(state="refused")),
            Measure("feedback.published", "Đang công khai", UNIT, where=Q(shown=Report.Shown.PUBLIC)),
            Measure("feedback.rated", "Được người dân đánh giá", "lượt", where=Q(satisfaction__isnull=False)),
            Measure("feedback.satisfied", "Người dân hài lòng", "lượt", where=Q(satisfaction=3)),
        ),
        ~Q(state__in=["unconfirmed", "duplicate"]),
    )
)
