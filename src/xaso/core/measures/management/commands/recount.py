"""Count every cell from nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from xaso.core.measures.counting import rebuild_all
from xaso.core.measures.models import Cell


class Command(BaseCommand):
    help = "Đếm lại mọi ô số liệu từ dữ liệu gốc."

    def handle(self, **options: Any) -> None:
        del options
        rebuild_all()
        self.stdout.write(f"Đã đếm lại {Cell.objects.count()} ô số liệu.")
