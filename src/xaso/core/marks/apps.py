from django.apps import AppConfig


class MarksConfig(AppConfig):
    name = "xaso.core.marks"
    label = "marks"
