from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "xaso.modules.sms"
    label = "sms"
