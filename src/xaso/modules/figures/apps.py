from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "xaso.modules.figures"
    label = "figures"
