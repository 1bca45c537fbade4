"""Who was reached and who was not, out of what every channel said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

REACHED, WAITING, FAILED = "reached", "waiting", "failed"
NOT_SENT = "Không có trong đợt gửi (thêm vào danh bạ sau khi gửi)."


@dataclass(frozen=True, slots=True)
class Somebody:
    """A contact of the audience. `phone` and `user` are what the channels know it by."""

    uuid: str
    person_id: int | None
    name: str
    phone: str
    user: str
    unit_path: str

    @property
    def key(self) -> str:
        """Persons are counted once, then numbers, then what is left."""
        if self.person_id is not None:
            return f"p{self.person_id}"
        return self.phone or self.user or self.uuid


@dataclass(slots=True)
class Told:
    """What one channel did, by phone or Zalo user; `left_out` by contact: (code, sentence)."""

    channel: str
    outcome: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_out: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, one: Somebody) -> tuple[str, str, str]:
        """(state, code, sentence). A number that was reached counts for everybody who shares it."""
        found = self.outcome.get(one.phone) or self.outcome.get(one.user)
        if found is not None:
            return found[0], found[0], found[1]
        if said := self.left_out.get(one.uuid):
            return FAILED, *said
        return FAILED, "not_sent", NOT_SENT


@dataclass(slots=True)
class Standing:
    """Where one person stands over all channels."""

    somebody: Somebody
    state: str
    reasons: list[list[str]]


def standings(people: Iterable[Somebody], channels: Iterable[Told]) -> dict[str, Standing]:
    """Everybody once: reached by any channel is reached; waiting beats not reached."""
    told = list(channels)
    rank = {REACHED: 0, WAITING: 1, FAILED: 2}
    found: dict[str, Standing] = {}
    for one in people:
        answers = [(channel.channel, *channel.of(one)) for channel in told]
        state = min((answer[1] for answer in answers), key=rank.__getitem__, default=FAILED)
        reasons = [[channel, code, sentence] for channel, each, code, sentence in answers if each == FAILED]
        known = found.get(one.key)
        if known is None:
            found[one.key] = Standing(one, state, reasons)
        else:
            known.reasons += [reason for reason in reasons if reason not in known.reasons]
            known.state = min(known.state, state, key=rank.__getitem__)
    return found


def missed(found: Mapping[str, Standing]) -> Iterator[Standing]:
    """In a steady order: by village, then by name."""
    rows = (one for one in found.values() if one.state == FAILED)
    return iter(sorted(rows, key=lambda one: (one.somebody.unit_path, one.somebody.name, one.somebody.uuid)))


def counted(found: Mapping[str, Standing]) -> dict[str, int]:
    totals = {REACHED: 0, WAITING: 0, FAILED: 0}
    for one in found.values():
        totals[one.state] += 1
    return totals
