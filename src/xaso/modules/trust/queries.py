"""Questions about trust. `judge` and `knowledge` are what other modules ask; the rest is for our own pages."""

from __future__ import annotations

import hashlib
import importlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from xaso.core.access import Actor, visible
from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, cut, number_in
from xaso.modules.trust import judging, rules
from xaso.modules.trust.models import Anchor, Proof, RevocationEntry, Verification
from xaso.modules.trust.rules import Finding, Judgement, Knowledge, Root, Source

NO_VERIFICATION = "Không tìm thấy kết quả kiểm tra này ở đơn vị của bạn."
NO_ANCHOR = "Không tìm thấy chứng thư này. Hãy chọn lại trong danh sách."
NO_PROOF = (
    "Không có văn bản nào mang mã này. Hãy xem lại mã in trên giấy, gồm 12 chữ và số. "
    "Văn bản chưa có chữ ký của cơ quan thì chưa tra được."
)
SIZE = 30
REFETCH_AFTER = timedelta(hours=12)
ASK_AGAIN_AFTER = timedelta(minutes=30)


@cache
def engine() -> Any:
    """pyHanko takes more than a second to import and most processes never judge: it is loaded when first asked."""
    return importlib.import_module("xaso.modules.trust.chains")


def judge(content: bytes, at: datetime | None = None) -> Judgement:
    """What the signatures of a file are worth now, or at another moment. Slow: outside transactions.

    Only what is kept here and what the file brings along is asked, never the network.
    """
    return judging.bench.judge(content, knowledge(), at or clock.machine_now())


def judge_for_anybody(content: bytes) -> Judgement:
    """The same for the public page: in a process of its own and with less patience, so that nobody can hold up ours."""
    return judging.public_bench.judge(content, knowledge(), clock.machine_now())


def content_of(stored: StoredFile) -> bytes:
    """The bytes of a file, as far as a judgement needs them: what is too large says so by its length."""
    with store().open(stored.blob_id) as stream:
        return stream.read(rules.MAX_BYTES + 1)


def knowledge() -> Knowledge:
    """All that is trusted and known now. Bodies are read only when something changed since the last time."""
    trusted = Anchor.objects.order_by("id").values_list("fingerprint", "trusted_from", "trusted_to", "withdrawn_at")
    answers = list(RevocationEntry.objects.exclude(sha256="").order_by("id").values_list("sha256", flat=True))
    digest = hashlib.sha256(repr((list(trusted), answers)).encode()).hexdigest()
    return _loaded(digest)


@lru_cache(maxsize=2)
def _loaded(digest: str) -> Knowledge:
    anchors = list(Anchor.objects.order_by("id"))
    answers = list(RevocationEntry.objects.exclude(sha256="").order_by("id"))
    kinds = Anchor.Kind
    return Knowledge(
        digest,
        tuple(
            Root(bytes(one.certificate), _start(one.trusted_from), _end(one.trusted_to))
            for one in anchors
            if one.kind == kinds.ROOT
        ),
        tuple(bytes(one.certificate) for one in anchors if one.kind == kinds.INTERMEDIATE and not one.withdrawn_at),
        tuple(bytes(one.body) for one in answers if one.kind == RevocationEntry.Kind.CRL),
        tuple(bytes(one.body) for one in answers if one.kind == RevocationEntry.Kind.OCSP),
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.VIETNAM)


def _end(day: date | None) -> datetime | None:
    return _start(day + timedelta(days=1)) if day else None


def validation_context(*, allow_fetching: bool = False, moment: datetime | None = None) -> Any:
    """pyHanko's own context with our anchors and answers, for whoever embeds proof into a signature (B-LT, B-LTA).

    With `allow_fetching` the library may ask the authorities itself: outside transactions.
    """
    return engine().context_for_signing(knowledge(), moment or clock.machine_now(), allow_fetching=allow_fetching)


# Anchors


def anchors() -> list[Anchor]:
    """Trusted roots first, then intermediates, then what was withdrawn."""
    found = list(Anchor.objects.defer("certificate").order_by("subject"))
    return sorted(found, key=lambda one: (one.withdrawn_at is not None, one.kind != Anchor.Kind.ROOT))


def anchor(key: UUID) -> Anchor:
    found = Anchor.objects.filter(uuid=key).first()
    if found is None:
        raise Missing(NO_ANCHOR)
    return found


# Revocation


def revocation_entries() -> list[RevocationEntry]:
    return list(RevocationEntry.objects.defer("body", "question").order_by("url"))


def due_entries(now: datetime) -> list[RevocationEntry]:
    """Never fetched, half a day old, or past the moment the authority promised the next one for."""
    old = Q(fetched_at=None) | Q(fetched_at__lt=now - REFETCH_AFTER) | Q(next_update__lt=now)
    waited = Q(tried_at=None) | Q(tried_at__lt=now - ASK_AGAIN_AFTER)
    return list(RevocationEntry.objects.defer("body").filter(old, waited).order_by("id")[:200])


def key_of(source: Source) -> str:
    return hashlib.sha256(f"{source.kind} {source.url} ".encode() + source.question).hexdigest()


def entries_of(sources: Iterable[Source]) -> list[RevocationEntry]:
    keys = [key_of(source) for source in sources]
    return list(RevocationEntry.objects.defer("body").filter(key__in=keys).order_by("id"))


# Verifications


def latest(stored: StoredFile) -> Verification | None:
    """What the file was last found to be worth."""
    return Verification.objects.filter(stored=stored).order_by("-id").first()


def latest_of_many(stored: Iterable[StoredFile]) -> dict[int, Verification]:
    """pk of the file → its latest verification, for lists of files. One statement; none when nothing is signed."""
    signed = [one.pk for one in stored if one.is_signed]
    if not signed:
        return {}
    return {one.stored_id: one for one in Verification.objects.filter(stored__in=signed, is_latest=True)}


def verifications_of(subject: str) -> list[Verification]:
    """The latest of every signed file of a subject, worst first."""
    rows = Verification.objects.filter(stored__subject=subject, stored__removed_at=None, is_latest=True)
    return list(rows.select_related("stored").order_by("rank", "-id"))


def verification(by: Actor, key: UUID) -> Verification:
    rows = visible(by, "trust.view", Verification.objects.select_related("stored__blob"))
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(NO_VERIFICATION)
    return found


def earlier(found: Verification) -> list[Verification]:
    """The other times the same file was judged, newest first."""
    return list(Verification.objects.filter(stored=found.stored_id).exclude(pk=found.pk).order_by("-id")[:20])


def findings_of(found: Verification) -> list[Finding]:
    return [rules.finding_of(one) for one in found.findings]


def listed(by: Actor, verdict: str = "", after: str = "", size: int = SIZE) -> Page[Verification]:
    """Files as last judged, the worst first and the newest of them first."""
    rows: QuerySet[Verification] = visible(by, "trust.view", Verification.objects.filter(is_latest=True))
    if verdict in rules.VERDICTS:
        rows = rows.filter(verdict=verdict)
    rank, _, pk = after.partition("-")
    if last := number_in(pk):
        rows = rows.filter(Q(rank__gt=number_in(rank)) | Q(rank=number_in(rank), pk__lt=last))
    found = list(rows.select_related("stored").defer("findings").order_by("rank", "-pk")[: size + 1])
    return cut(found, size, lambda row: f"{row.rank}-{row.pk}")


def unsure(limit: int) -> list[Verification]:
    """Not decided yet, the newest first."""
    rows = Verification.objects.filter(verdict="unsure", is_latest=True, stored__removed_at=None)
    return list(rows.select_related("stored").order_by("-id")[:limit])


def needing_somebody(by: Actor) -> int:
    """How many files of the actor's unit have a false signature."""
    return visible(by, "trust.view", Verification.objects.filter(is_latest=True, verdict="invalid")).count()


# Proofs


def proof(code: str) -> Proof:
    """What a code on paper stands for. Raises Missing."""
    found = Proof.objects.select_related("unit", "stored").filter(code=rules.clean_code(code)).first()
    if found is None:
        raise Missing(NO_PROOF)
    return found


def new_code() -> str:
    """Nobody guesses the next one."""
    return rules.code_of(secrets.token_bytes(rules.CODE_LENGTH))


def shown_code(code: str) -> str:
    """As it is printed for somebody who types it."""
    return rules.shown_code(code)


def address_of_code(code: str) -> str:
    """What a QR code on the paper holds."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('trust:proof', args=[code])}"


def proof_of_content(content: bytes) -> Proof | None:
    """The published paper with exactly this content."""
    sha256 = hashlib.sha256(content).hexdigest()
    rows = Proof.objects.select_related("unit", "stored").filter(sha256=sha256, withdrawn_at=None)
    return rows.order_by("id").first()


def proof_of(stored: StoredFile) -> Proof | None:
    return Proof.objects.select_related("unit").filter(stored=stored).first()
