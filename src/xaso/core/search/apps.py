"""Declares core's own things to find once the tables are known."""

import importlib

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "xaso.core.search"
    label = "search"

    def ready(self) -> None:
        importlib.import_module("xaso.core.search.handlers")
