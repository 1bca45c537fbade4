from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "xaso.modules.overview"
    label = "overview"
