from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "xaso.core.units"
    label = "units"
