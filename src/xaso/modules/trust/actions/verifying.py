"""Evidence: what a signed file was worth, when, by what knowledge. Judging comes before, outside the transaction."""

from xaso.core.access import SYSTEM, Actor
from xaso.core.actions import action, note
from xaso.core.files.models import StoredFile
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.trust import queries, rules
from xaso.modules.trust.actions.revocation import ask_authorities, note_sources
from xaso.modules.trust.models import Verification
from xaso.modules.trust.rules import Judgement

A_NIGHT = 1000


def verify_file(by: Actor, stored: StoredFile, /, *, asks_outside: bool = False) -> Verification:
    """Judge a file by what is known and keep the outcome as evidence. NOT inside a transaction.

    `asks_outside`: when revocation is unknown, ask the authorities at once and judge again (the worker does).
    """
    judgement = judge_stored(stored, asks_outside=asks_outside)
    return record_verification(by, stored, judgement=judgement)


def judge_stored(stored: StoredFile, *, asks_outside: bool) -> Judgement:
    content = queries.content_of(stored)
    judgement = queries.judge(content)
    if not asks_outside or judgement.verdict != "unsure" or not judgement.sources:
        return judgement
    note_sources(SYSTEM, judgement.sources)
    now = clock.now()
    due = {entry.pk for entry in queries.due_entries(now)}
    asked = [entry for entry in queries.entries_of(judgement.sources) if entry.pk in due]
    return queries.judge(content) if ask_authorities(asked) else judgement


@action("trust.verify", "Kiểm tra chữ ký số")
def record_verification(by: Actor, stored: StoredFile, /, *, judgement: Judgement) -> Verification:
    """A new row each time; the older ones stay as they were."""
    if not judgement.knowledge:
        raise Refused("Chưa kiểm tra được tệp này. Hãy thử lại sau ít phút.")
    if judgement.sources:
        note_sources(by, judgement.sources)
    # One at a time for each file, so that only one row is the latest.
    StoredFile.objects.select_for_update().get(pk=stored.pk)
    Verification.objects.filter(stored=stored, is_latest=True).update(is_latest=False)
    made = Verification.objects.create(
        unit_path=stored.unit_path,
        stored=stored,
        sha256=stored.blob_id,
        verdict=judgement.verdict,
        rank=rules.WORST_FIRST.index(judgement.verdict),
        sentence=judgement.sentence[:600],
        signers=judgement.signers,
        findings=[rules.packed_finding(one) for one in judgement.signatures],
        knowledge=judgement.knowledge,
        judged_at=clock.now(),
        judged_by_name="" if by.kind == "system" else by.name,
    )
    note(file=str(stored.uuid), sha256=made.sha256, verdict=made.verdict, knowledge=made.knowledge)
    return made


def rejudge_unsure(limit: int = A_NIGHT) -> int:
    """Look again at what could not be decided, wherever we know more now. NOT inside a transaction.

    A new row only where the outcome is another one: the same "unknown" every night would prove nothing.
    """
    known_now = queries.knowledge().digest
    changed = 0
    for before in queries.unsure(limit):
        if before.knowledge == known_now:
            continue
        judgement = judge_stored(before.stored, asks_outside=False)
        if (judgement.verdict, judgement.sentence) != (before.verdict, before.sentence):
            record_verification(SYSTEM, before.stored, judgement=judgement)
            changed += 1
    return changed
