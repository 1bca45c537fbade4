"""In what capacity somebody signs: as the head, or for the head by a delegation. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xaso.kit.fold import fold

HEAD, DEPUTY, ORDER, AUTHORITY, ACTING = "TM", "KT", "TL", "TUQ", "Q"
MODES = {
    HEAD: "Thay mặt (TM.)",
    DEPUTY: "Ký thay cấp trưởng (KT.)",
    ORDER: "Thừa lệnh (TL.)",
    AUTHORITY: "Thừa uỷ quyền (TUQ.)",
    ACTING: "Quyền cấp trưởng (Q.)",
}
BY_DELEGATION = {mode: label for mode, label in MODES.items() if mode != HEAD}

NOT_DELEGATED = (
    "{name} chưa được giao ký loại văn bản này. "
    "Người đứng đầu cần ghi uỷ quyền ở mục “Uỷ quyền ký” (KT., TL., TUQ. hoặc Q.), hoặc chọn người ký khác."
)


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation as far as signing needs it. No kinds: every kind."""

    id: int
    account_id: int
    mode: str
    title: str
    kinds: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    def covers(self, kind: str, day: date) -> bool:
        in_time = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return in_time and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How a person signs. `delegation` is None for the head in person."""

    mode: str
    title: str
    delegation: int | None = None


def is_deputy(title: str) -> bool:
    return fold(title).startswith("pho ")


def capacity_of(
    account_id: int, title: str, *, is_leader: bool, delegations: Iterable[Given], kind: str, day: date
) -> Capacity | None:
    """None when this person may not sign this kind on that day.

    The head signs without a delegation; a deputy, a head of an office and anybody else needs one in force.
    """
    if is_leader and not is_deputy(title):
        return Capacity(HEAD, title or "Chủ tịch")
    for given in delegations:
        if given.account_id == account_id and given.covers(kind, day):
            return Capacity(given.mode, title or given.title, given.id)
    return None


@dataclass(frozen=True, slots=True)
class Block:
    """What stands over the name: the mode and the titles it is written with, then the signer's own title."""

    mode: str
    titles: tuple[str, ...]
    own: str


def block_of(how: Capacity, head: str, agency: str, *, is_collective: bool) -> Block:
    """TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH over PHÓ CHỦ TỊCH; a head in his or her own right has the title alone."""
    body = (agency,) if is_collective else ()
    if how.mode in {HEAD, ACTING}:
        own = f"Q. {head}" if how.mode == ACTING else how.title
        return Block(HEAD if body else "", body, own)
    if how.mode == DEPUTY:
        return Block(DEPUTY, (*body, head), how.title)
    return Block(how.mode, (head,), how.title)
