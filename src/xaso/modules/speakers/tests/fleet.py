"""A province of speakers: registered in one go, run in a few processes, listened to by their timelines."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.speakers.models import Device
from xaso.modules.speakers.rules import credentials
from xaso.modules.speakers.tests.stage import ROOT, SpeakerProcess

PROVINCE = 1239


def enrol(unit: Unit, commune: str, count: int) -> list[dict[str, str]]:
    """Rows as `register_device` and `issue_credential` make them; that many actions would take minutes."""
    keys = [{"serial": f"LOA-{number:04d}", "secret": credentials.new_secret()} for number in range(count)]
    Device.objects.bulk_create(
        Device(
            unit=unit, unit_path=unit.path, commune_code=commune, serial=key["serial"], name=f"Loa {key['serial']}",
            state_since=clock.today(), credential=credentials.digest(key["secret"]), credential_at=clock.now(),
        )
        for key in keys
    )  # fmt: skip
    return keys


def more_descriptors(wanted: int) -> None:
    """Also for the broker and the processes started from here."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


class LinkProcess:
    def __init__(self, port: int, database: str = "") -> None:
        surroundings = {
            **os.environ,
            "XASO_DATA": str(settings.DATA_DIR),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "xaso.config.settings",
        }
        name = database or str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "xaso.modules.speakers.tests.linked", str(port), name]
        self.process = subprocess.Popen(command, env=surroundings, cwd=ROOT)

    def seconds(self) -> float:
        """Processor time so far."""
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


class Fleet:
    """`alone` devices get a process of their own, so that one can be killed; the rest share `processes`."""

    def __init__(self, folder: Path, keys: list[dict[str, str]], shared: dict[str, Any], *, alone: int = 3) -> None:
        self.lonely = [SpeakerProcess(folder / f"alone-{n}", {**shared, **keys[n]}) for n in range(alone)]
        rest = keys[alone:]
        processes = 4
        self.shared = [
            SpeakerProcess(folder / f"shared-{n}", {**shared, "devices": rest[n::processes]}) for n in range(processes)
        ]

    def started(self, item: str) -> dict[str, float]:
        """serial → the moment of its first sample."""
        found: dict[str, float] = {}
        for process in (*self.lonely, *self.shared):
            for line in process.timeline():
                if line["what"] == "start" and line["item"] == item:
                    found.setdefault(line["serial"], line["at"])
        return found

    def stop(self) -> None:
        for process in (*self.lonely, *self.shared):
            process.process.send_signal(signal.SIGTERM) if process.process.poll() is None else None
        for process in (*self.lonely, *self.shared):
            process.stop()
