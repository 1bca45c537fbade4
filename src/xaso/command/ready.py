"""Makes Django ready, once the environment is set."""

import django
from django.core.exceptions import ImproperlyConfigured

from xaso.command.words import Stop


def start_django() -> None:
    """A wrong setting ends the command with its own sentence instead of a traceback."""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Stop(str(error)) from error
