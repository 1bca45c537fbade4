"""Many clerks numbering at once, some of them killed: `python -m xaso.modules.outgoing.tests.clerks DB ACCOUNT CLERKS`.

Each clerk is a process of its own with its share of the signed documents. Now and then one is killed (SIGKILL) right
after a statement, wherever that is; another sits down in its place. Prints how many were killed.
"""

import os
import random
import signal
import sys
import time

import django

A_DEATH_IN = 120  # statements


def main(database: str, account: str, clerks: str) -> None:
    django.setup()
    from django.db import connection, connections

    connection.settings_dict["NAME"] = database
    _read_content(int(account))
    connections.close_all()
    seats = {_sit_down(int(account), place, int(clerks), place): place for place in range(int(clerks))}
    killed = 0
    while seats:
        pid, status = os.wait()
        place = seats.pop(pid)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            killed += 1
            seats[_sit_down(int(account), place, int(clerks), killed * 1000 + place)] = place
        elif status:
            raise SystemExit(f"clerk {place} ended with {status}")
    sys.stdout.write(f"{killed}\n")


def _read_content(account: int) -> None:
    """Once, before the forks: every clerk that sits down would read the same files again."""
    from xaso.core.accounts.queries import actor_of
    from xaso.core.search.feeds import permissions
    from xaso.modules.layouts.queries import symbol_of

    actor_of(account).may("outgoing.number")
    permissions()
    symbol_of("quyet-dinh", "UBND")


def _sit_down(account: int, place: int, clerks: int, seed: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _work(account, place, clerks, random.Random(seed))
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _work(account: int, place: int, clerks: int, chance: random.Random) -> None:
    from django.db import OperationalError, connection

    from xaso.core.accounts.queries import actor_of
    from xaso.modules.outgoing.actions.numbering import cancel_document, give_number
    from xaso.modules.outgoing.models import Document

    by = actor_of(account)
    mine = Document.objects.filter(state="signed")
    keys = [pk for pk in mine.order_by("id").values_list("pk", flat=True) if pk % clerks == place]

    def cut(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        finally:
            if chance.randrange(A_DEATH_IN) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with connection.execute_wrapper(cut):
        for pk in keys:
            while True:
                try:
                    document = Document.objects.select_related("unit").get(pk=pk)
                    if document.state == "signed":
                        give_number(by, document)
                    if pk % 17 == 0 and document.state == "numbered":
                        cancel_document(by, document, reason="Phép thử huỷ số")
                except OperationalError as busy:
                    if "locked" not in str(busy):
                        raise
                    time.sleep(chance.random() / 10)
                else:
                    break


if __name__ == "__main__":
    main(*sys.argv[1:])
