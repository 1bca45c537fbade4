from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "xaso.modules.payments"
    label = "payments"
