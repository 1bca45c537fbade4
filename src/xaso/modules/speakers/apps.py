from django.apps import AppConfig


class SpeakersConfig(AppConfig):
    name = "xaso.modules.speakers"
    label = "speakers"
