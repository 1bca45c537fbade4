"""`xaso web`: the web part alone, for more than one machine."""

import importlib
import os

from xaso.command import options, state
from xaso.command.ready import start_django
from xaso.command.up import address, open_port
from xaso.command.words import say


def run(arguments: list[str]) -> int:
    chosen = options.serving("web", arguments)
    memory = state.State(state.data_dir())
    bound = open_port(chosen)
    os.environ["XASO_STATIC_COLLECTED"] = "1"
    os.environ.setdefault("XASO_PUBLIC_URL", address(chosen))
    start_django()
    preparing = importlib.import_module("xaso.command.preparing")
    preparing.require_tables()
    preparing.collect_static(memory)
    serving = importlib.import_module("xaso.command.serving")
    supervisor = importlib.import_module("xaso.command.supervisor").Supervisor()
    serving.add_web(supervisor, bound, chosen.web)
    return supervisor.run(lambda: say(f"Phần web đang chạy tại {address(chosen)}. Nhấn Ctrl-C để dừng."))
