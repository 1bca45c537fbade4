"""Try stuck deliveries again, after a person mended the cause."""

from typing import Any

from django.core.management.base import BaseCommand

from xaso.core.outbox.actions import retry_stuck


class Command(BaseCommand):
    help = "Cho các việc nền bị kẹt chạy lại từ đầu."

    def handle(self, **options: Any) -> None:
        del options
        self.stdout.write(f"Đã cho chạy lại {retry_stuck()} việc.")
