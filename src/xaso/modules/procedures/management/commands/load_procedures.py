"""Load the declared procedures: `manage.py load_procedures`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xaso.core.access import SYSTEM
from xaso.modules.procedures.actions import ContentError, load_procedures


class Command(BaseCommand):
    help = "Nạp danh mục thủ tục từ các thư mục nội dung."

    def handle(self, *args: Any, **options: Any) -> None:
        del args, options
        try:
            report = load_procedures(SYSTEM)
        except ContentError as error:
            raise CommandError("\n".join(error.problems)) from error
        self.stdout.write(
            f"Mới {len(report.new)}, thay đổi {len(report.changed)}, không đổi {report.unchanged}, "
            f"cần xem lại {len(report.waiting)}."
        )
