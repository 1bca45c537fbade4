"""An order to 1,239 speakers beside a bare publish/acknowledge loop on the same Mosquitto; what their telemetry costs.

`./xaso bench speakers [--devices 1239] [--rounds 5] [--seconds 60]`

Both sides speak to the same answering devices: connections of their own that answer each command at once. Bare: publish
to every topic at QoS 1 and wait for every answer. Ours: from the commit of the order until every answer is stored. Must
≤ 3 ×, aim 1.5 ×. Then the devices send a beat a minute each; the link may take < 5 % of one core for that.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.rig.report import keep

MUST, AIM, TELEMETRY_MUST = 3.0, 1.5, 0.05
COMMUNE = "09157"


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", type=int, default=1239)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        os.environ |= {"XASO_DATA": folder, "DJANGO_SETTINGS_MODULE": "xaso.config.settings"}
        numbers = measure(Path(folder), chosen)
    print(json.dumps(numbers, indent=1))
    keep("speakers", numbers)
    return 0 if numbers["ratio"] <= MUST and numbers["telemetry_core"] < TELEMETRY_MUST else 1


def measure(folder, chosen):
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from xaso.modules.speakers.tests.fleet import LinkProcess, enrol, more_descriptors
    from xaso.modules.speakers.tests.stage import Mosquitto, ended

    # The tables as the models say: a hundred migrations take longer than everything measured here.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    more_descriptors(8192)
    keys = enrol(_village(), COMMUNE, chosen.devices)
    broker = Mosquitto(folder / "broker")
    devices = Answering(keys, broker.port)
    bare = Bare(broker.port, [key["serial"] for key in keys])
    link = LinkProcess(broker.port)
    with ended(broker, link, devices, bare):
        devices.start()
        _wait_for_link(len(keys))
        plain, ours, orders = [], [], []
        for _ in range(chosen.rounds):
            plain.append(bare.round())
            order, answered = _order(len(keys))
            orders.append(order)
            ours.append(answered)
        core = _telemetry(devices, link, keys, chosen.seconds)
    one, other = statistics.median(ours), statistics.median(plain)
    return {
        "devices": chosen.devices, "order_s": round(statistics.median(orders), 3), "ours_s": round(one, 3),
        "bare_s": round(other, 3), "ratio": round(one / other, 2),
        "must": MUST, "aim": AIM, "rounds": {"ours": [round(n, 3) for n in ours], "bare": [round(n, 3) for n in plain]},
        "telemetry_core": round(core, 4), "telemetry_must": TELEMETRY_MUST,
    }  # fmt: skip


def _village():
    from datetime import date

    from xaso.core.units.models import Unit

    parent, path = None, ""
    for code, kind in (("26", "province"), (COMMUNE, "commune"), (f"{COMMUNE}01", "village")):
        path += f"{code}."
        parent = Unit.objects.create(
            code=code, name=code, kind=kind, parent=parent, path=path, valid_from=date(2000, 1, 1)
        )
    return parent


def _wait_for_link(count):
    from xaso.modules.speakers.models import Pulse

    ends = time.monotonic() + 240
    while Pulse.objects.filter(is_online=True).count() < count:
        if time.monotonic() > ends:
            raise SystemExit("the link has not heard of every device")
        time.sleep(0.5)
    time.sleep(3)


def _order(count):
    """Seconds that the order takes, and from its commit until every answer is stored."""
    from django.db import transaction

    from xaso.core.units.models import Unit
    from xaso.kit import clock
    from xaso.modules.speakers.actions.ordering import put_on_air
    from xaso.modules.speakers.models import Command, Play
    from xaso.modules.speakers.queries import devices_under

    now = clock.now().replace(microsecond=0)
    unit = Unit.objects.get(code=COMMUNE)
    ordered = time.perf_counter()
    with transaction.atomic():
        play = Play.objects.create(
            unit=unit, unit_path=unit.path, title="Lũ", klass="emergency", origin_level="commune", rank=0, version="1",
            sha256="ab" * 32, size=100, seconds=30, unit_paths=[unit.path], starts_at=now, ordered_at=now, at_once=True,
        )  # fmt: skip
        put_on_air(play, devices_under((unit.path,)), now)
    begun = time.perf_counter()
    while Command.objects.filter(play=play, state="accepted").count() < count:
        if time.perf_counter() - begun > 120:
            raise SystemExit("not every answer was stored")
        time.sleep(0.02)
    return begun - ordered, time.perf_counter() - begun


def _telemetry(devices, link, keys, seconds):
    """The share of one core that the link takes for a beat a minute of each device."""
    from xaso.kit import clock
    from xaso.modules.speakers.protocol import messages as m
    from xaso.modules.speakers.protocol.codec import encode

    time.sleep(5)
    before, begun = link.seconds(), time.perf_counter()
    sent, count = 0, round(len(keys) * seconds / 60)
    while sent < count:
        due = (time.perf_counter() - begun) * len(keys) / 60
        while sent < min(due, count):
            serial = keys[sent % len(keys)]["serial"]
            network = m.Network("lte", rsrp=-90 - random.randrange(20))
            beat = m.Beat(clock.now(), 4000 + sent, "1.0", network=network, temperature=41.5, volume=70,
                          disk_free=10**10, clock_offset=0.012)  # fmt: skip
            devices.radio.send(serial, "state", encode(beat))
            sent += 1
        time.sleep(0.01)
    time.sleep(max(0.0, seconds - (time.perf_counter() - begun)))
    return (link.seconds() - before) / (time.perf_counter() - begun)


class Answering:
    """Devices that do nothing but answer, each with its own credential and connection."""

    def __init__(self, keys, port):
        from xaso.modules.speakers.device.radio import Radio
        from xaso.modules.speakers.device.settings import Settings

        shared = {"commune": COMMUNE, "host": "127.0.0.1", "port": port, "server": "http://127.0.0.1", "is_tls": False}
        self.radio = Radio([Settings(**key, **shared) for key in keys], self._hear)

    def start(self):
        self.radio.start()

    def stop(self):
        self.radio.stop()

    def _hear(self, serial, channel, payload):
        from xaso.kit import clock
        from xaso.modules.speakers.protocol import messages as m
        from xaso.modules.speakers.protocol.codec import encode

        if channel == "up":
            self.radio.send(serial, "lwt", encode(m.Presence(online=True, at=clock.now())))
        elif channel == "cmd":
            body = json.loads(payload)
            if body["t"] == "command":
                self.radio.send(serial, "state", encode(m.Ack(body["id"], m.ACCEPTED, clock.now())))


class Bare:
    """A publish/acknowledge loop with nothing around it."""

    def __init__(self, port, serials):
        from paho.mqtt import client as mqtt

        from xaso.modules.speakers.broker import rights
        from xaso.modules.speakers.broker.register import link_secret

        self.serials, self.answered = serials, 0
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="bare")
        self.client.username_pw_set(rights.LINK, link_secret())
        self.client.max_inflight_messages_set(20_000)
        self.client.max_queued_messages_set(0)
        self.client.on_message = self._hear
        self.client.connect("127.0.0.1", port)
        self.client.subscribe("tt/v1/+/dev/+/state", 1)
        self.client.loop_start()

    def round(self):
        from datetime import timedelta

        from xaso.kit import clock
        from xaso.modules.speakers.protocol import messages as m
        from xaso.modules.speakers.protocol.codec import encode
        from xaso.modules.speakers.protocol.ids import ulid

        now = clock.now()
        item = m.Item("6d5f7f9c-8a55-4a7f-a7ff-1d1d4a3f1c11", "1", m.Rank.EMERGENCY, 90,
                      m.Sound("ab" * 32, 100, 30, "/portal/speakers/device/files/x/"))  # fmt: skip
        # An id the link does not know: the answers of this round mean nothing to it.
        orders = [encode(m.Command(ulid(1), m.PLAY, now, now + timedelta(hours=1), item)) for _ in self.serials]
        self.answered = 0
        begun = time.perf_counter()
        for serial, order in zip(self.serials, orders, strict=True):
            self.client.publish(f"tt/v1/{COMMUNE}/dev/{serial}/cmd", order, qos=1)
        while self.answered < len(self.serials):
            time.sleep(0.002)
        seconds = time.perf_counter() - begun
        time.sleep(1)
        return seconds

    def stop(self):
        self.client.disconnect()
        self.client.loop_stop()

    def _hear(self, _client, _data, message):
        self.answered += b'"ack"' in message.payload


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
