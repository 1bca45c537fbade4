"""Certificates of people who do not exist, made anew for each test run: nothing here is trusted by anybody.

    root ── intermediate ── hoa (a person), ngu-kien (an agency), expired, revoked
       └─── tsa (time-stamps)                 intermediate also names the OCSP responder
    stranger-root ── stranger                 a second world that nobody has been told to trust

Everything is answered on one HTTP server on the loopback address, its port chosen by the system. `pki.clock(moment)`
makes the server speak as of another moment. Keys are RSA-2048, made once per run (a second or so in all).
"""

import io
import threading
from contextlib import contextmanager

from asn1crypto import keys as asn1_keys
from asn1crypto import x509
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel, ServiceLabel
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from werkzeug.serving import WSGIRequestHandler, make_server

ARCH = "xaso"
KEYS = ("root", "inter", "tsa", "ocsp", "hoa", "ngu-kien", "expired", "revoked", "stranger-root", "stranger")
HOLDERS = ("hoa", "ngu-kien", "expired", "revoked", "stranger")
ENTITIES = {
    "root": {"country_name": "VN", "organization_name": "Cơ quan thử nghiệm", "common_name": "Gốc thử nghiệm"},
    "inter": {"country_name": "VN", "organization_name": "Cơ quan thử nghiệm", "common_name": "CA cấp dưới thử nghiệm"},
    "tsa": {"country_name": "VN", "organization_name": "Cơ quan thử nghiệm", "common_name": "Dấu thời gian thử nghiệm"},
    "ocsp": {"country_name": "VN", "organization_name": "Cơ quan thử nghiệm", "common_name": "OCSP thử nghiệm"},
    "hoa": {
        "country_name": "VN", "organization_name": "Ủy ban nhân dân xã Ngũ Kiên", "title": "Chủ tịch",
        "common_name": "Vũ Thị Hoa", "serial_number": "CCCD:026175000104",
    },
    "ngu-kien": {
        "country_name": "VN", "common_name": "Ủy ban nhân dân xã Ngũ Kiên", "user_id": "MST:2500123456",
    },
    "expired": {"country_name": "VN", "common_name": "Trần Đã Hết Hạn", "serial_number": "CCCD:026180000201"},
    "revoked": {"country_name": "VN", "common_name": "Lê Bị Thu Hồi", "serial_number": "CCCD:026180000202"},
    "stranger-root": {"country_name": "VN", "common_name": "Gốc lạ"},
    "stranger": {"country_name": "VN", "common_name": "Người Lạ", "serial_number": "CCCD:026180000203"},
}  # fmt: skip
AGES = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2048-01-01T00:00:00+0000"}
PERSONAL = [
    {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": [
        "digital_signature", "non_repudiation"]}},
]  # fmt: skip
STAMPING = [
    {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
    {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
]


def _ca(crl, ocsp="", depth=None):
    params = {"crl-repo": crl}
    if ocsp:
        params["ocsp-service"] = ocsp
    if depth is not None:
        params["max-path-len"] = depth
    return [{"id": "simple-ca", "params": params}]


CERTS = {
    "root": {"issuer": "root", "validity": AGES, "profiles": _ca("root")},
    "inter": {"issuer": "root", "validity": AGES, "profiles": _ca("inter", "ocsp", 0)},
    "tsa": {"issuer": "root", "validity": AGES, "extensions": STAMPING},
    "ocsp": {"issuer": "inter", "validity": AGES, "profiles": ["ocsp-responder"]},
    "hoa": {"issuer": "inter", "validity": AGES, "extensions": PERSONAL},
    "ngu-kien": {"issuer": "inter", "validity": AGES, "extensions": PERSONAL},
    "expired": {
        "issuer": "inter", "extensions": PERSONAL,
        "validity": {"valid-from": "2021-01-01T00:00:00+0000", "valid-to": "2023-01-01T00:00:00+0000"},
    },
    "revoked": {
        "issuer": "inter", "validity": AGES, "extensions": PERSONAL,
        "revocation": {"revoked-since": "2024-01-15T00:00:00+0000", "reason": "key_compromise"},
    },
    "stranger-root": {"issuer": "stranger-root", "validity": AGES, "profiles": _ca("stranger-root")},
    "stranger": {"issuer": "stranger-root", "validity": AGES, "extensions": PERSONAL},
}  # fmt: skip
SERVICES = {
    "ocsp": {"ocsp": {"for-issuer": "inter", "responder-cert": "ocsp"}},
    "crl-repo": {
        name: {"for-issuer": name, "simulated-update-schedule": "P1D"} for name in ("root", "inter", "stranger-root")
    },
    "time-stamping": {"tsa": {"signing-cert": "tsa"}},
}


class _Quiet(WSGIRequestHandler):
    def log(self, *args):
        """Nothing on the output of the tests."""


class _KeptKey(SimpleSigner):
    """Parsing the key takes longer than signing with it: do it once."""

    parsed = None

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return self.parsed.sign(data, padding.PKCS1v15(), getattr(hashes, digest_algorithm.upper())())


class World:
    def __init__(self, folder):
        self.folder = folder
        self._keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in KEYS}
        for name in KEYS:
            self.key_file(name).write_bytes(self.key_pem(name))
        self._animator = None
        self._signed = 0
        # The port is known before the certificates are made: they carry the addresses of the CRL and the OCSP.
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        config = CertomancerConfig(
            {
                "keysets": {ARCH: {"keys": {name: {"path": f"{name}.pem"} for name in KEYS}}},
                "pki-architectures": {
                    ARCH: {"keyset": ARCH, "entities": ENTITIES, "certs": CERTS, "services": SERVICES}
                },
            },
            key_search_dir=str(folder),
            external_url_prefix=self.url,
        )
        self.arch = config.get_pki_arch(ArchLabel(ARCH))
        self._animator = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def _answer(self, environ, start_response):
        return self._animator(environ, start_response)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    # Certificates and keys

    def certificate(self, name: str) -> x509.Certificate:
        return self.arch.get_cert(CertLabel(name))

    def chain(self, name: str) -> list[x509.Certificate]:
        """The holder's certificate first, the root last."""
        found = [self.certificate(name)]
        while found[-1].issuer != found[-1].subject:
            spec = self.arch.get_cert_spec(self._label(found[-1]))
            found.append(self.certificate(spec.issuer.value))
        return found

    def _label(self, certificate) -> CertLabel:
        return next(CertLabel(name) for name in CERTS if self.certificate(name).dump() == certificate.dump())

    @property
    def root_der(self) -> bytes:
        return self.certificate("root").dump()

    @property
    def intermediate_der(self) -> bytes:
        return self.certificate("inter").dump()

    def key(self, name: str) -> rsa.RSAPrivateKey:
        return self._keys[name]

    def key_pem(self, name: str) -> bytes:
        return self._keys[name].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def key_file(self, name: str):
        return self.folder / f"{name}.pem"

    def certificate_file(self, name: str):
        """The certificate as a DER file (pkcs11-tool and openssl read it)."""
        path = self.folder / f"{name}.der"
        path.write_bytes(self.certificate(name).dump())
        return path

    # Revocation, as the services would answer

    def crl(self, name: str = "inter", at=None) -> bytes:
        return self.arch.service_registry.get_crl(ServiceLabel(name), at).dump()

    def crl_url(self, name: str = "inter") -> str:
        return f"{self.url}/{ARCH}/crls/{name}/latest.crl"

    @property
    def ocsp_url(self) -> str:
        return f"{self.url}/{ARCH}/ocsp/ocsp"

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/{ARCH}/tsa/tsa"

    @contextmanager
    def clock(self, moment):
        """The services answer as of `moment` inside the block."""
        before, self._animator.fixed_time = self._animator.fixed_time, moment
        try:
            yield
        finally:
            self._animator.fixed_time = before

    # Signing

    def simple_signer(self, name: str = "hoa") -> SimpleSigner:
        store = SimpleCertificateStore()
        store.register_multiple(self.chain(name)[1:])
        signer = _KeptKey(
            signing_cert=self.certificate(name),
            signing_key=asn1_keys.PrivateKeyInfo.load(self.arch.key_set.get_private_key(KeyLabel(name)).dump()),
            cert_registry=store,
        )
        signer.parsed = self._keys[name]
        return signer

    def timestamper(self, at=None):
        """Over HTTP at the real time; with `at`, made on the spot as of that moment."""
        if at is None:
            return HTTPTimeStamper(self.tsa_url)
        store = SimpleCertificateStore()
        store.register(self.certificate("root"))
        key = self.arch.key_set.get_private_key(KeyLabel("tsa"))
        return DummyTimeStamper(self.certificate("tsa"), key, certs_to_embed=store, fixed_dt=at)

    def validation_context(self, *, fetch: bool = True, moment=None) -> ValidationContext:
        return ValidationContext(
            trust_roots=[self.certificate("root")],
            other_certs=[self.certificate("inter"), self.certificate("tsa")],
            allow_fetching=fetch,
            moment=moment,
        )

    def blank_pdf(self, pages: int = 1) -> bytes:
        writer = PdfFileWriter()
        for _ in range(pages):
            writer.insert_page(
                PageObject(
                    contents=writer.add_object(generic.StreamObject(stream_data=b"q Q")),
                    media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
                )
            )
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def sign(self, name: str = "hoa", pdf: bytes | None = None, *, level="B-B", field="", timestamper=None, **more):
        """A PDF signed by a holder, at level B-B, B-T, B-LT or B-LTA; `more` goes to PdfSignatureMetadata."""
        self._signed += 1
        field = field or f"Chu_ky_{self._signed}"
        if level != "B-B" and timestamper is None:
            timestamper = self.timestamper()
        long_term = level in ("B-LT", "B-LTA")
        more.setdefault("reason", "Ký thử nghiệm")
        metadata = PdfSignatureMetadata(
            field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=long_term, use_pades_lta=level == "B-LTA",
            validation_context=self.validation_context() if long_term else None, **more,
        )  # fmt: skip
        signer = PdfSigner(
            metadata,
            signer=self.simple_signer(name),
            timestamper=timestamper,
        )
        out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf or self.blank_pdf()), strict=False))
        return out.getvalue()
