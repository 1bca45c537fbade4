from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "xaso.core.accounts"
    label = "accounts"
