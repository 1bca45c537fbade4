"""`xaso connections`: what is held open (speakers, SMS, live sound), where `xaso up` does not run. On one machine only:
each of them is there once."""

import importlib

from xaso.command.ready import start_django
from xaso.command.words import Stop, say


def run(arguments: list[str]) -> int:
    del arguments
    start_django()
    importlib.import_module("xaso.command.preparing").require_tables()
    serving = importlib.import_module("xaso.command.serving")
    supervisor = importlib.import_module("xaso.command.supervisor").Supervisor()
    serving.add_services(supervisor)
    if not supervisor.children:
        raise Stop("Chưa có kết nối nào được cấu hình (loa, tin nhắn, phát trực tiếp), nên không có gì để chạy.")
    titles = ", ".join(child.title for child in supervisor.children)
    return supervisor.run(lambda: say(f"Đang giữ kết nối: {titles}. Nhấn Ctrl-C để dừng."))
