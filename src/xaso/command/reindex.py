"""`xaso reindex`: file what the search does not know yet, or everything anew."""

from django.core.management import call_command

from xaso.command.options import Options
from xaso.command.preparing import require_tables


def run(arguments: list[str]) -> int:
    options = Options("reindex")
    options.add_argument("--anew", action="store_true")
    chosen = options.parse_args(arguments)
    require_tables()
    call_command("reindex", anew=chosen.anew)
    return 0
