"""The fixed cast and the databases of every test.

lan and nam are residents. In commune Ngũ Kiên minh receives, an handles, thu heads the office, hoa signs, van is the
clerk, dung takes money, kien keeps the catalogue, quan administers, phuc broadcasts, truc is on duty for emergencies
and bay heads the village Đồng Mới. tam receives in another commune and may see nothing of Ngũ Kiên. mai is Ngũ Kiên's
focal official for digital transformation, oanh the other commune's. son watches for the province, binh appraises there
and cuong sits in the council.
"""

import os

import pytest
from django.core.cache import cache
from django.db import connection

from xaso.command import tables

os.environ.setdefault("XASO_SQLITE_SYNCHRONOUS", "OFF")


DATABASE = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--with-database", action="store_true",
        help="only tests that open the database: the others see the same on every one",
    )  # fmt: skip


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--with-database"):
        return
    dropped = [item for item in items if not _opens_the_database(item)]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if _opens_the_database(item)]


def _opens_the_database(item):
    return bool(item.get_closest_marker("django_db") or DATABASE.intersection(item.fixturenames))


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):  # noqa: ARG001 - as it is without us
    """Tables made from the models: a hundredth of the time; `test_tables.py` shows that they are the migrations'."""
    connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):  # noqa: ARG001 - its own set-up comes first
    """A thread or server of a test may still hold a connection: PostgreSQL would then not drop the test database."""
    with django_db_blocker.unblock():
        tables.complete()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


pytest_plugins = [
    "xaso.core.accounts.tests.cast",
    "xaso.modules.procedures.tests.catalogue",
    "xaso.modules.trust.tests.pki",
]
