from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "xaso.modules.audiences"
    label = "audiences"
