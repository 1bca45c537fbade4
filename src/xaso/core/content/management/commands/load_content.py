"""`manage load_content`: read `content/` into the database. Idempotent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xaso.core.content.actions import load_content


class Command(BaseCommand):
    help = "Read content/ into the database; a wrong file is named with its line."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load_content(self.stdout.write)
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
