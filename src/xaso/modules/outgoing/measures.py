"""What outgoing documents give to indicators, by the month of issue. Secret ones are not counted: they are stubs."""

from django.db.models import Q

from xaso.core.measures.declaring import Family, Measure, declare

declare(
    Family(
        "outgoing.documents",
        "outgoing.Document",
        "issued_at",
        "outgoing.view",
        (
            Measure("outgoing.issued", "Văn bản đi đã phát hành", "văn bản"),
            Measure(
                "outgoing.issued_on_time",
                "Văn bản đi phát hành trong ngày ký hoặc ngày làm việc tiếp theo",
                "văn bản",
                where=Q(is_on_time=True),
            ),
            Measure(
                "outgoing.issued_electronic",
                "Văn bản đi gửi trên môi trường mạng",
                "văn bản",
                where=Q(is_electronic=True),
            ),
            Measure(
                "outgoing.issued_signed",
                "Văn bản đi có đủ chữ ký số của người ký và của cơ quan",
                "văn bản",
                where=Q(is_person_signed=True, is_agency_signed=True),
            ),
        ),
        base=Q(level=""),
    )
)
