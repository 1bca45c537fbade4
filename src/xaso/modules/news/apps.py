from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "xaso.modules.news"
    label = "news"
