from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "xaso.modules.papers"
    label = "papers"
