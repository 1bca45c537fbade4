from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "xaso.modules.bulletins"
    label = "bulletins"
