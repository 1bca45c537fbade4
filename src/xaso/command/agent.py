"""`xaso agent`: the signing program of an officer's own PC, between the token in it and the page in its browser."""

import getpass
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from xaso.command.options import Options
from xaso.command.words import Stop, say
from xaso.modules.signing.agent.judging import Job
from xaso.modules.signing.agent.pairing import Pairing
from xaso.modules.signing.agent.serving import Agent
from xaso.modules.signing.agent.tokens import Held, Tokens
from xaso.modules.signing.agent.trouble import Trouble

PORT = 14987
ORIGINS = ("http://localhost:8000", "http://127.0.0.1:8000")


class Ended(BaseException):
    """SIGTERM: ends a prompt that waits as well."""


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """The person at this machine, asked in the window the program runs in; tests answer beforehand."""

    pin_file: Path | None
    always: bool

    def agrees(self, job: Job, held: Held, origin: str) -> bool:
        say(f"\nYêu cầu ký từ {origin}\n  Văn bản:  {job.document}\n  Chứng thư: {held.holder} ({held.label})")
        say(f"  Mã yêu cầu: {job.uuid[:8]}")
        if self.always:
            return True
        return input("Ký văn bản này? Gõ “co” rồi Enter để ký, Enter để từ chối: ").strip().lower() in {"co", "có"}

    def pin(self, held: Held) -> str:
        if self.pin_file is not None:
            return self.pin_file.read_text(encoding="utf-8").strip()
        return getpass.getpass(f"Mã PIN của thiết bị {held.label} (không hiện khi gõ): ")

    def told(self, line: str) -> None:
        say(line)


def run(arguments: list[str]) -> int:
    options = Options("agent")
    options.add_argument("--library", default=os.environ.get("XASO_AGENT_LIBRARY", ""))
    options.add_argument("--origin", action="append", default=[])
    options.add_argument("--port", type=int, default=PORT)
    options.add_argument("--home", type=Path, default=_home())
    options.add_argument("--pin-file", type=Path)
    options.add_argument("--yes", action="store_true")
    chosen = options.parse_args(arguments)
    if not chosen.library:
        raise Stop("Hãy cho biết thư viện của thiết bị ký: --library TỆP (hoặc XASO_AGENT_LIBRARY).", code=2)
    if not 0 <= chosen.port < 65536:
        raise Stop("Cổng phải từ 0 đến 65535.", code=2)
    if chosen.pin_file is not None and not chosen.pin_file.is_file():
        raise Stop(f"Không thấy tệp mã PIN {chosen.pin_file}.", code=2)
    origins = {_origin(given) for given in chosen.origin or ORIGINS}
    try:
        tokens = Tokens(Path(chosen.library))
    except Trouble as trouble:
        raise Stop(trouble.sentence) from trouble
    pairing = Pairing(chosen.home)
    return _serve(Agent(tokens, pairing, AtTerminal(chosen.pin_file, chosen.yes), origins), chosen.port, origins)


def _serve(agent: Agent, port: int, origins: set[str]) -> int:
    signal.signal(signal.SIGTERM, _end)
    try:
        port = agent.listen(port)
    except OSError as error:
        raise Stop(
            f"Cổng {port} đang bận: có lẽ trình ký đã chạy. Hãy dùng cửa sổ đang mở, hoặc tắt nó trước."
        ) from error
    try:
        say(f"Trình ký đang chạy ở ws://127.0.0.1:{port} cho {', '.join(sorted(origins))}. Nhấn Ctrl-C để dừng.")
        code = agent.pairing.code
        say(f"Mã ghép nối: {code[:4]} {code[4:]}  (nhập một lần trên trang ký; không đọc cho người khác)")
        agent.work()
    except (Ended, KeyboardInterrupt):
        say("\nTrình ký đã dừng.")
    finally:
        agent.stop()
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Ended


def _home() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "xaso-agent"


def _origin(given: str) -> str:
    """An address as a browser writes it in `Origin`: scheme, host and a port that is not the usual one."""
    parts = urlsplit(given.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise Stop(f"Địa chỉ {given} không đúng mẫu https://tên-máy[:cổng].", code=2)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"
