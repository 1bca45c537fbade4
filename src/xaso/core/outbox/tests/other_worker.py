"""A real worker process for the tests: `python -m xaso.core.outbox.tests.other_worker DATABASE`."""

import os
import signal
import sys

import django


def main() -> None:
    # Starting takes seconds; who is asked to stop meanwhile has begun nothing.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = sys.argv[1]
    from xaso.core.outbox.tests import happenings  # noqa: F401 - its listeners
    from xaso.core.outbox.worker import Worker

    worker = Worker([])
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
