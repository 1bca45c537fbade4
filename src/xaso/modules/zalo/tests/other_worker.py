"""A real worker process: `python -m xaso.modules.zalo.tests.other_worker DATABASE worker|job|refresh`.

`worker` delivers until SIGTERM. `job` and `refresh` wait for a line on standard input, so that two begin together.
"""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from django.db import connection
    from django.urls import get_resolver

    from xaso.core.outbox.worker import Worker
    from xaso.modules.zalo import jobs, tokens
    from xaso.modules.zalo.models import Account

    database, what = sys.argv[1:]
    connection.settings_dict["NAME"] = database
    get_resolver().url_patterns  # noqa: B018
    if what == "worker":
        print("ready", flush=True)  # noqa: T201
        Worker([]).run()
        return
    account = Account.objects.get()
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    if what == "job":
        print(jobs.refresh_soon(), flush=True)  # noqa: T201
    else:
        print(tokens.refresh(account), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
