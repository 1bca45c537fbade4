from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "xaso.core.files"
    label = "files"
