from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "xaso.modules.targets"
    label = "targets"
