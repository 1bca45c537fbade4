from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "xaso.modules.procedures"
    label = "procedures"
