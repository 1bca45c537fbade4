"""Verbs: open, collect, close, open again, hand to the archive, take in or give back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action, entry_for, note
from xaso.core.files.actions import Received, attach
from xaso.core.numbering.actions import next_value
from xaso.core.search.actions import index_many
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.workfiles import rules
from xaso.modules.workfiles.definitions import headings
from xaso.modules.workfiles.finding import item_of
from xaso.modules.workfiles.models import Item, Transfer, WorkFile

A_PERSON = "Hồ sơ công việc phải do một cán bộ lập. Hãy đăng nhập bằng tài khoản của bạn."
NO_HEADING = "Danh mục hồ sơ không có đề mục này. Hãy chọn lại trong danh sách."
NO_TITLE = "Hãy ghi tên hồ sơ công việc, ví dụ “Kế hoạch chuyển đổi số năm 2026”."
NO_REASON = "Hãy ghi lý do để người sau hiểu vì sao."
EMPTY = "Hồ sơ công việc chưa có tài liệu nào. Hãy thêm tài liệu rồi đóng."
TWICE = "Tài liệu này đã có trong hồ sơ công việc."
CHANGED = "Hồ sơ công việc vừa được người khác xử lý. Hãy tải lại trang rồi làm tiếp."
NOTHING_OFFERED = "Hãy chọn ít nhất một hồ sơ công việc đã đóng để nộp lưu."
OTHER_UNIT = "Chỉ nộp lưu hồ sơ công việc của đơn vị mình."
GONE = "Tài liệu này không còn trong hồ sơ công việc."


@dataclass(frozen=True, slots=True)
class Paper:
    """What is put into a work file: a thing of ours by `subject` and `url`, or a `received` file."""

    title: str
    is_electronic: bool
    dated_on: date | None = None
    subject: str = ""
    url: str = ""
    received: Received | None = None


@action("workfiles.open", "Lập hồ sơ công việc")
def open_workfile(by: Actor, unit: Unit, /, *, heading: str, title: str) -> WorkFile:
    """A new file in the unit's list of the year, kept by whoever opens it. Raises Refused."""
    if by.account_id is None:
        raise Refused(A_PERSON)
    found = headings().named(heading)
    if found is None:
        raise Refused(NO_HEADING)
    if not (title := tidy(title)):
        raise Refused(NO_TITLE)
    now = clock.now()
    year = clock.local(now).year
    value = next_value("workfiles", unit.path, str(year))
    made = WorkFile.objects.create(
        unit=unit,
        unit_path=unit.path,
        number=rules.number_of(value, year, found.code),
        heading=found.code,
        heading_title=found.title,
        title=title[:300],
        retention_years=found.years,
        officer_id=by.account_id,
        officer_name=by.name[:120],
        opened_at=now,
    )
    index_many([item_of(made)])
    return made


@action("workfiles.collect", "Thêm tài liệu vào hồ sơ công việc")
def add_paper(by: Actor, work_file: WorkFile, /, *, paper: Paper) -> Item:
    """Raises Refused when the file is closed or holds the paper already."""
    _hold(work_file)
    if refusal := "" if work_file.is_open else rules.REFUSALS[work_file.state]:
        raise Refused(refusal)
    if not (title := tidy(paper.title)):
        raise Refused("Hãy ghi tên tài liệu.")
    stored = None
    if paper.received:
        stored = attach(
            by, paper.received, subject=subject.ref(work_file), unit_path=work_file.unit_path, kind="workfile"
        )
    fresh = Item(
        work_file=work_file,
        subject=paper.subject,
        url=paper.url,
        file=stored,
        title=title[:500],
        dated_on=paper.dated_on,
        is_electronic=paper.is_electronic,
        added_at=clock.now(),
        added_by=by.name[:120],
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError as twice:
        raise Refused(TWICE) from twice
    note(title=fresh.title)
    return fresh


@action("workfiles.take_out", "Bỏ tài liệu khỏi hồ sơ công việc")
def take_out(by: Actor, work_file: WorkFile, /, *, item: Item, reason: str) -> Item:
    """The row stays with its reason. Raises Refused."""
    del by
    _hold(work_file)
    if not work_file.is_open:
        raise Refused(rules.REFUSALS[work_file.state])
    reason = _reason(reason)
    taken = Item.objects.filter(pk=item.pk, work_file=work_file, removed_at=None).update(
        removed_at=clock.now(), removed_reason=reason
    )
    if not taken:
        raise Refused(GONE)
    note(title=item.title, reason=reason)
    return item


@action("workfiles.close", "Đóng hồ sơ công việc")
def close_workfile(by: Actor, work_file: WorkFile, /) -> WorkFile:
    """Says at this moment whether the work was done wholly online. Raises Refused."""
    _hold(work_file)
    kinds = list(work_file.items.filter(removed_at=None).values_list("is_electronic", flat=True))
    if not kinds and work_file.is_open:
        raise Refused(EMPTY)
    return _move(
        work_file, rules.CLOSED, closed_at=clock.now(), closed_by=by.name[:120], is_online=rules.is_online(kinds)
    )


@action("workfiles.reopen", "Mở lại hồ sơ công việc")
def reopen_workfile(by: Actor, work_file: WorkFile, /, *, reason: str) -> WorkFile:
    del by
    reason = _reason(reason)
    opened = _move(work_file, rules.OPEN, closed_at=None, closed_by="", is_online=None, returned_reason="")
    note(reason=reason)
    return opened


@action("workfiles.offer", "Nộp lưu hồ sơ công việc")
def offer_workfiles(by: Actor, unit: Unit, /, *, work_files: Sequence[WorkFile]) -> Transfer:
    """One transfer with its number of the year; the files wait for the archive. Raises Refused."""
    if not work_files:
        raise Refused(NOTHING_OFFERED)
    if any(one.unit_path != unit.path for one in work_files):
        raise Refused(OTHER_UNIT)
    now = clock.now()
    year = clock.local(now).year
    transfer = Transfer.objects.create(
        unit=unit,
        unit_path=unit.path,
        year=year,
        number=next_value("workfiles.transfer", unit.path, str(year)),
        offered_at=now,
        offered_by=by.name[:120],
    )
    for one in sorted(work_files, key=lambda one: one.pk):
        _move(one, rules.OFFERED, transfer=transfer, returned_reason="")
        entry_for(one, transfer=str(transfer))
    return transfer


@action("workfiles.accept", "Nhận hồ sơ nộp lưu")
def accept_transfer(by: Actor, transfer: Transfer, /) -> Transfer:
    """The archive takes in what is left of the transfer. Raises Refused."""
    waiting = list(transfer.work_files.filter(state=rules.OFFERED).order_by("pk"))
    if not waiting or transfer.accepted_at:
        raise Refused("Đợt nộp lưu này không còn hồ sơ nào chờ nhận.")
    for one in waiting:
        _move(one, rules.ARCHIVED)
        entry_for(one, transfer=str(transfer))
    transfer.accepted_at, transfer.accepted_by = clock.now(), by.name[:120]
    transfer.save(update_fields=["accepted_at", "accepted_by"])
    return transfer


@action("workfiles.give_back", "Trả lại hồ sơ nộp lưu")
def give_back(by: Actor, work_file: WorkFile, /, *, reason: str) -> WorkFile:
    """The archive does not take it like this: it is closed as before, with what is to be mended."""
    del by
    reason = _reason(reason)
    note(reason=reason)
    if work_file.state != rules.OFFERED:
        raise Refused(rules.REFUSALS[work_file.state])
    return _move(work_file, rules.CLOSED, transfer=None, returned_reason=reason)


def _reason(text: str) -> str:
    if not (tidied := tidy(text)):
        raise Refused(NO_REASON)
    return tidied[:500]


def _hold(work_file: WorkFile) -> None:
    """The row is held, so that nothing is added to a file while it is being closed."""
    work_file.state = (
        WorkFile.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=work_file.pk)
    )


def _move(work_file: WorkFile, wanted: str, **changes: Any) -> WorkFile:
    """Compare and set. Raises Refused."""
    if refusal := rules.refusal(work_file.state, wanted):
        raise Refused(refusal)
    moved = WorkFile.objects.filter(pk=work_file.pk, state=work_file.state).update(state=wanted, **changes)
    if not moved:
        raise Refused(CHANGED)
    for name, value in (changes | {"state": wanted}).items():
        setattr(work_file, name, value)
    return work_file
