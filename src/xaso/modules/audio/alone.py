"""`python -m xaso.modules.audio.alone UUID`: one long recording in a process of its own, which ends with it."""

import importlib
import sys

import django


def main(key: str) -> None:
    django.setup()
    recording = importlib.import_module("xaso.modules.audio.queries").recording(key)
    importlib.import_module("xaso.modules.audio.making").make(recording)


if __name__ == "__main__":
    main(sys.argv[1])
