"""The real service as a process: `python -m xaso.modules.sms.tests.smpp_process DATABASE`."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    django.setup()
    from django.db import connection
    from django.urls import get_resolver

    from xaso.modules.sms.module import MODULE

    connection.settings_dict["NAME"] = sys.argv[1]
    get_resolver().url_patterns  # noqa: B018
    [service] = MODULE.services
    assert service.wanted()
    service.run()


if __name__ == "__main__":
    main()
