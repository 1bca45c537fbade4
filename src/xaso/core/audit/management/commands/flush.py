"""Django's `flush`, able to empty the locked tables: whoever empties the whole database has been asked first."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from xaso.core.audit import kept, lock


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        locked = lock.is_installed(connection)
        if locked:
            lock.remove(connection)
        try:
            with kept.lifted(connection):
                super().handle(**options)
        finally:
            if locked:
                lock.install(connection)
