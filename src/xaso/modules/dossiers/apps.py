from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "xaso.modules.dossiers"
    label = "dossiers"
