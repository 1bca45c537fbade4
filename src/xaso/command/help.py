"""`xaso help`."""

import xaso.command as table
from xaso.command.words import say


def run(arguments: list[str]) -> int:
    del arguments
    say("XãSố — mọi dịch vụ số của một xã, trong một chương trình.\n")
    width = max(len(command.usage) for command in table.COMMANDS.values())
    for command in table.COMMANDS.values():
        say(f"  xaso {command.usage:<{width}}  {command.help}")
    say("\nTham số chung: --data THƯ_MỤC (hoặc XASO_DATA) là nơi giữ dữ liệu; mặc định là var/.")
    say("DATABASE_URL=postgres://… thì dùng PostgreSQL thay cho SQLite.")
    return 0
