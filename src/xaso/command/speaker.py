"""`xaso speaker`: a Linux box with a sound card as a loudspeaker of the commune. Needs no database and no Django."""

import os
import resource
import shlex
import signal
from pathlib import Path
from typing import Any

from xaso.command.options import Options
from xaso.command.words import Stop, complain, say
from xaso.modules.speakers.device.host import Host, Ways
from xaso.modules.speakers.device.piped import APLAY
from xaso.modules.speakers.device.settings import BadFile, Settings, read


def run(arguments: list[str]) -> int:
    chosen = _options(arguments)
    path = chosen.many or chosen.key
    if path is None:
        raise Stop(
            "Hãy cho biết tệp khoá của loa: --key TỆP (tải ở trang của loa, chép vào máy rồi chmod 600).", code=2
        )
    try:
        devices = read(path)
    except BadFile as error:
        raise Stop(str(error)) from error
    if chosen.many is None and len(devices) != 1:
        raise Stop("Tệp khoá này có nhiều loa: dùng --many TỆP.", code=2)
    ways = _ways(chosen)
    _greet(devices, ways)
    play(devices, ways)
    return 0


def play(devices: list[Settings], ways: Ways) -> None:
    """Until SIGTERM or Ctrl-C."""
    _more_descriptors(len(devices))
    host = Host(devices, ways, complain)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: host.stop())
    host.run()


def _options(arguments: list[str]) -> Any:
    options = Options("speaker")
    options.add_argument("--key", type=Path)
    options.add_argument("--many", type=Path)
    options.add_argument("--home", type=Path, default=_home())
    options.add_argument("--headless", type=Path)
    options.add_argument("--player", default="")
    options.add_argument("--relay-on", default="")
    options.add_argument("--relay-off", default="")
    options.add_argument("--disk", type=int, default=2048)
    options.add_argument("--speed", type=float, default=1.0)
    found = options.parse_args(arguments)
    if found.disk < 1 or found.speed <= 0:
        raise Stop("--disk (MB) và --speed phải lớn hơn 0.", code=2)
    if bool(found.relay_on) != bool(found.relay_off):
        raise Stop("--relay-on và --relay-off phải đi cùng nhau.", code=2)
    if found.speed != 1.0 and found.headless is None:
        raise Stop("--speed chỉ dùng để tập dượt với --headless.", code=2)
    return found


def _ways(chosen: Any) -> Ways:
    timeline = None
    if chosen.headless is not None:
        chosen.headless.mkdir(parents=True, exist_ok=True)
        timeline = chosen.headless / "timeline.jsonl"
    program = tuple(shlex.split(chosen.player)) or (APLAY if timeline is None else ())
    return Ways(
        chosen.home,
        program,
        timeline,
        tuple(shlex.split(chosen.relay_on)),
        tuple(shlex.split(chosen.relay_off)),
        chosen.disk * 1024**2,
        chosen.speed,
    )


def _home() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "xaso-speaker"


def _more_descriptors(devices: int) -> None:
    """A connection is three descriptors here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 200 + devices * 4
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def _greet(devices: list[Settings], ways: Ways) -> None:
    how = f"dòng thời gian ghi ở {ways.timeline}" if ways.timeline and not ways.program else " ".join(ways.program)
    who = devices[0].serial if len(devices) == 1 else f"{len(devices)} loa"
    say(f"Loa {who} đang chạy, dữ liệu ở {ways.folder}, {how}. Nhấn Ctrl-C để dừng.")
