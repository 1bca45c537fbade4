from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "xaso.core.outbox"
    label = "outbox"
