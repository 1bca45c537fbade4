from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "xaso.modules.notifications"
    label = "notifications"
