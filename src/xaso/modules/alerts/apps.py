from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "xaso.modules.alerts"
    label = "alerts"
