"""Reading options, with refusals in Vietnamese."""

import argparse
from typing import Any, NoReturn

from xaso.command.words import Stop


class Options(argparse.ArgumentParser):
    """argparse that explains itself in Vietnamese and has no surprises (no abbreviations)."""

    def __init__(self, command: str) -> None:
        super().__init__(prog=f"xaso {command}", add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise Stop(f"Lệnh “{self.prog}” không hiểu tham số ({message}). Gõ “{self.prog} --help”.", code=2)


def serving(command: str, arguments: list[str], **flags: str) -> Any:
    """Options shared by `up` and `web`."""
    options = Options(command)
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--web", type=int, default=0)
    for flag, destination in flags.items():
        options.add_argument(f"--{flag.replace('_', '-')}", dest=destination, action="store_true")
    found = options.parse_args(arguments)
    if not 0 < found.port < 65536 or found.web < 0:
        raise Stop("Cổng phải từ 1 đến 65535, số tiến trình web không được âm.", code=2)
    return found
