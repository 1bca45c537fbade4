"""An attacker who knows every published number and every sum cannot work out a small one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.modules.overview.rules.suppression import LEFT_OUT, SMALL, Sum, suppressed

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 20))


def table(rows: list[list[int]]) -> tuple[dict, list[Sum]]:
    """Rows and columns with their totals, and the total of totals."""
    width = len(rows[0])
    values = {(r, c): rows[r][c] for r in range(len(rows)) for c in range(width)}
    values |= {(r, "all"): sum(rows[r]) for r in range(len(rows))}
    values |= {("all", c): sum(row[c] for row in rows) for c in range(width)}
    values["all", "all"] = sum(sum(row) for row in rows)
    sums = [Sum((r, "all"), tuple((r, c) for c in range(width))) for r in range(len(rows))]
    sums += [Sum(("all", c), tuple((r, c) for r in range(len(rows)))) for c in range(width)]
    sums.append(Sum(("all", "all"), tuple((r, "all") for r in range(len(rows)))))
    return values, sums


def consistent(values: dict, sums: list[Sum], hidden, fixed: dict) -> bool:
    """Is there a table with these published numbers in which the fixed cells have the fixed values?"""
    cells = [cell for cell in values if cell in hidden and cell not in fixed]
    known = {cell: value for cell, value in values.items() if cell not in hidden} | fixed
    return _fill(cells, known, sums, hidden)


def _fill(cells: list, known: dict, sums: list[Sum], hidden) -> bool:
    for one in sums:
        unknown = [cell for cell in (one.whole, *one.parts) if cell not in known]
        if len(unknown) > 1:
            continue
        parts = sum(known[cell] for cell in one.parts if cell in known)
        if not unknown:
            if parts != known[one.whole]:
                return False
            continue
        forced = parts if unknown[0] == one.whole else known[one.whole] - parts
        if forced < 0 or (unknown[0] in hidden.small and not 1 <= forced <= 4):
            return False
        rest = [cell for cell in cells if cell != unknown[0]]
        return _fill(rest, known | {unknown[0]: forced}, sums, hidden)
    if not cells:
        return True
    options = range(1, 5) if cells[0] in hidden.small else range(45)
    return any(_fill(cells[1:], known | {cells[0]: value}, sums, hidden) for value in options)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=2, max_size=3))
def test_no_small_number_can_be_worked_out(rows):
    values, sums = table(rows)
    hidden = suppressed(values, sums)
    for cell, value in values.items():
        if 0 < value < 5:
            assert cell in hidden
            others = [other for other in range(41) if other != value]
            assert any(consistent(values, sums, hidden, {cell: other}) for other in others), (rows, cell)


@settings(max_examples=80, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_of_a_list_with_its_total_only_one_to_four_is_known(parts):
    values = dict(enumerate(parts)) | {"all": sum(parts)}
    sums = [Sum("all", tuple(range(len(parts))))]
    hidden = suppressed(values, sums)
    for cell, value in values.items():
        if not 0 < value < 5 or sum(parts) < 5:
            continue
        possible = [other for other in range(1, 5) if consistent(values, sums, hidden, {cell: other})]
        assert len(possible) > 1
        if max(parts) >= 8:
            assert possible == [1, 2, 3, 4]


def test_a_single_small_part_takes_a_second_one_with_it():
    values = {"a": 3, "b": 9, "c": 20, "all": 32}
    hidden = suppressed(values, [Sum("all", ("a", "b", "c"))])
    assert [hidden.shown(cell, value) for cell, value in values.items()] == [SMALL, LEFT_OUT, "20", "32"]


def test_a_small_complement_hides_what_it_could_be_worked_out_from():
    values = {"done": 40, "on_time": 38, "late": 2}
    hidden = suppressed(values, [Sum("done", ("on_time", "late"))], frozenset({"late"}))
    assert hidden.shown("on_time", 38) == LEFT_OUT
    assert hidden.shown("done", 40) == "40"


def test_without_small_numbers_everything_is_published():
    values, sums = table([[10, 20], [0, 40]])
    hidden = suppressed(values, sums)
    assert not hidden.small
    assert not hidden.left_out
