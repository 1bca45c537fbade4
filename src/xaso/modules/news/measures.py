"""What news gives to indicators: articles by the month they were published in."""

from django.db.models import Q

from xaso.core.measures.declaring import Family, Measure, declare

PUBLISHED = Q(state="published")
declare(
    Family(
        "news.articles",
        "news.Article",
        "published_at",
        "news.view",
        (
            Measure("news.items", "Tin bài đã đăng", "bài", where=PUBLISHED),
            Measure(
                "news.legal_items", "Bài tuyên truyền pháp luật đã đăng", "bài", where=PUBLISHED & Q(category="legal")
            ),
        ),
    )
)
