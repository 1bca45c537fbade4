from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "xaso.modules.push"
    label = "push"
