"""The way from a signer to a trusted root, and what is known about revocation along it. Loaded late, with pyHanko."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from asn1crypto import algos, cms, core, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import MultivaluedAttributeError, NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from xaso.modules.trust.certificates import named
from xaso.modules.trust.rules import Knowledge, Root, Source

MAX_SOURCES = 12
MAX_URL = 400
MAX_EMBEDDED = 200


@dataclass(frozen=True, slots=True)
class Parsed:
    """Knowledge in the shapes of the library. Kept between files: a list of revocations is long to read."""

    roots: tuple[tuple[x509.Certificate, Root], ...]
    intermediates: tuple[x509.Certificate, ...]
    crls: tuple[crl.CertificateList, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]


@lru_cache(maxsize=2)
def parsed(knowledge: Knowledge) -> Parsed:
    return Parsed(
        tuple((x509.Certificate.load(one.certificate), one) for one in knowledge.roots),
        tuple(x509.Certificate.load(one) for one in knowledge.intermediates),
        tuple(crl.CertificateList.load(one) for one in knowledge.crls),
        tuple(ocsp.OCSPResponse.load(one) for one in knowledge.ocsps),
    )


@dataclass(slots=True)
class Known:
    """Knowledge plus what one file brings along."""

    kept: Parsed
    certificates: list[x509.Certificate] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def context(self, moment: datetime, *, revocation: str = "require") -> ValidationContext:
        """What is asked as of that moment. Revocation news that came later counts too: it only adds."""
        return ValidationContext(
            trust_roots=[certificate for certificate, root in self.kept.roots if _trusted(root, moment)],
            other_certs=[*self.kept.intermediates, *self.certificates],
            moment=moment,
            crls=[*self.kept.crls, *self.crls],
            ocsps=[*self.kept.ocsps, *self.ocsps],
            revocation_mode=revocation,
            retroactive_revinfo=True,
        )

    async def path_without_revocation(self, certificate: x509.Certificate, moment: datetime) -> ValidationPath | None:
        """The way to a root when nobody asks about revocation; None when there is no sound one."""
        context = self.context(moment, revocation="none")
        try:
            paths = context.path_builder.async_build_paths_lazy(certificate)
            return await find_valid_path(certificate, paths, validation_context=context)
        except (ValidationError, PathBuildingError):
            return None

    def note_sources_of(self, status: Any) -> None:
        if status is not None and status.trusted:
            self.note_sources(status.validation_path)

    def note_sources(self, path: ValidationPath | None) -> None:
        """Addresses that the certificates of a sound way name. Nobody else may tell us where to ask."""
        if path is None:
            return
        chain = list(path)
        for issuer, certificate in pairwise(chain):
            for source in sources_of(certificate, issuer):
                if source not in self.sources and len(self.sources) < MAX_SOURCES:
                    self.sources.append(source)

    def carries_revocation_of(self, chain: Iterable[x509.Certificate]) -> bool:
        """Whether the file itself says of each certificate what became of it."""
        return all(_spoken_of(one, self.crls, self.ocsps) for one in chain)

    def latest_word_on(self, certificate: x509.Certificate) -> tuple[str, datetime, bool] | None:
        """Which kind of answer on this certificate is newest, of when, and whether the file brought it."""
        found = [
            (kind, moment, mine)
            for mine, crls, ocsps in ((True, self.crls, self.ocsps), (False, self.kept.crls, self.kept.ocsps))
            for kind, moment in _words_on(certificate, crls, ocsps)
        ]
        return max(found, key=lambda one: one[1], default=None)


def context_for_signing(knowledge: Knowledge, moment: datetime, *, allow_fetching: bool) -> ValidationContext:
    """For proof to be embedded: the roots trusted at that moment and every answer that is kept."""
    kept = parsed(knowledge)
    return ValidationContext(
        trust_roots=[certificate for certificate, root in kept.roots if _trusted(root, moment)],
        other_certs=list(kept.intermediates),
        moment=None if allow_fetching else moment,
        allow_fetching=allow_fetching,
        crls=list(kept.crls),
        ocsps=list(kept.ocsps),
        revocation_mode="require",
    )


def _trusted(root: Root, moment: datetime) -> bool:
    return root.since <= moment and (root.until is None or moment < root.until)


def known(knowledge: Knowledge, reader: PdfFileReader, signatures: Iterable[EmbeddedPdfSignature]) -> Known:
    """With the certificates and answers that the document's security store and its signatures carry."""
    found = Known(parsed(knowledge))
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = None
    if store is not None:
        found.certificates += list(store.load_certs())[:MAX_EMBEDDED]
        found.crls += [_stream(crl.CertificateList, ref) for ref in list(store.crls)[:MAX_EMBEDDED]]
        found.ocsps += [_stream(ocsp.OCSPResponse, ref) for ref in list(store.ocsps)[:MAX_EMBEDDED]]
    for signature in signatures:
        _take_archived(found, signature.signer_info)
    return found


def _stream(shape: type[core.Asn1Value], reference: Any) -> Any:
    return shape.load(reference.get_object().data)


def _take_archived(found: Known, signer: cms.SignerInfo) -> None:
    """Answers that older signatures carry inside, in Adobe's way."""
    try:
        archived = find_unique_cms_attribute(signer["signed_attrs"], "adobe_revocation_info_archival")
    except (NonexistentAttributeError, MultivaluedAttributeError):
        return
    found.crls += list(archived["crl"] or ())[:MAX_EMBEDDED]
    found.ocsps += list(archived["ocsp"] or ())[:MAX_EMBEDDED]


def sources_of(certificate: x509.Certificate, issuer: x509.Certificate) -> list[Source]:
    """Its lists of revocations; where it names none, its responder."""
    name = named(issuer.subject)
    urls = [point.url for point in certificate.crl_distribution_points if point.url]
    lists = [Source("crl", url, name) for url in urls if _fetchable(url)]
    if lists:
        return lists
    question = question_about(certificate, issuer)
    return [Source("ocsp", url, name, question) for url in certificate.ocsp_urls if _fetchable(url)]


def _fetchable(url: str) -> bool:
    return url.lower().startswith(("http://", "https://")) and len(url) <= MAX_URL


def question_about(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """An OCSP request (RFC 6960), without a nonce: the answer may be a prepared one."""
    request = ocsp.Request({"req_cert": _identity(certificate, issuer)})
    made: bytes = ocsp.OCSPRequest({"tbs_request": ocsp.TBSRequest({"request_list": [request]})}).dump()
    return made


def _identity(certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.CertId:
    return ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
            "issuer_name_hash": certificate.issuer.sha1,
            "issuer_key_hash": issuer.public_key.sha1,
            "serial_number": certificate.serial_number,
        }
    )


def _spoken_of(
    certificate: x509.Certificate, crls: Iterable[crl.CertificateList], ocsps: Iterable[ocsp.OCSPResponse]
) -> bool:
    return next(iter(_words_on(certificate, crls, ocsps)), None) is not None


def _words_on(
    certificate: x509.Certificate, crls: Iterable[crl.CertificateList], ocsps: Iterable[ocsp.OCSPResponse]
) -> Iterable[tuple[str, datetime]]:
    for one in crls:
        if one.issuer == certificate.issuer:
            yield "CRL", one["tbs_cert_list"]["this_update"].native
    for answer in ocsps:
        if answer["response_status"].native != "successful":
            continue
        for single in answer.response_data["responses"]:
            if single["cert_id"]["serial_number"].native == certificate.serial_number:
                yield "OCSP", single["this_update"].native
