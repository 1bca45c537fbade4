from django.apps import AppConfig


class LayoutsConfig(AppConfig):
    name = "xaso.modules.layouts"
    label = "layouts"
