from django.apps import AppConfig


class WorkfilesConfig(AppConfig):
    name = "xaso.modules.workfiles"
    label = "workfiles"
