from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "xaso.modules.packs"
    label = "packs"
