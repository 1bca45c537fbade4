"""What happens after an article came with a picture."""

from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.files import queries as files
from xaso.kit.events import on
from xaso.modules.news import pictures
from xaso.modules.news.actions import set_picture
from xaso.modules.news.events import ArticlePictureGiven
from xaso.modules.news.models import Article


@on(ArticlePictureGiven, reaches_out=True)
def a_picture_was_given(fact: ArticlePictureGiven) -> None:
    """Slow, so without a transaction; told again it changes nothing."""
    article = Article.objects.filter(uuid=fact.article).first()
    if article is not None and not article.picture:
        set_picture(SYSTEM, article, sizes=pictures.of_stored(files.file(UUID(fact.file))))
