"""`xaso demo`: load the demonstration province, or more dossiers into it."""

import importlib
import os

from xaso.command import state
from xaso.command.options import Options
from xaso.command.ready import start_django
from xaso.command.words import Stop, say, stage


def run(arguments: list[str]) -> int:
    options = Options("demo")
    options.add_argument("--dossiers", type=int, default=None)
    chosen = options.parse_args(arguments)
    if chosen.dossiers is not None and chosen.dossiers < 1:
        raise Stop("Số hồ sơ minh hoạ phải từ 1 trở lên.", code=2)
    memory = state.State(state.data_dir())
    if memory.get("demo") is False:
        raise Stop("Dữ liệu này được tạo để dùng thật (--no-demo). Không nạp dữ liệu minh hoạ vào đây.")
    os.environ["XASO_DEMO"] = "1"
    start_django()
    preparing = importlib.import_module("xaso.command.preparing")
    preparing.require_tables()
    part = preparing.demo_part()
    if part is None:
        raise Stop("Bản cài này không kèm dữ liệu minh hoạ.")
    with stage("Nạp tỉnh minh hoạ" if chosen.dossiers is None else f"Nạp {chosen.dossiers} hồ sơ minh hoạ"):
        part.load_demo(dossiers=chosen.dossiers)
    for line in part.sign_ins():
        say(f"  {line}")
    return 0
