"""A whole certificate world for tests: `pki` issues, revokes, stamps and answers on one loopback port.

The file is loaded by every test run, so whatever is slow to import stays in `authority.py`, loaded when first asked.
"""

import importlib

import pytest


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    authority = importlib.import_module("xaso.modules.trust.tests.authority")
    world = authority.World(tmp_path_factory.mktemp("pki"))
    yield world
    world.stop()
