from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "xaso.modules.signing"
    label = "signing"
