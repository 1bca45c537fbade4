"""Import a public list of procedures: `manage.py import_procedures FILE.jsonl`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xaso.core.access import SYSTEM
from xaso.kit.errors import Refused
from xaso.modules.procedures.actions import ContentError, import_procedures


class Command(BaseCommand):
    help = "Nhập danh mục thủ tục từ tệp JSONL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            report = import_procedures(SYSTEM, options["file"])
        except Refused as error:
            raise CommandError(error.message) from error
        except ContentError as error:
            raise CommandError("\n".join(error.problems)) from error
        for line in report.lines():
            self.stdout.write(line)
