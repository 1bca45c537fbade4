from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "xaso.core.content"
    label = "content"
