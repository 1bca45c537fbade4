from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "xaso.core.numbering"
    label = "numbering"
