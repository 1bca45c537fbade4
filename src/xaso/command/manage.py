"""`xaso manage …`: Django's own commands."""

from django.core.management import execute_from_command_line

from xaso.command.ready import remember


def run(arguments: list[str]) -> int:
    remember()
    execute_from_command_line(["xaso manage", *arguments])
    return 0
