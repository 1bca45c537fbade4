"""The command `xaso`: everything a person types. `./xaso` in a checkout and `pip install .` give the same.

Each command is a module here with `run(arguments) -> exit code`. It is imported after the environment is set and,
where it needs the database, after Django is ready: that is why the table below holds names.
"""

import importlib
import os
import sys
from dataclasses import dataclass

from xaso.command.ready import start_django
from xaso.command.words import Stop, complain, say


@dataclass(frozen=True, slots=True)
class Command:
    module: str
    usage: str
    help: str
    needs_django: bool = True


COMMANDS = {
    "up": Command(
        "up",
        "up [--port N] [--host A] [--web N] [--no-demo]",
        "Chạy XãSố. Lần đầu tự tạo dữ liệu và tỉnh minh hoạ; Ctrl-C để dừng.",
        needs_django=False,
    ),
    "doctor": Command("doctor", "doctor [--port N]", "Khám máy và dữ liệu, nói chỗ nào hỏng và cách sửa."),
    "verify": Command("verify", "verify", "Kiểm tra chuỗi nhật ký và mã kiểm của từng tệp."),
    "reindex": Command(
        "reindex", "reindex [--anew]", "Lập chỉ mục tìm kiếm cho những gì chưa có; ngắt thì lần sau chạy tiếp."
    ),
    "demo": Command("demo", "demo [--dossiers N]", "Nạp tỉnh minh hoạ, hoặc nạp thêm N hồ sơ minh hoạ.", False),
    "admin": Command("admin", "admin MÃ-ĐƠN-VỊ TÊN-ĐĂNG-NHẬP HỌ-TÊN", "Mở tài khoản quản trị đầu tiên của một đơn vị."),
    "import": Command("importing", "import procedures TỆP", "Nhập danh mục thủ tục từ tệp."),
    "figures": Command(
        "figures",
        "figures --unit MÃ --period KỲ [--set dti|766|ntm|articles] [--json]",
        "In số liệu của một đơn vị và kỳ, hoặc điểm theo một bộ chỉ số.",
    ),
    "openapi": Command("openapi", "openapi", "In tài liệu API (OpenAPI, JSON)."),
    "agent": Command(
        "agent",
        "agent --library TỆP [--origin ĐỊA-CHỈ]",
        "Trình ký trên máy của cán bộ: nối USB token với trang ký. Ctrl-C để dừng.",
        needs_django=False,
    ),
    "speaker": Command(
        "speaker",
        "speaker --key TỆP [--headless THƯ-MỤC] [--player LỆNH] [--relay-on LỆNH --relay-off LỆNH]",
        "Biến máy này thành một loa truyền thanh (cần card âm thanh). Ctrl-C để dừng.",
        needs_django=False,
    ),
    "broker": Command(
        "broker",
        "broker THƯ-MỤC [--listen MÁY:CỔNG] [--cert TỆP --cert-key TỆP]",
        "Ghi cấu hình, mật khẩu và quyền của các loa cho Mosquitto.",
    ),
    "web": Command("web", "web [--port N] [--host A] [--web N]", "Chỉ chạy phần web (khi dùng nhiều máy).", False),
    "worker": Command("worker", "worker", "Chỉ chạy phần việc nền (khi dùng nhiều máy).", False),
    "connections": Command(
        "connections", "connections", "Chỉ giữ các kết nối: loa, tin nhắn, phát trực tiếp (trên một máy).", False
    ),
    "test": Command("suite", "test [tham số của pytest]", "Chạy toàn bộ kiểm thử, trên SQLite và PostgreSQL.", False),
    "bench": Command("bench", "bench TÊN", "Đo tốc độ theo một kịch bản trong bench/.", False),
    "manage": Command("manage", "manage …", "Lệnh của Django.", False),
    "help": Command("help", "help", "In trang này.", False),
}


def main(argv: list[str] | None = None) -> int:
    """The entry point. Returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    try:
        name, rest = _split(arguments)
        return perform(name, rest)
    except Stop as stop:
        complain(stop.message)
        return stop.code
    except KeyboardInterrupt:
        return 130


def _split(arguments: list[str]) -> tuple[str, list[str]]:
    """The command's name and its own arguments; `--data DIR` may stand anywhere before or after the name."""
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--data":
            os.environ["XASO_DATA"] = next(waiting, "") or _missing_folder()
        elif argument.startswith("--data="):
            os.environ["XASO_DATA"] = argument.partition("=")[2] or _missing_folder()
        else:
            rest.append(argument)
    if not rest or rest[0] in {"-h", "--help"}:
        return "help", []
    return rest[0], rest[1:]


def _missing_folder() -> str:
    raise Stop("--data cần tên một thư mục, ví dụ: --data /srv/xaso", code=2)


def perform(name: str, rest: list[str]) -> int:
    command = COMMANDS.get(name)
    if command is None:
        raise Stop(f"Không có lệnh “{name}”. Gõ “xaso help” để xem các lệnh.", code=2)
    if rest[:1] in (["-h"], ["--help"]) and name not in {"manage", "test"}:
        say(f"xaso {command.usage}\n  {command.help}")
        return 0
    if command.needs_django:
        start_django()
    return importlib.import_module(f"xaso.command.{command.module}").run(rest) or 0
