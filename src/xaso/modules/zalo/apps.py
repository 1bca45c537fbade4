from django.apps import AppConfig


class ZaloConfig(AppConfig):
    name = "xaso.modules.zalo"
    label = "zalo"
