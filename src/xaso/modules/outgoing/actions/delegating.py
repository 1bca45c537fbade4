"""Who may sign for the head: given by a document, for a time, ended early when need be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xaso.core.access import Actor
from xaso.core.accounts.models import Account, Post
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.models import Delegation
from xaso.modules.outgoing.rules import capacity


@dataclass(frozen=True, slots=True)
class Terms:
    """What a delegation says."""

    mode: str
    document_no: str
    valid_from: date
    valid_to: date | None = None
    kinds: tuple[str, ...] = ()
    scope: str = ""

    def for_audit(self) -> list[str]:
        return [self.mode, self.document_no, str(self.valid_from), str(self.valid_to), *self.kinds]


@action("outgoing.delegate", "Giao ký văn bản")
def delegate(by: Actor, unit: Unit, /, *, holder: Account, terms: Terms) -> Delegation:
    """KT., TL., TUQ. or Q.: by which document, from when to when, which kinds."""
    if terms.mode not in capacity.BY_DELEGATION:
        raise Refused("Hãy chọn cách ký: KT., TL., TUQ. hoặc Q.")
    if not tidy(terms.document_no):
        raise Refused("Hãy ghi số văn bản giao quyền, ví dụ 05/QĐ-UBND.")
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
    if terms.mode in {capacity.AUTHORITY, capacity.ACTING} and terms.valid_to is None:
        raise Refused("Thừa uỷ quyền và quyền cấp trưởng phải có ngày kết thúc.")
    if unknown := [kind for kind in terms.kinds if kind not in layouts.kinds()]:
        raise Refused(f"Không có loại văn bản “{unknown[0]}”. Hãy chọn trong danh sách.")
    post = Post.objects.on(clock.today()).filter(account=holder, unit=unit).order_by("id").first()
    if post is None:
        raise Refused("Người này không giữ chức danh nào ở đơn vị. Hãy giao chức danh trước.")
    return Delegation.objects.create(
        unit=unit,
        unit_path=unit.path,
        holder=holder,
        holder_name=holder.person.full_name[:120],
        title=post.title,
        mode=terms.mode,
        kinds=list(terms.kinds),
        scope=tidy(terms.scope)[:300],
        document_no=tidy(terms.document_no)[:60],
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        made_by=by.name[:120],
        made_at=clock.now(),
    )


@action("outgoing.end_delegation", "Kết thúc việc giao ký")
def end_delegation(by: Actor, delegation: Delegation, /, *, on: date) -> Delegation:
    """The last day. What was signed before stays as it was signed."""
    if delegation.valid_to is not None and delegation.valid_to <= on:
        raise Refused("Việc giao ký này đã kết thúc trước ngày đó.")
    if on < delegation.valid_from:
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
    Delegation.objects.filter(pk=delegation.pk).update(valid_to=on)
    delegation.valid_to = on
    return delegation
