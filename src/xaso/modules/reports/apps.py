from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "xaso.modules.reports"
    label = "reports"
