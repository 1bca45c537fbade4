"""File everything that can be found anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xaso.core.search.refilling import refill


class Command(BaseCommand):
    help = "Lập lại chỉ mục tìm kiếm từ dữ liệu gốc. Ngắt giữa chừng thì lần sau chạy tiếp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="Làm lại từ đầu, kể cả phần đã xong.")

    def handle(self, **options: Any) -> None:
        total = refill(anew=options["anew"], told=self._tell)
        self.stdout.write(f"Đã xem {total} mục; chỉ mục tìm kiếm đầy đủ.")

    def _tell(self, title: str, seen: int) -> None:
        self.stdout.write(f"  {title}: {seen}")
