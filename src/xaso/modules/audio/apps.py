from django.apps import AppConfig


class AudioConfig(AppConfig):
    name = "xaso.modules.audio"
    label = "audio"
