from django.apps import AppConfig


class QueueingConfig(AppConfig):
    name = "xaso.modules.queueing"
    label = "queueing"
