"""Loads every module's manifest once Django is ready."""

from django.apps import AppConfig

from xaso.config.modules import MODULES
from xaso.kit.module import load_modules


class XasoConfig(AppConfig):
    name = "xaso.config"
    label = "xaso_config"

    def ready(self) -> None:
        load_modules(MODULES)
