"""Verbs of news."""

from xaso.modules.news.actions.publishing import publish_article, set_picture, withdraw_article

__all__ = ["publish_article", "set_picture", "withdraw_article"]
