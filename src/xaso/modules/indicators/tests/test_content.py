"""The product's own sets and figures: complete, valid, honest about what was not checked."""

from collections import Counter

import pytest
from django.conf import settings

from xaso.modules.figures import queries as figures
from xaso.modules.indicators.definitions import Doc, Info, PassFail, SetDefinition, Split, every_key, read_sets

SIZES = {
    "1": (8, 100), "2": (8, 100), "3": (10, 100), "4": (8, 100), "5": (7, 100), "6": (14, 200), "7": (10, 150),
    "8": (13, 150),
}  # fmt: skip


@pytest.fixture(scope="module")
def declared() -> dict[str, SetDefinition]:
    kinds = {key: kind.type for key, kind in figures.catalogue().items()}
    return {one.definition.code: one.definition for one in read_sets(settings.CONTENT_DIRS, kinds)}


def test_every_file_is_valid(declared):
    assert set(declared) >= {"dti-xa", "qd-766", "ntm-8", "ntm-2026"}


def test_dti_has_78_components_and_1000_points(declared):
    version = declared["dti-xa"].versions[-1]
    assert len(list(version.components())) == 78
    assert version.max == 1000
    assert {group.code: (len(group.components), group.max) for group in version.groups} == SIZES
    assert version.to_verify


def test_dti_component_maxima(declared):
    """Points per component, as the default set was agreed."""
    points = {
        "1": "20 20 15 10 5 10 10 10",
        "2": "15 20 10 10 10 10 15 10",
        "3": "15 10 5 10 20 5 10 10 10 5",
        "4": "10 20 15 15 5 15 10 10",
        "5": "25 20 15 15 10 10 5",
        "6": "20 30 15 25 20 15 10 15 10 15 10 5 5 5",
        "7": "15 25 25 10 10 20 10 15 10 10",
        "8": "15 25 15 10 5 15 15 10 10 10 10 5 5",
    }
    for group in declared["dti-xa"].versions[-1].groups:
        assert " ".join(str(one.max) for one in group.components) == points[group.code]
        assert [one.code for one in group.components] == [f"{group.code}.{n + 1}" for n in range(len(group.components))]


def test_dti_formula_types_and_thresholds(declared):
    components = {one.code: one.formula for one in declared["dti-xa"].versions[-1].components()}
    types = Counter(formula.type for formula in components.values())
    assert types == {
        "RATIO": 45, "RATIO_T": 11, "YESNO": 5, "COUNT_T": 5, "SPLIT": 5, "CHOICE": 4, "BANDS": 1, "DOC": 1,
        "PER_POP": 1,
    }  # fmt: skip
    thresholds = {code: int(one.threshold) for code, one in components.items() if hasattr(one, "threshold")}
    assert thresholds == {
        "1.6": 24, "1.7": 48, "3.5": 90, "4.5": 5, "4.7": 70, "4.8": 12, "5.5": 4, "6.2": 80, "6.10": 60, "7.2": 50,
        "7.5": 80, "7.9": 1, "8.1": 80, "8.3": 80, "8.4": 60, "8.6": 30, "8.7": 95,
    }  # fmt: skip


def test_every_component_says_who_and_with_what(declared):
    for definition in declared.values():
        for version in definition.versions:
            for one in version.components():
                assert one.evidence, one.code
                assert one.owner, one.code
                assert one.provenance, one.code
                if "M" in one.provenance:
                    assert one.to_verify, (definition.code, one.code)


def test_qd_766_adds_to_100_by_its_six_groups(declared):
    version = declared["qd-766"].versions[-1]
    assert [int(group.max) for group in version.groups] == [18, 20, 12, 10, 22, 18]
    rows = list(version.components())
    full = [number + 1 for number, one in enumerate(rows) if one.not_applicable == "full"]
    assert full == [6, 8, 9, 16, 17]
    by_code = {one.code: one for one in rows}
    assert {code: int(by_code[code].formula.threshold) for code in ("3.1", "3.3", "4.2", "4.3", "5.1")} == {
        "3.1": 80, "3.3": 50, "4.2": 80, "4.3": 80, "5.1": 90,
    }  # fmt: skip
    assert [int(by_code[code].max) for code in ("1.1", "1.2", "1.3", "1.4")] == [6, 4, 2, 6]
    assert by_code["2.2"].formula.inverse
    assert by_code["3.3"].formula.times == "sync_share"


def test_the_countryside_sets_pass_or_fail(declared):
    for code in ("ntm-8", "ntm-2026"):
        for one in declared[code].versions[-1].components():
            assert isinstance(one.formula, PassFail | Info)
            assert not one.max
    assert [one.code for one in declared["ntm-8"].versions[-1].components()] == ["8.1", "8.2", "8.3", "8.4", "8"]
    assert "Chưa biết các chỉ tiêu" in declared["ntm-2026"].versions[-1].note


def test_a_share_has_the_same_two_numbers_as_its_component(declared):
    """Else a component would be judged by another share than the one its two figures give."""
    kinds = figures.catalogue()
    for definition in declared.values():
        for one in definition.versions[-1].components():
            formula = one.formula
            for part in formula.conditions if isinstance(formula, PassFail) else [formula]:
                share = getattr(part, "share", None)
                if share:
                    assert (kinds[share].numerator, kinds[share].denominator) == (part.a, part.b), one.code


def test_choices_are_the_options_of_their_figure(declared):
    kinds = figures.catalogue()
    for definition in declared.values():
        for one in definition.versions[-1].components():
            if one.formula.type == "CHOICE":
                assert dict(kinds[one.formula.figure].options) == {o.key: o.label for o in one.formula.options}


def test_one_evidence_feeds_several_sets(declared):
    used = Counter(key for definition in declared.values() for key in every_key(definition.versions))
    assert {key for key, count in used.items() if count > 1} >= {"villages", "officers_with_computer", "online_share"}


def test_what_cannot_be_made_good_has_no_lever(declared):
    components = {one.code: one for one in declared["dti-xa"].versions[-1].components()}
    assert not any(components[code].levers for code in ("1.2", "2.2", "2.7", "2.8", "6.2", "6.4", "6.7", "6.13"))
    assert sum(bool(one.levers) for one in components.values()) >= 55
    for one in components.values():
        if isinstance(one.formula, Split | Doc):
            assert one.levers
