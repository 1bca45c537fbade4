from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "xaso.modules.trust"
    label = "trust"
