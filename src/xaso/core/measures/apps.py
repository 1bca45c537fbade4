"""Declares core's own measures once the tables are known."""

import importlib

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "xaso.core.measures"
    label = "measures"

    def ready(self) -> None:
        importlib.import_module("xaso.core.measures.own")
