"""The fixed cast and the databases of every test.

lan and nam are residents. In commune Ngũ Kiên minh receives, an handles, thu heads the office, hoa signs, van is the
clerk, dung takes money, kien keeps the catalogue, quan administers. tam receives in another commune and may see
nothing of Ngũ Kiên. son watches for the province.
"""

import os

import pytest
from django.core.cache import cache

os.environ.setdefault("XASO_SQLITE_SYNCHRONOUS", "OFF")


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


pytest_plugins = ["xaso.core.accounts.tests.cast", "xaso.modules.procedures.tests.catalogue"]
