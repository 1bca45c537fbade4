"""The link as a process of its own: `python -m … PORT [DATABASE]`, for measurements and for a whole province."""

import signal
import sys

import django


def main(port: int, database: str) -> None:
    django.setup()
    from django.db import connection

    from xaso.modules.speakers.broker.register import link_secret
    from xaso.modules.speakers.link.carrier import Broker
    from xaso.modules.speakers.link.service import Link

    if database:
        connection.settings_dict["NAME"] = database
    link = Link(Broker("127.0.0.1", port, link_secret()))
    signal.signal(signal.SIGTERM, lambda *_: link.stop())
    link.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
