"""Who computes the signature value. A provider is given a digest and answers now or later; it sees no document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from xaso.kit.errors import Refused
from xaso.kit.registry import Registry

DigestAlgorithm = Literal["sha256"]
State = Literal["waiting", "signed", "refused", "timed_out", "failed"]


@dataclass(frozen=True, slots=True)
class CertificateView:
    """What a provider is told of the certificate. `reference`: its own name for it (credential, slot, phone)."""

    uuid: str
    holder_name: str
    holder_code: str
    means: str
    provider: str
    reference: str
    serial: str
    der: bytes


@dataclass(frozen=True, slots=True)
class HashJob:
    """One signature to make. `uuid` is the idempotency key: the same job sent twice is one signature.

    `digest` is the SHA-256 of `signed_attributes` (DER, SET OF): what RSASSA-PKCS1-v1_5 or ECDSA signs.
    A provider that hashes by itself takes `signed_attributes`.
    """

    uuid: str
    digest: bytes
    digest_algorithm: DigestAlgorithm
    signed_attributes: bytes
    document_name: str
    certificate: CertificateView


@dataclass(slots=True)
class Answer:
    """What a provider says. `sentence` is Vietnamese, for the signer; `again_after` in seconds, 0 leaves it to us."""

    state: State
    reference: str = ""
    signature: bytes = b""
    sentence: str = ""
    again_after: int = 0


@dataclass(frozen=True, slots=True)
class CertificateFound:
    """A certificate the provider holds for someone, for the register to take over."""

    reference: str
    serial: str
    subject: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    der: bytes


class SignatureProvider(Protocol):
    """`start` and `poll` talk to the outside and are called without a transaction. Both may be repeated: a provider
    that already knows the job's uuid answers with what became of it. A lost connection is an exception (tried again);
    a "no" is an `Answer`."""

    title: str

    def start(self, job: HashJob) -> Answer: ...

    def poll(self, job: HashJob, reference: str) -> Answer: ...

    def certificates(self, holder: str) -> list[CertificateFound]: ...

    def check(self) -> str:
        """Empty when ready to sign, else a Vietnamese sentence that says what to mend."""
        ...


class WrongPin(Refused):
    """The device did not take the PIN. The request stays as it is; only the device counts wrong tries."""


@runtime_checkable
class PinProvider(Protocol):
    """A provider whose device may want the holder's PIN, typed at that moment and kept nowhere."""

    def start_with(self, job: HashJob, pin: str) -> Answer: ...


PROVIDERS: Registry[SignatureProvider] = Registry("signature provider")
