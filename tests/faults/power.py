"""A machine whose power fails: `python -m tests.faults.power DATABASE TASK UNIT ACCOUNT`.

The task is done again and again in processes of their own; the n-th is killed (SIGKILL) right after its n-th statement,
until one gets through. So every place where the power can fail is tried. Prints how many were killed.
"""

import itertools
import os
import signal
import sys
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import django

MINUTES_APART = 6  # longer than the lease of a delivery
KEY = "cup-dien"


def main(database: str, task: str, unit: str, account: str) -> None:
    django.setup()
    from django.db import connection, connections

    connection.settings_dict["NAME"] = database
    work = TASKS[task](int(unit), int(account))
    connections.close_all()
    for statements in itertools.count(1):
        child = os.fork()
        if not child:
            _run(work, statements, after_the_end=task.startswith("answer_"))
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not task.startswith("answer_"):
            _start_again()
            connections.close_all()
            continue
        if status and not task.startswith("answer_"):
            raise SystemExit(f"attempt {statements} ended with {status}")
        print(statements - 1)
        return


def _start_again() -> None:
    """What was cut too often is stuck until a person starts it again (`xaso manage retry_stuck`)."""
    from xaso.core.outbox.actions import retry_stuck
    from xaso.core.outbox.models import Delivery

    retry_stuck()
    Delivery.objects.filter(state="running", attempts__gt=5).update(attempts=3)


def _run(work: Callable[[], object], statements: int, *, after_the_end: bool) -> None:
    import time_machine
    from django.db import connection

    counted = itertools.count(1)

    def cut(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        finally:
            if next(counted) == statements and not after_the_end:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        with time_machine.travel(_moment(statements)), connection.execute_wrapper(cut):
            work()
        connection.close()
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        import traceback

        traceback.print_exc()
        os._exit(1)
    if after_the_end:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


def _moment(statements: int) -> datetime:
    from xaso.kit import clock

    return datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM) + timedelta(minutes=MINUTES_APART * statements)


def _submit(unit: int, account: int) -> Callable[[], object]:
    from xaso.core.accounts.queries import actor_of
    from xaso.core.units.models import Unit
    from xaso.modules.dossiers.actions import filing
    from xaso.modules.dossiers.tests.factories import filed

    return lambda: filing.submit_dossier(actor_of(account), Unit.objects.get(pk=unit), filed=filed(idempotency_key=KEY))


def _receive(unit: int, account: int) -> Callable[[], object]:
    from xaso.core.accounts.queries import actor_of
    from xaso.core.units.models import Unit
    from xaso.modules.dossiers.actions import reception
    from xaso.modules.dossiers.tests.factories import COPY, filed

    return lambda: reception.receive_dossier(
        actor_of(account), Unit.objects.get(pk=unit), filed=filed(COPY, idempotency_key=KEY)
    )


def _upload_and_submit(unit: int, account: int) -> Callable[[], object]:
    """A resident uploads a paper and sends the form with it; tried again, both steps are done again."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from xaso.core.accounts.queries import actor_of
    from xaso.core.files import actions as files
    from xaso.core.units.models import Unit
    from xaso.modules.dossiers.actions import filing
    from xaso.modules.dossiers.actions.filing import PaperIn
    from xaso.modules.dossiers.tests.factories import PDF, filed

    content = PDF + b"%" + uuid.uuid4().bytes.hex().encode()

    def work():
        by = actor_of(account)
        form = filed(idempotency_key=KEY)
        stored = files.upload_ahead(by, SimpleUploadedFile("don.pdf", content), kind="don")
        papers = {key: PaperIn(originals=1) for key in form.papers}
        papers[next(iter(papers))] = PaperIn(upload=stored.uuid)
        filing.submit_dossier(by, Unit.objects.get(pk=unit), filed=filed(papers=papers, idempotency_key=KEY))

    return work


def _deliver(unit: int, account: int) -> Callable[[], object]:
    from xaso.core.outbox.actions import deliver_all

    return deliver_all


TASKS = {
    "submit": _submit,
    "receive": _receive,
    "upload_and_submit": _upload_and_submit,
    "deliver": _deliver,
    "answer_lost": _receive,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
