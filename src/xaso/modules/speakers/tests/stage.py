"""Brokers, the link, and speakers as processes of their own, on free ports, ended with the test."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from xaso.modules.speakers import queries
from xaso.modules.speakers.broker import mosquitto
from xaso.modules.speakers.broker.register import current, link_secret
from xaso.modules.speakers.link.carrier import Broker
from xaso.modules.speakers.link.service import Link

ROOT = Path(__file__).parents[5]
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait for it; a test that waits in vain says so."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came of it in {seconds} s")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def needs_mosquitto() -> str:
    if MOSQUITTO is None:
        if "mosquitto" in os.environ.get("XASO_REQUIRE", ""):
            pytest.fail("mosquitto is required and absent")
        pytest.skip("needs mosquitto")
    return MOSQUITTO


@dataclass(frozen=True)
class Trust:
    """A test CA and the certificate of 127.0.0.1 it has signed."""

    ca: str
    certificate: str
    key: str


def certificates(folder: Path) -> Trust:
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA thử")])
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)

    def base(subject: x509.Name, key: Any) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        return builder.not_valid_after(now + timedelta(days=30))

    ca = base(ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    own = base(own_name, own_key.public_key()).add_extension(names, critical=False)
    paths = Trust(*(str(folder / name) for name in ("ca.pem", "server.pem", "server.key")))
    Path(paths.ca).write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    Path(paths.certificate).write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = own_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    Path(paths.key).write_bytes(pem)
    return paths


class Mosquitto:
    """A real one, with the folder that `xaso broker` writes from the database of the test."""

    def __init__(self, folder: Path, trust: Trust | None = None) -> None:
        self.folder, self.port = folder, free_port()
        self.refresh(trust)
        self._program = needs_mosquitto()
        self.start()

    def refresh(self, trust: Trust | None = None) -> None:
        listen = f"127.0.0.1:{self.port}"
        mosquitto.write(self.folder, listen, trust.certificate if trust else "", trust.key if trust else "")
        with (self.folder / "mosquitto.conf").open("a") as config:
            config.write("user root\n" if os.getuid() == 0 else "")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self._program, "-c", str(self.folder / "mosquitto.conf")], stderr=subprocess.PIPE
        )
        until(lambda: is_listening(self.port))

    def reload(self) -> None:
        """Read passwords and rights anew, as after a device was registered."""
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


class Embedded:
    """The embedded broker in a process of its own, with the register of this moment."""

    def __init__(self, folder: Path, trust: Trust | None = None) -> None:
        self.port = free_port()
        self._file = folder / "register.json"
        certificate = (trust.certificate, trust.key) if trust else ("", "")
        given = {"listen": f"127.0.0.1:{self.port}", "certificate": certificate[0], "certificate_key": certificate[1]}
        self._command = [sys.executable, "-m", "xaso.modules.speakers.tests.embedded_broker", str(self._file)]
        self._command.append(json.dumps(given))
        self.refresh()
        self.start()

    def refresh(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"digests": current().digests, "devices": queries.addresses()}))
        fresh.rename(self._file)

    def start(self) -> None:
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self.process = subprocess.Popen(self._command, env=surroundings, stderr=subprocess.DEVNULL)
        until(lambda: is_listening(self.port))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Linked:
    """The link in a thread of the test, so that its database is the test's."""

    def __init__(self, port: int, trust: Trust | None = None) -> None:
        broker = Broker("127.0.0.1", port, link_secret(), is_tls=trust is not None, ca=trust.ca if trust else "")
        self.link = Link(broker)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        until(lambda: self.link.carrier.is_up)

    def _work(self) -> None:
        try:
            self.link.run()
        finally:
            connection.close()

    def stop(self) -> None:
        self.link.stop()
        self._thread.join(20)


class SpeakerProcess:
    """`xaso speaker` as people run it."""

    def __init__(self, folder: Path, body: dict[str, Any], *more: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        key = folder / "key.json"
        key.write_text(json.dumps(body))
        key.chmod(0o600)
        option = "--many" if "devices" in body else "--key"
        headless = () if "--player" in more else ("--headless", str(folder))
        self._command = [sys.executable, "-m", "xaso.command", "speaker", option, str(key)]
        self._command += ["--home", str(folder / "home"), *headless, *more]
        self.start()

    def start(self) -> None:
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
        with (self.folder / "output").open("ab") as log:
            self.process = subprocess.Popen(self._command, env=surroundings, stdout=log, stderr=log)

    def kill(self) -> None:
        """The plug is pulled."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def timeline(self) -> list[dict[str, Any]]:
        path = self.folder / "timeline.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def output(self) -> str:
        return (self.folder / "output").read_text()


@contextmanager
def ended(*things: Any) -> Iterator[None]:
    """Whatever happens, they are stopped, the last one first."""
    try:
        yield
    finally:
        for thing in reversed(things):
            thing.stop()
