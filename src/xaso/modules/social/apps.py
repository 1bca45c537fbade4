from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "xaso.modules.social"
    label = "social"
