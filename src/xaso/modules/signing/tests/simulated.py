"""Signing services for the tests: each simulator as its own process, and a job to give it."""

import hashlib
import os
import uuid

from xaso.kit.tests.programs import Program
from xaso.modules.signing.providers import CertificateView, HashJob

HOA, AGENCY, PHONE = "026175000104", "2500000000", "+84912345606"


class Service(Program):
    def __init__(self, name: str, *options: str) -> None:
        super().__init__(f"xaso.modules.signing.simulators.{name}", *options)

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
