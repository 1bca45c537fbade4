"""Judges the signatures of a PDF with pyHanko. Knows no database; what it may trust it is told.

pyHanko takes more than a second to import: this file is loaded late, by `child` and by `queries.engine`.
"""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from xaso.modules.trust import chains, rules, words
from xaso.modules.trust.rules import Finding, Judgement, Knowledge

# What parsing may raise on a file written to break it. pyHanko promises no single family for hostile input.
HOSTILE = (
    PdfError, SignatureValidationError, SigningError, ValueError, KeyError, IndexError, TypeError, AttributeError,
    AssertionError, NotImplementedError, OverflowError, RecursionError,
)  # fmt: skip
USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)

# pyHanko logs every refusal with its stack; the refusal is our answer and stands in the finding.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def judge(content: bytes, knowledge: Knowledge, at: datetime) -> Judgement:
    """What the signatures of the file are worth at that moment, by this knowledge and what the file brings along."""
    if len(content) > rules.MAX_BYTES:
        return rules.unreadable(rules.TOO_LARGE, knowledge.digest)
    if b"%PDF-" not in content[:1024]:
        return rules.unreadable(rules.NOT_PDF, knowledge.digest)
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            return rules.unreadable(rules.ENCRYPTED, knowledge.digest)
        return asyncio.run(_judge(content, reader, knowledge, at))
    except (PdfDecodeLimitError, MemoryError):
        return rules.unreadable(rules.TOO_HARD, knowledge.digest)
    except HOSTILE:
        return rules.unreadable(rules.BROKEN, knowledge.digest)


@dataclass(slots=True)
class _Case:
    """One file while it is judged."""

    content: bytes
    reader: PdfFileReader
    known: chains.Known
    at: datetime
    # Archive time-stamps that hold: the revision each covers, and when it was made.
    proofs: list[tuple[int, datetime]] = field(default_factory=list)

    def proven_for(self, revision: int) -> datetime | None:
        """The earliest moment at which a revision is known to have existed already."""
        return min((moment for covered, moment in self.proofs if covered > revision), default=None)

    def context(self, moment: datetime) -> ValidationContext:
        return self.known.context(moment)


async def _judge(content: bytes, reader: PdfFileReader, knowledge: Knowledge, at: datetime) -> Judgement:
    fields = list(enumerate_sig_fields(reader, filled_status=True))
    if len(fields) > rules.MAX_SIGNATURES:
        return rules.unreadable(rules.TOO_MANY, knowledge.digest)
    if not fields:
        lost = b"/ByteRange" in content
        return rules.unreadable(words.LOST, knowledge.digest) if lost else rules.judged((), (), knowledge.digest)
    signatures, findings = _read(reader, fields)
    case = _Case(content, reader, chains.known(knowledge, reader, signatures), at)
    stamps = [one for one in signatures if one.sig_object_type == "/DocTimeStamp"]
    for stamp in reversed(stamps):
        await _take_proof(case, stamp)
    for signature in signatures:
        if signature.sig_object_type != "/DocTimeStamp":
            findings.append(await _finding(case, signature))
    if not findings and stamps:
        return rules.unreadable(words.ONLY_STAMPED, knowledge.digest)
    return rules.judged(findings, case.known.sources, knowledge.digest)


def _read(reader: PdfFileReader, fields: list[Any]) -> tuple[list[EmbeddedPdfSignature], list[Finding]]:
    """The signatures that can be read, oldest first, and a finding for each that cannot."""
    signatures, findings = [], []
    for name, _value, place in fields:
        try:
            signature = EmbeddedPdfSignature(reader, place, name)
            signature.signer_cert  # noqa: B018 - reads the certificate, which may be what is broken
            signatures.append(signature)
        except HOSTILE as broken:
            technical = {"Trường ký": name, "Lỗi": f"{type(broken).__name__}: {broken}"[:200]}
            findings.append(Finding("invalid", rules.UNREADABLE_SIGNATURE, technical=technical))
    return sorted(signatures, key=lambda one: one.signed_revision), findings


async def _take_proof(case: _Case, stamp: EmbeddedPdfSignature) -> None:
    """An archive time-stamp is judged at the moment that the next one proves; the newest, now."""
    moment = case.proven_for(stamp.signed_revision) or case.at
    try:
        status = await async_validate_pdf_timestamp(stamp, case.context(moment), skip_diff=True)
    except HOSTILE:
        return
    case.known.note_sources(status.validation_path)
    covers = status.coverage is not None and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    if status.trusted and covers and status.timestamp <= case.at:
        case.proofs.append((stamp.signed_revision, status.timestamp))


async def _finding(case: _Case, signature: EmbeddedPdfSignature) -> Finding:
    proven = case.proven_for(signature.signed_revision)
    stamped = _stamped_at(signature)
    moment = min(stamped or case.at, proven or case.at)
    try:
        status = await async_validate_pdf_signature(
            signature,
            signer_validation_context=case.context(moment),
            ts_validation_context=case.context(proven or case.at),
            key_usage_settings=USAGE,
        )
    except HOSTILE as broken:
        return words.unreadable_signature(signature, broken)
    view = words.View(
        signature=signature,
        status=status,
        moment=moment,
        proven=proven,
        stamped=stamped,
        problem=await _problem(case, status, moment),
        known=case.known,
        junk_after=_junk_after(case, signature),
    )
    return words.finding(view)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """When the time-stamp in the signature says it was made. Whether that holds is judged later."""
    try:
        for token in extract_tst_data_iter(signature.signer_info, signed=False):
            made: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            return made
    except HOSTILE:
        return None
    return None


async def _problem(case: _Case, status: PdfSignatureStatus, moment: datetime) -> str:
    """Why the way to a root does not hold; empty when it does. Tells missing revocation from a broken chain."""
    case.known.note_sources_of(status.timestamp_validity)
    if status.trust_problem_indic is None:
        case.known.note_sources(status.validation_path)
        return ""
    problem = status.trust_problem_indic.name
    if problem in ("CERTIFICATE_CHAIN_GENERAL_FAILURE", "TRY_LATER"):
        path = await case.known.path_without_revocation(status.signing_cert, moment)
        if path is None:
            return "BAD_CHAIN"
        case.known.note_sources(path)
        return "STALE" if problem == "TRY_LATER" else "NO_REVOCATION"
    return problem


def _junk_after(case: _Case, signature: EmbeddedPdfSignature) -> bool:
    """Bytes behind the end of the file that no revision accounts for. Line ends added on the way do no harm."""
    ends = case.content.rpartition(b"%%EOF")[2]
    if ends.strip(b"\r\n\t \x00"):
        return True
    if signature.signed_revision != case.reader.xrefs.total_revisions - 1:
        return False
    numbers = [int(part) for part in signature.byte_range]
    return bool(case.content[numbers[2] + numbers[3] :].strip(b"\r\n\t \x00"))
