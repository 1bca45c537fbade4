from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "xaso.core.deadlines"
    label = "deadlines"
