"""Writing a draft: begin, save, upload instead of typing, annexes, comments. Every saving that changed is a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, plain, tidy
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.moving import file_in_search, need_open
from xaso.modules.outgoing.models import Comment, Document, Step, Version
from xaso.modules.outgoing.queries.sheets import ANNEX
from xaso.modules.outgoing.queries.signers import block_of, signer_of
from xaso.modules.outgoing.rules import capacity, moves, naming

LONGEST_TEXT = 200_000
MOST_ADDRESSEES = 30
DRAFT_FILE = "outgoing.draft"
NOT_DRAFT = "Văn bản không còn ở bước dự thảo nên không sửa được. Muốn sửa, người đang giữ văn bản trả lại trước."
WRITTEN_MEANWHILE = (
    "Người khác vừa lưu dự thảo này. Nội dung bạn gõ còn trong các ô bên dưới; "
    "hãy so với bản mới ở cuối trang, sửa lại rồi bấm lưu lần nữa."
)
NO_SUBJECT = "Hãy ghi trích yếu: một câu ngắn nói văn bản về việc gì."
TOO_LONG = "Nội dung dài quá {most} ký tự. Hãy đưa phần dài vào phụ lục đính kèm."


class WrittenMeanwhile(Refused):
    """Somebody else saved in between: the page shows both, so that nothing typed is lost."""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a person writes of a draft."""

    kind: str
    subject: str
    text: str = ""
    addressees: tuple[str, ...] = ()
    urgency: str = ""
    organ: str = "UBND"
    department: str = ""
    is_collective: bool = True
    is_normative: bool = False
    reply_on: date | None = None
    signer_id: int | None = None

    def for_audit(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def fields(self) -> dict[str, Any]:
        """What a version keeps beside the subject and the text."""
        kept = {name: value for name, value in asdict(self).items() if name not in {"subject", "text"}}
        return kept | {"addressees": list(self.addressees), "reply_on": str(self.reply_on or "")}


def words_of(document: Document) -> Words:
    """What the draft says now."""
    return Words(
        kind=document.kind,
        subject=document.subject,
        text=document.text,
        addressees=tuple(document.addressees),
        urgency=document.urgency,
        organ=document.organ,
        department=document.department,
        is_collective=document.is_collective,
        is_normative=document.is_normative,
        reply_on=document.reply_on,
        signer_id=document.signer_id,
    )


@action("outgoing.draft", "Soạn văn bản đi")
def begin_draft(
    by: Actor, unit: Unit, /, *, kind: str, subject: str, text: str = "", addressees: Sequence[str] = (),
    urgency: str = "", answers: str = "",
) -> Document:  # fmt: skip
    """A new draft of the unit, written by this person. `answers`: the reference of what it answers."""
    words = _tidied(Words(kind, subject, text, tuple(addressees), urgency))
    return create(by, unit, words, answers=answers)


def create(by: Actor, unit: Unit, words: Words, **links: Any) -> Document:
    """The row and its first version. Inside an action."""
    now = clock.now()
    kept = asdict(words) | {"addressees": list(words.addressees)}
    made = Document.objects.create(
        unit=unit,
        unit_path=unit.path,
        owner_person_id=by.person_id,
        folded=_folded(words),
        year=clock.local(now).year,
        begun_at=now,
        begun_by=by.name[:120],
        **kept,
        **links,
    )
    _keep_version(by, made, words, 1)
    Step.objects.create(document=made, at=now, by_name=by.name[:120], state=made.state, title="Bắt đầu soạn")
    file_in_search(made)
    return made


def _folded(words: Words) -> str:
    return fold(words.subject)[:600]


def _keep_version(by: Actor, document: Document, words: Words, number: int) -> None:
    Version.objects.create(
        document=document,
        number=number,
        saved_at=clock.now(),
        saved_by=by.name[:120],
        subject=words.subject,
        text=words.text,
        fields=words.fields,
        file=document.draft_file,
    )


def _tidied(words: Words) -> Words:
    """As it is kept. Raises Refused or Missing for what cannot be."""
    text = plain(words.text).replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise Refused(TOO_LONG.format(most=f"{LONGEST_TEXT:,}".replace(",", ".")))
    if not tidy(words.subject):
        raise Refused(NO_SUBJECT)
    if words.kind not in layouts.kinds():
        raise Refused("Hãy chọn loại văn bản trong danh sách.")
    if words.urgency not in moves.URGENCIES or words.organ not in naming.ORGANS:
        raise Refused("Hãy chọn mức độ khẩn và cơ quan ban hành trong danh sách.")
    named = [tidy(one)[:200] for one in words.addressees if tidy(one)][:MOST_ADDRESSEES]
    return replace(
        words,
        subject=tidy(words.subject)[:500],
        text=text,
        addressees=tuple(named),
        department=tidy(words.department)[:30],
    )


@action("outgoing.write", "Sửa dự thảo")
def save_draft(by: Actor, document: Document, /, *, words: Words, revision: int) -> Document:
    """Keep the text and the fields. `revision` is that of the page they were typed on; nothing changed, no version."""
    need_draft(document)
    kept = _tidied(words)
    if kept == words_of(document) and revision == document.revision:
        return document
    values = asdict(kept) | {"addressees": list(kept.addressees), "folded": _folded(kept)} | _signing(document, kept)
    return _save(by, document, kept, revision, values)


def _save(by: Actor, document: Document, words: Words, revision: int, values: dict[str, Any]) -> Document:
    found = Document.objects.filter(pk=document.pk, state=moves.DRAFT, revision=revision)
    # What was overruled about the layout was overruled for another text.
    values = values | {"revision": revision + 1, "format_reason": ""}
    if not found.update(**values):
        raise WrittenMeanwhile(WRITTEN_MEANWHILE)
    for name, value in values.items():
        setattr(document, name, value)
    _keep_version(by, document, words, revision + 2)
    note(version=revision + 2)
    file_in_search(document)
    return document


def _signing(document: Document, words: Words) -> dict[str, Any]:
    """The signature block as it stands for the signer chosen. Raises Refused when that person may not sign it."""
    if words.signer_id is None:
        return {"signer_name": "", "signer_title": "", "authority": [], "delegation_id": None}
    today = clock.today()
    signer = signer_of(document.unit, words.signer_id, words.kind, today)
    if signer is None:
        raise Refused("Người ký đã chọn không giữ chức danh được ký văn bản ở đơn vị này. Hãy chọn lại người ký.")
    if signer.capacity is None:
        raise Refused(capacity.NOT_DELEGATED.format(name=signer.name))
    lines, own = block_of(document.unit, signer.capacity, words.organ, today, is_collective=words.is_collective)
    return {
        "signer_name": signer.name[:120],
        "signer_title": own[:120],
        "authority": lines,
        "delegation_id": signer.capacity.delegation,
    }


def renewed_block(document: Document) -> dict[str, Any]:
    """The same for the signer on record, as of today: a delegation may have ended meanwhile."""
    return _signing(document, words_of(document))


def need_draft(document: Document) -> None:
    need_open(document)
    if document.state != moves.DRAFT:
        raise Refused(NOT_DRAFT)


@action("outgoing.upload_draft", "Tải dự thảo lên")
def upload_draft(by: Actor, document: Document, /, *, received: files.Received, revision: int) -> Document:
    """A Word or PDF file instead of the typed text. The typed text stays in its versions."""
    need_draft(document)
    stored = files.attach(
        by, received, subject=subject.ref(document), unit_path=document.unit_path, kind=DRAFT_FILE
    )  # fmt: skip
    return _save(by, document, words_of(document), revision, {"draft_file": stored})


@action("outgoing.use_text", "Bỏ tệp dự thảo, dùng nội dung gõ")
def use_text(by: Actor, document: Document, /, *, revision: int) -> Document:
    """Back to the typed text; the file stays in its version."""
    need_draft(document)
    return _save(by, document, words_of(document), revision, {"draft_file": None})


@action("outgoing.annex", "Thêm phụ lục đính kèm")
def add_annex(by: Actor, document: Document, /, *, received: files.Received) -> StoredFile:
    """A file that goes out with the document. Until the personal signature."""
    need_open(document)
    if document.state not in {moves.DRAFT, moves.AT_HEAD, moves.AT_LEADER, moves.CHECKING}:
        raise Refused("Văn bản đã trình ký nên không thêm phụ lục được. Hãy trả lại dự thảo trước.")
    return files.attach(by, received, subject=subject.ref(document), unit_path=document.unit_path, kind=ANNEX)


@action("outgoing.remove_annex", "Bỏ phụ lục đính kèm")
def remove_annex(by: Actor, document: Document, /, *, annex: StoredFile) -> Document:
    need_draft(document)
    if annex.subject != subject.ref(document) or annex.kind != ANNEX:
        raise Refused("Tệp này không phải phụ lục của văn bản. Hãy tải lại trang.")
    files.remove_file(by, annex)
    return document


@action("outgoing.comment", "Góp ý dự thảo")
def comment(by: Actor, document: Document, /, *, text: str) -> Document:
    """Words of a reader about the version as it stands."""
    need_open(document)
    if document.state not in moves.BEFORE_ISSUE:
        raise Refused("Văn bản đã xong nên không góp ý được nữa.")
    said = plain(text).strip()
    if not said:
        raise Refused("Hãy ghi nội dung góp ý.")
    Comment.objects.create(
        document=document,
        version=document.revision + 1,
        said_at=clock.now(),
        said_by=by.name[:120],
        text=said[:2000],
    )
    return document
