"""What changed after the signing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.packs import rules
from xaso.modules.packs.models import Pack, Restatement
from xaso.modules.packs.queries.lines import line_of, period_named, rows_behind
from xaso.modules.packs.queries.signed import check, contents
from xaso.modules.packs.rules import Line


def restatements(pack: Pack) -> list[Restatement]:
    """What changed since the signing, oldest first: what was noticed already, and what is true only since."""
    noticed = list(pack.restatements.order_by("pk"))
    return noticed + changes([pack]).get(pack.pk, [])


def changes(packs: Sequence[Pack]) -> dict[int, list[Restatement]]:
    """Pack id → rows not stored yet, for figures that say something else than the pack and its last restatement."""
    current = [one for one in packs if not check(one)]
    said = _live(current)
    last: dict[tuple[int, str], Restatement] = {}
    for row in Restatement.objects.filter(pack__in=current).order_by("position"):
        last[row.pack_id, row.line_key] = row
    found: dict[int, list[Restatement]] = {}
    for one in current:
        rows = [
            _restated(one, line, said[one.pk, line.key], last.get((one.pk, line.key)))
            for line in contents(one).lines
            if (one.pk, line.key) in said
        ]
        if fresh := [row for row in rows if row]:
            found[one.pk] = fresh
    return found


def _live(packs: Sequence[Pack]) -> dict[tuple[int, str], Line]:
    """(pack id, line key) → the line as it would be sealed now. A few statements for each period."""
    wanted: dict[str, list[tuple[Pack, Line]]] = defaultdict(list)
    known = figures.catalogue()
    for one in packs:
        for line in contents(one).lines:
            if line.figure in known:
                wanted[line.period or one.period_key].append((one, line))
    found: dict[tuple[int, str], Line] = {}
    for key, pairs in wanted.items():
        units = list({pack.unit_id: pack.unit for pack, _ in pairs}.values())
        values = figures.values(sorted({line.figure for _, line in pairs}), units, period_named(key))
        for pack, line in pairs:
            found[pack.pk, line.key] = line_of(line.key, line.label, values[line.figure, pack.unit_path])
    return found


def _restated(pack: Pack, signed: Line, live: Line, last: Restatement | None) -> Restatement | None:
    state = rules.state(live)
    if state == (last.now_state if last else rules.state(signed)):
        return None
    period = period_named(signed.period or pack.period_key)
    rows = rows_behind(pack.unit_path, period, live.measures)
    back = state == rules.state(signed)
    return Restatement(
        pack=pack,
        line_key=signed.key,
        label=signed.label[:200],
        position=last.position + 1 if last else 1,
        was=rules.worded(signed)[:300],
        now=rules.worded(live)[:300],
        now_state=state,
        cause="Số liệu trở lại như đã ký." if back else rules.cause(signed.rows, tuple(rows.values())),
        noticed_at=clock.now(),
    )
