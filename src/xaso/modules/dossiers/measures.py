"""What dossiers give to indicators: dossiers by the month they were accepted in (QĐ 766, formulas in its annex)."""

from django.db.models import Aggregate, Count, Exists, OuterRef, Q

from xaso.core.measures.declaring import Family, Measure, declare
from xaso.kit import clock
from xaso.modules.dossiers.figures import FIGURES, PERIOD
from xaso.modules.dossiers.models import SubmittedPaper

UNIT = "hồ sơ"
ONLINE = Q(channel="online")


def _reused() -> Q:
    papers = SubmittedPaper.objects.filter(dossier=OuterRef("pk"))
    return Q(Exists(papers.filter(Q(is_reused=True) | Q(from_data=True))))


def _procedures(where: Q | None) -> Aggregate:
    return Count("procedure", distinct=True, filter=where)


OF_PERIOD = tuple(
    Measure(f"dossiers.{one.key}", one.label, UNIT, where=one.where(clock.now()) or None)
    for one in FIGURES.values()
    if one.basis == PERIOD
)

declare(
    Family(
        "dossiers",
        "dossiers.Dossier",
        "accepted_at",
        "dossiers.view",
        (
            *OF_PERIOD,
            Measure("dossiers.online", "Tiếp nhận trực tuyến", UNIT, where=ONLINE),
            Measure("dossiers.online_done", "Nộp trực tuyến, đã có kết quả", UNIT, where=ONLINE & Q(state__in=[9, 10])),
            Measure(
                "dossiers.online_full",
                "Nộp trực tuyến, trả kết quả điện tử",
                UNIT,
                where=ONLINE & Q(state__in=[9, 10], result__file__isnull=False),
            ),
            Measure("dossiers.reused", "Dùng lại giấy tờ, dữ liệu đã có", UNIT, where=_reused()),
            Measure("dossiers.rated", "Được người dân đánh giá", "lượt", where=Q(rating__isnull=False)),
            Measure("dossiers.satisfied", "Người dân hài lòng", "lượt", where=Q(rating=3)),
            Measure("dossiers.complained", "Người dân chưa hài lòng", "lượt", where=Q(rating=1)),
            Measure("dossiers.apologised", "Đã xin lỗi vì trễ hạn", UNIT, where=Q(apologised_at__isnull=False)),
            Measure("dossiers.procedures", "Thủ tục có hồ sơ", "thủ tục", amount=_procedures, adds_up=False),
            Measure(
                "dossiers.procedures_online",
                "Thủ tục có hồ sơ trực tuyến",
                "thủ tục",
                where=ONLINE,
                amount=_procedures,
                adds_up=False,
            ),
        ),
    )
)
