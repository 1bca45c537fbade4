"""How an article is found in the search over everything. Officers find drafts; what is public has its own pages."""

from django.urls import reverse

from xaso.core.search.feeds import Feed, Item
from xaso.modules.news.models import Article
from xaso.modules.news.rules import markup


def item_of(article: Article) -> Item:
    return Item(
        thing=article,
        permission="news.view",
        unit_path=article.unit_path,
        title=article.title,
        line=f"{article.get_category_display()} – {article.get_state_display()}",
        url=reverse("desk-news:show", args=[article.uuid]),
        moment=article.published_at or article.written_at,
        texts=[article.lead, markup.plain_text(article.text)],
    )


FEED = Feed("news.Article", "Tin bài", Article.objects.all, item_of, permissions=("news.view",))
