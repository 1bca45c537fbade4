from django.apps import AppConfig


class IncomingConfig(AppConfig):
    name = "xaso.modules.incoming"
    label = "incoming"
