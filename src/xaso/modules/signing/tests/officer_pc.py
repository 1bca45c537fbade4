"""An officer's PC for the tests: a SoftHSM2 token with two certificates, and `xaso agent` as a process of its own."""

import base64
import hashlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from websockets.sync.client import connect

from xaso.kit.tests.programs import SOURCE

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, WRONG_PIN = "123456", "654321"
ORIGIN = "http://localhost:8000"


def need_softhsm() -> None:
    if not LIBRARY.is_file():
        if "softhsm" in os.environ.get("XASO_REQUIRE", ""):
            pytest.fail(f"{LIBRARY} is required and absent")
        pytest.skip("needs SoftHSM2")


class Token:
    """A token in a folder, with an RSA and an elliptic key and their certificates."""

    def __init__(self, folder: Path, holders: dict | None = None) -> None:
        self.folder = folder
        (folder / "tokens").mkdir(parents=True)
        config = folder / "softhsm2.conf"
        config.write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self.environment = os.environ | {"SOFTHSM2_CONF": str(config)}
        self._run("softhsm2-util", "--init-token", "--free", "--label", "Hoa", "--so-pin", "0000", "--pin", PIN)
        made = holders or {"01": _issued("Vũ Thị Hoa", "rsa"), "02": _issued("Phạm Thị An", "ec")}
        self.certificates = {number: certificate for number, (_, certificate) in made.items()}
        for number, (key, certificate) in made.items():
            self._put(number, key, certificate)

    def _put(self, number, key, certificate) -> None:
        private = self.folder / f"{number}.pem"
        plain = serialization.NoEncryption()
        private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        where = ("--token", "Hoa", "--id", number, "--label", number, "--pin", PIN)
        self._run("softhsm2-util", "--import", str(private), *where)
        private.unlink()
        public = self.folder / f"{number}.der"
        public.write_bytes(certificate)
        tool = ("pkcs11-tool", "--module", str(LIBRARY), "--token-label", "Hoa", "--login", "--pin", PIN)
        self._run(*tool, "--write-object", str(public), "--type", "cert", "--id", number, "--label", number)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _issued(name: str, kind: str):
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(said).issuer_name(said).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    certificate = builder.not_valid_after(start + timedelta(days=400)).sign(key, SHA256())
    return key, certificate.public_bytes(serialization.Encoding.DER)


class Pc:
    """`xaso agent` running; what it says is read line by line."""

    def __init__(self, token: Token, home: Path, *options: str, port: int = 0, pin: str = PIN) -> None:
        pin_file = home / f"pin-{uuid.uuid4()}"
        home.mkdir(parents=True, exist_ok=True)
        pin_file.write_text(pin)
        command = [sys.executable, "-u", "-m", "xaso.command", "agent", "--library", str(LIBRARY), "--port", str(port)]
        command += ["--home", str(home), "--pin-file", str(pin_file), *(options or ("--yes", "--origin", ORIGIN))]
        environment = token.environment | {"PYTHONPATH": str(SOURCE)}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)

    def wait_for(self, pattern: str) -> re.Match:
        while True:
            line = self.lines.get(timeout=30)
            self.seen.append(line)
            if found := re.search(pattern, line):
                return found

    def begin(self) -> "Pc":
        self.port = int(self.wait_for(r"ws://127\.0\.0\.1:(\d+)")[1])
        self.code = self.wait_for(r"Mã ghép nối: (\d{4} \d{4})")[1]
        return self

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(15)
        self._reader.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
        return code

    def page(self, origin: str | None = ORIGIN) -> "Page":
        return Page(self.port, origin)


class Page:
    """A browser's page, as the agent sees it."""

    def __init__(self, port: int, origin: str | None) -> None:
        self._open = connect(f"ws://127.0.0.1:{port}/", origin=origin, open_timeout=10, proxy=None)
        self.line = self._open.__enter__()
        self.token = ""

    def ask(self, do: str, **wish):
        self.line.send(json.dumps({"id": 1, "do": do, "token": self.token} | wish))
        return json.loads(self.line.recv(timeout=30))

    def pair(self, code: str):
        answer = self.ask("pair", code=code)
        self.token = answer.get("token", "")
        return answer

    def close(self) -> None:
        self._open.__exit__(None, None, None)


def attributes_for(certificate: bytes, *, content_type: str = "data", digest: bytes = b"\1" * 32, **parts) -> bytes:
    """Signed attributes as PAdES has them."""
    named = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(certificate).digest(),
        }
    )
    values = {
        "content_type": content_type,
        "message_digest": digest,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [named]}),
    } | parts
    listed = [
        cms.CMSAttribute({"type": name, "values": (value,)}) for name, value in values.items() if value is not None
    ]
    return cms.CMSAttributes(listed).dump()


def wish_for(certificate: bytes, attributes: bytes | None = None, **given) -> dict:
    attributes = attributes_for(certificate) if attributes is None else attributes
    wish = {
        "job": str(uuid.uuid4()),
        "document": "Quyết định số 12/QĐ-UBND.pdf",
        "certificate": hashlib.sha256(certificate).hexdigest(),
        "signed_attributes": base64.b64encode(attributes).decode(),
        "digest": base64.b64encode(hashlib.sha256(attributes).digest()).decode(),
    }
    return wish | given
