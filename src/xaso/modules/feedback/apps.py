from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "xaso.modules.feedback"
    label = "feedback"
