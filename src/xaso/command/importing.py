"""`xaso import KIND FILE`: each kind is the Django command `import_<kind>` of the module that owns it."""

from pathlib import Path

from django.core.management import call_command, get_commands
from django.core.management.base import CommandError

from xaso.command.words import Stop


def run(arguments: list[str]) -> int:
    if len(arguments) < 2:
        raise Stop("Hãy ghi loại và tệp, ví dụ: xaso import procedures danh-muc.csv", code=2)
    kind, file, *rest = arguments
    name = f"import_{kind}"
    if name not in get_commands():
        kinds = ", ".join(
            sorted(known.removeprefix("import_") for known in get_commands() if known.startswith("import_"))
        )
        raise Stop(f"Chưa nhập được loại “{kind}”. Các loại có: {kinds or 'chưa có'}.", code=2)
    if not Path(file).is_file():
        raise Stop(f"Không thấy tệp {file}. Hãy kiểm tra lại đường dẫn.", code=2)
    try:
        call_command(name, file, *rest)
    except CommandError as error:
        raise Stop(str(error)) from error
    return 0
