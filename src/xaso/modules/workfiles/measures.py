"""What work files give to indicators: closed in the month, and how many of them were wholly online."""

from django.db.models import Q

from xaso.core.measures.declaring import Family, Measure, declare

UNIT = "hồ sơ công việc"

declare(
    Family(
        "workfiles",
        "workfiles.WorkFile",
        "closed_at",
        "workfiles.view",
        (
            Measure("workfiles.closed", "Hồ sơ công việc đã đóng", UNIT),
            Measure("workfiles.closed_online", "Xử lý hoàn toàn trên môi trường mạng", UNIT, where=Q(is_online=True)),
        ),
    )
)
