"""`xaso manage …`: Django's own commands."""

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    execute_from_command_line(["xaso manage", *arguments])
    return 0
