"""Signing services for the tests: each simulator as its own process, and a job to give it."""

import hashlib
import os
import subprocess
import sys
import uuid
from pathlib import Path

import httpx

import xaso
from xaso.modules.signing.providers import CertificateView, HashJob

SOURCE = Path(xaso.__file__).resolve().parent.parent
HOA, AGENCY, PHONE = "026175000104", "2500000000", "+84912345606"


class Service:
    """A running simulator and the tests' door to it."""

    def __init__(self, name: str, *options: str) -> None:
        command = [sys.executable, "-m", f"xaso.modules.signing.simulators.{name}", "--port", "0", *options]
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self.process.stdout.readline().strip()
        self.said = self.process.stdout.readline()

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(10)
        self.process.stdout.close()
        return code

    def control(self, what: str, **body):
        answer = httpx.post(f"{self.url}/control/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def decide(self, what: str, transaction: str = ""):
        return self.control("decide", **{"transaction": transaction, "as": what})

    def break_down(self, path: str, kind: str, times: int = 1) -> None:
        self.control("fault", path=path, kind=kind, times=times)

    @property
    def signatures(self) -> int:
        return self.control("state")["signatures"]

    @property
    def transactions(self) -> list[dict]:
        return self.control("state")["transactions"]


def make_job(found, provider: str, **given) -> HashJob:
    """A job for a certificate that the provider found."""
    attributes = given.pop("attributes", b"signed attributes " + os.urandom(16))
    view = CertificateView(
        uuid=str(uuid.uuid4()),
        holder_name="Vũ Thị Hoa",
        holder_code=HOA,
        means="remote",
        provider=provider,
        reference=given.pop("reference", found.reference),
        serial=found.serial,
        der=given.pop("der", found.der),
    )
    return HashJob(
        uuid=given.pop("uuid", str(uuid.uuid4())),
        digest=hashlib.sha256(attributes).digest(),
        digest_algorithm="sha256",
        signed_attributes=attributes,
        document_name=given.pop("document_name", "Quyết định số 12/QĐ-UBND.pdf"),
        certificate=view,
    )
