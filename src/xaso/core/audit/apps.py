from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "xaso.core.audit"
    label = "audit"
