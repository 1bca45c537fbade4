"""`python -m xaso.modules.reports.alone UUID`: one long export in a process of its own, which ends with it."""

import importlib
import sys

import django


def main(key: str) -> None:
    django.setup()
    export = importlib.import_module("xaso.modules.reports.queries.exports").export_to_run(key)
    if export is not None:
        importlib.import_module("xaso.modules.reports.actions.exporting").run_export(export)


if __name__ == "__main__":
    main(sys.argv[1])
