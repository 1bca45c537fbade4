from django.apps import AppConfig


class OutgoingConfig(AppConfig):
    name = "xaso.modules.outgoing"
    label = "outgoing"
