"""What news announces."""

from xaso.kit.events import event


@event
class ArticlePictureGiven:
    """An article came with a picture that is not cleaned and sized yet."""

    article: str
    file: str
