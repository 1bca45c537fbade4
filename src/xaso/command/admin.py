"""`xaso admin`: the first administrator of a unit; further officers are opened on the desk by this one."""

from xaso.command.options import Options
from xaso.command.preparing import require_tables
from xaso.command.words import Stop, say
from xaso.core.access import SYSTEM
from xaso.core.accounts.actions import open_officer
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock
from xaso.kit.errors import Refused


def run(arguments: list[str]) -> int:
    options = Options("admin")
    options.add_argument("unit")
    options.add_argument("username")
    options.add_argument("full_name")
    chosen = options.parse_args(arguments)
    require_tables()
    try:
        unit = unit_by_code(chosen.unit, clock.today())
        account, password = open_officer(
            SYSTEM, unit, chosen.username, chosen.full_name, role="unit_admin", valid_from=clock.today()
        )
    except Refused as refusal:
        raise Stop(refusal.message) from refusal
    say(f"✓ Quản trị của {unit}: tên đăng nhập {account.username}, mật khẩu {password}")
    say("  Mật khẩu chỉ hiện một lần. Lần đăng nhập đầu sẽ yêu cầu xác thực hai bước.")
    return 0
