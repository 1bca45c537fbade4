"""`xaso bench NAME`: runs `bench/NAME.py` of the checkout as a program, with the arguments that follow."""

import os
import subprocess
import sys

from xaso.command import state
from xaso.command.words import Stop, say


def run(arguments: list[str]) -> int:
    folder = state.CHECKOUT / "bench"
    if not state.is_checkout():
        raise Stop("Đo tốc độ cần mã nguồn. Hãy tải mã nguồn về rồi chạy ./xaso bench ở đó.")
    names = sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))
    if not arguments or arguments[0] not in names:
        say(f"Các kịch bản: {', '.join(names) or 'chưa có'}.")
        return 0 if not arguments else 2
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(state.CHECKOUT / "src"), str(state.CHECKOUT)])}
    command = [sys.executable, str(folder / f"{arguments[0]}.py"), *arguments[1:]]
    return subprocess.run(command, cwd=state.CHECKOUT, env=surroundings, check=False).returncode
