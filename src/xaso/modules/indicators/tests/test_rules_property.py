"""The rules against a second implementation, written plainly and from the contract alone."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.modules.indicators.rules.totals import total_of
from xaso.modules.indicators.tests.making import component, facts, version

KEYS = ["k1", "k2", "k3", "k4"]
YES_KEYS = ["y1", "y2", "y3"]
keys = st.sampled_from(KEYS)
yes_keys = st.sampled_from(YES_KEYS)
FORMULAS = st.one_of(
    st.builds(lambda a, b: {"type": "RATIO", "a": a, "b": b}, keys, keys),
    st.builds(lambda a, b, t: {"type": "RATIO_T", "a": a, "b": b, "threshold": t}, keys, keys, st.integers(1, 120)),
    st.builds(lambda a, b: {"type": "RATIO", "a": a, "b": b, "inverse": True}, keys, keys),
    st.builds(
        lambda key, cuts: {
            "type": "BANDS",
            "figure": key,
            "bands": [
                {"from": start, "share": Decimal(n) / 4} | ({"below": stop} if stop else {})
                for n, (start, stop) in enumerate(zip([0, *cuts], [*cuts, None], strict=True))
            ],
        },
        keys,
        st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True).map(sorted),
    ),
    st.builds(
        lambda parts: {"type": "SPLIT", "parts": [{"figure": k, "label": k, "weight": w} for k, w in parts]},
        st.lists(st.tuples(yes_keys, st.integers(1, 5)), min_size=2, max_size=4),
    ),
    st.builds(lambda key: {"type": "YESNO", "figure": key}, yes_keys),
    st.builds(lambda key, t: {"type": "COUNT_T", "figure": key, "threshold": t}, keys, st.integers(1, 60)),
    st.builds(
        lambda key, t, per: {"type": "COUNT_T", "figure": key, "threshold": t, "per": per},
        keys,
        st.integers(1, 9),
        keys,
    ),
    st.builds(
        lambda a, b, t: {"type": "PER_POP", "a": a, "population": b, "per": 1000, "threshold": t},
        keys,
        keys,
        st.integers(1, 900),
    ),
)
NUMBERS = st.one_of(st.none(), st.just(0), st.integers(0, 50))
POINTS = st.integers(1, 4000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def cases(draw):
    count = draw(st.integers(1, 6))
    formulas = [draw(FORMULAS) for _ in range(count)]
    maxima = [draw(POINTS) for _ in range(count)]
    known = {key: draw(NUMBERS) for key in KEYS} | {key: draw(st.sampled_from([None, 0, 1])) for key in YES_KEYS}
    return formulas, maxima, known, draw(st.sampled_from(["zero", "full", "redistribute"]))


def naive_share(formula, known):
    """A Decimal of 60 digits, or why there is none."""
    if formula["type"] == "SPLIT":
        answers = [(known[part["figure"]], Decimal(part["weight"])) for part in formula["parts"]]
        if any(answer is None for answer, _ in answers):
            return "missing"
        return sum(weight for answer, weight in answers if answer) / sum(weight for _, weight in answers)
    if formula["type"] in ("YESNO", "BANDS"):
        number = known[formula["figure"]]
        if number is None or formula["type"] == "YESNO":
            return "missing" if number is None else Decimal(number)
        return next(
            band["share"]
            for band in formula["bands"]
            if band["from"] <= number and ("below" not in band or number < band["below"])
        )
    return naive_quotient(formula, known)


def naive_quotient(formula, known):
    full = Decimal(formula.get("threshold", 100)) / 100
    above, below = known[formula.get("a") or formula["figure"]], known.get(formula.get("b"))
    if formula["type"] == "COUNT_T":
        below, full = (known[formula["per"]] if "per" in formula else 1), formula["threshold"]
    if formula["type"] == "PER_POP":
        below, full = known[formula["population"]], Decimal(formula["threshold"]) / 1000
    if above is None or below is None:
        return "missing"
    if below == 0:
        return "not_applicable"
    if formula.get("inverse"):
        return Decimal(1) if above == 0 else min(Decimal(1), Decimal(below) / above)
    return min(Decimal(1), Decimal(above) / below / full)


def naive_maxima(shares, maxima, policy):
    """Largest remainders, one hundredth after the other."""
    takers = [n for n, share in enumerate(shares) if share != "not_applicable"]
    if policy != "redistribute" or not takers or len(takers) == len(shares):
        return maxima
    cents = [int(most * 100) for most in maxima]
    whole, base = sum(cents), sum(cents[n] for n in takers)
    found = [0] * len(shares)
    for n in takers:
        found[n] = cents[n] * whole // base
    rest = {n: cents[n] * whole % base for n in takers}
    while sum(found) < whole:
        luckiest = max(rest, key=lambda n: (rest[n], -n))
        found[luckiest] += 1
        rest[luckiest] = -1
    return [Decimal(one) / 100 for one in found]


def naive(formulas, maxima, known, policy):
    shares = [naive_share(formula, known) for formula in formulas]
    found = []
    for share, most in zip(shares, naive_maxima(shares, maxima, policy), strict=True):
        if share == "missing" or (share == "not_applicable" and policy == "redistribute"):
            found.append(None)
        elif share == "not_applicable":
            found.append(most if policy == "full" else Decimal(0))
        else:
            found.append((share * most).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return found


def plainly(*case):
    """60 digits tell 0.125 from 0.1249…; a third can only come out a hair low, never exactly on a half."""
    with localcontext() as context:
        context.prec = 60
        return naive(*case)


@settings(max_examples=400, deadline=None)
@given(cases())
def test_points_equal_an_independent_count(case):
    formulas, maxima, known, policy = case
    one = version(
        [component(f"1.{n}", most, formula) for n, (formula, most) in enumerate(zip(formulas, maxima, strict=True))],
        not_applicable=policy,
    )
    total = total_of(one, facts(**known))
    expected = plainly(*case)
    for item, points in zip(total.items(), expected, strict=True):
        assert item.points == points or _on_the_edge(item, points), (item, points)
    assert all(0 <= item.points <= item.max for item in total.items() if item.points is not None)
    if any(item.state != "not_applicable" for item in total.items()):
        assert sum(item.max for item in total.items()) == sum(maxima)


def _on_the_edge(item, points):
    """Exactly half a hundredth, which 60 digits of a repeating decimal may miss."""
    if item.points is None or points is None or item.outcome.share is None:
        return False
    hundredths = item.outcome.share * int(item.max * 100)
    return hundredths - int(hundredths) == 0.5 and item.points - points == Decimal("0.01")
