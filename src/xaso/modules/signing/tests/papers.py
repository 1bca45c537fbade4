"""A birth certificate as papers prints it, with places kept free; and keys to sign it with."""

from datetime import datetime
from functools import cache

from xaso.kit import clock
from xaso.modules.papers.queries import edition_named
from xaso.modules.papers.rendering import render_pdf
from xaso.modules.papers.tests.samples import AGENCY, DOSSIER, RESULT, SIGNER
from xaso.modules.signing.rules import Box

BOXES = {
    "ky_ca_nhan": Box(1, 330, 120, 500, 180),
    "ky_co_quan": Box(1, 290, 120, 386, 180),
    "so": Box(1, 90, 700, 150, 716),
    "ngay": Box(1, 330, 700, 360, 716),
}
AT = datetime(2026, 3, 2, 8, 15, 30, tzinfo=clock.VIETNAM)


@cache
def birth_certificate() -> bytes:
    return render_pdf(edition_named("ket-qua-khai-sinh", "1").folder, AGENCY | DOSSIER | RESULT | SIGNER)


class SoftKey:
    """A key of the test PKI, parsed once."""

    def __init__(self, pki, name: str) -> None:
        self.certificate = pki.certificate(name).dump()
        self.chain = (pki.intermediate_der,)
        self._key = pki.key(name)

    def sign(self, signed_attributes: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(signed_attributes, padding.PKCS1v15(), hashes.SHA256())
