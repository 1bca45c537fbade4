"""`xaso up`: from nothing to a running XãSố, in one process group."""

import importlib
import os
import time
from socket import socket
from typing import Any

from xaso.command import options, state, webserver
from xaso.command.ports import free_port
from xaso.command.ready import start_django
from xaso.command.words import Stop, decimal, say


def run(arguments: list[str]) -> int:
    chosen = options.serving("up", arguments, no_demo="no_demo", demo="demo")
    started = time.monotonic()
    folder = state.data_dir()
    kept = state.only_one(folder)
    memory = state.State(folder)
    demo = _demo(memory, chosen)
    bound = open_port(chosen)
    surroundings(chosen, demo=demo)
    say(f"XãSố · dữ liệu ở {folder}")
    start_django()
    preparing = importlib.import_module("xaso.command.preparing")
    preparing.prepare(memory, demo=demo)
    memory.keep(demo=demo)
    serving = importlib.import_module("xaso.command.serving")
    supervisor = importlib.import_module("xaso.command.supervisor").Supervisor()
    serving.add_web(supervisor, bound, chosen.web)
    serving.add_worker(supervisor)
    part = preparing.demo_part() if demo else None
    key = part.key_of_speakers(folder) if part else None
    serving.add_services(supervisor)
    if key is not None:
        serving.add_speakers(supervisor, key, folder)
    code = supervisor.run(lambda: _greet(chosen, part, started))
    os.close(kept)
    return code


def _demo(memory: state.State, chosen: Any) -> bool:
    """The choice of the first run holds until somebody says otherwise."""
    if chosen.no_demo:
        return False
    if chosen.demo:
        return True
    return memory.get("demo") is not False


def open_port(chosen: Any) -> socket:
    try:
        return webserver.bind(chosen.host, chosen.port)
    except PermissionError as error:
        raise Stop(
            f"Không được phép mở cổng {chosen.port}. Hãy chọn cổng từ 1024 trở lên, ví dụ --port 8000."
        ) from error
    except OSError as error:
        raise Stop(
            f"Cổng {chosen.port} ở {chosen.host} không mở được, thường vì chương trình khác đang dùng.\n"
            f"  Hãy chọn cổng khác, ví dụ: xaso up --port {min(chosen.port + 80, 65535)}"
        ) from error


def surroundings(chosen: Any, *, demo: bool) -> None:
    """What settings read from the environment, as this way of running decides it."""
    os.environ["XASO_DEMO"] = "1" if demo else ""
    os.environ["XASO_STATIC_COLLECTED"] = "1"
    if demo:
        # Two demonstrations, or a broker of somebody else's, may be on this machine.
        os.environ.setdefault("XASO_SPEAKERS_LISTEN", f"127.0.0.1:{free_port()}")
    os.environ.setdefault("XASO_PUBLIC_URL", address(chosen))


def address(chosen: Any) -> str:
    host = "localhost" if chosen.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else chosen.host  # noqa: S104
    return f"http://{host}:{chosen.port}"


def _greet(chosen: Any, part: Any, started: float) -> None:
    say(f"\nXãSố đang chạy tại  {address(chosen)}   (sau {decimal(time.monotonic() - started)} giây)")
    if part is not None:
        say("\nTài khoản minh hoạ (chỉ có trong dữ liệu minh hoạ):")
        for line in part.sign_ins():
            say(f"  {line}")
    say("\nNhấn Ctrl-C để dừng.")
