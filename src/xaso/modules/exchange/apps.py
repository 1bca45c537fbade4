from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "xaso.modules.exchange"
    label = "exchange"
