"""`xaso worker`: the background part alone; any number may run, on any number of machines."""

import importlib

from xaso.command.ready import start_django
from xaso.command.words import say


def run(arguments: list[str]) -> int:
    del arguments
    start_django()
    importlib.import_module("xaso.command.preparing").require_tables()
    serving = importlib.import_module("xaso.command.serving")
    supervisor = importlib.import_module("xaso.command.supervisor").Supervisor()
    serving.add_worker(supervisor)
    return supervisor.run(lambda: say("Phần việc nền đang chạy. Nhấn Ctrl-C để dừng."))
