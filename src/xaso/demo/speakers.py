"""The demonstration's loudspeakers as software devices: what is sent to them is fetched, played in time and proved."""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.demo.reach import reach
from xaso.demo.scenario import read_scenario
from xaso.modules.speakers.actions.register import issue_credential
from xaso.modules.speakers.configured import key_file
from xaso.modules.speakers.models import Device
from xaso.modules.speakers.rules import credentials


def key_of_speakers(folder: Path) -> Path | None:
    """The key file for `xaso speaker --many` with every device that is not meant to be silent.

    None when there are none, or when they would have to speak to a broker of others. Secrets are made once and kept in
    this file only; addresses are those of this start. A device whose secret somebody has made anew is left to them.
    """
    if settings.SPEAKERS["broker"] or settings.SPEAKERS["certificate"]:
        return None
    heard = [said["serial"] for said in reach()["speakers"] if "silent" not in said]
    devices = list(Device.objects.filter(serial__in=heard, state=Device.State.IN_USE).select_related("unit"))
    path = folder / "demo-speakers.json"
    known = _known(path)
    secrets = [(one, _secret(one, known.get(one.serial, ""))) for one in devices]
    keys = [json.loads(key_file(one, secret)) for one, secret in secrets if secret]
    if not keys:
        return None
    # Their clocks live in the demonstration too.
    skew = -settings.DEMO_SHIFT.total_seconds()
    _write(path, json.dumps({"devices": keys, "skew": skew}, ensure_ascii=False))
    return path


def _known(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return {one["serial"]: one["secret"] for one in json.loads(path.read_text(encoding="utf-8"))["devices"]}


def _secret(device: Device, known: str) -> str:
    if not device.credential:
        return issue_credential(_admin(), device)
    return known if credentials.matches(known, device.credential) else ""


def _admin() -> Actor:
    scenario = read_scenario()
    return actor_of(Account.objects.get(username=f"{scenario.officers['unit_admin']}.{scenario.shown.slug}").pk)


def _write(path: Path, text: str) -> None:
    """Readable by its owner only, from the first byte."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
