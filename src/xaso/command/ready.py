"""Makes Django ready, once the environment is set."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

from xaso.command.state import State, data_dir
from xaso.command.words import Stop


def remember() -> None:
    """Every command sees the data as `up` runs it: with its demonstration province or without."""
    os.environ.setdefault("XASO_DEMO", "1" if State(data_dir()).get("demo") else "")


def start_django() -> None:
    """A wrong setting ends the command with its own sentence instead of a traceback."""
    remember()
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Stop(str(error)) from error
