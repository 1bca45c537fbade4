"""Every file of content/procedures is valid, complete, and a wrong one is told with file, line and a sentence."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from xaso.modules.procedures import rules
from xaso.modules.procedures.definitions import (
    ContentError,
    read_defaults,
    read_life_events,
    read_procedures,
)

MOST_USED = [
    "1.001193",
    "1.000656",
    "1.000894",
    "1.004873",
    "1.004859",
    "2.000635",
    "2.000815",
    "2.000884",
    "2.001035",
    "1.001612",
    "2.000720",
    "1.001266",
    "1.013225",
    "1.012812",
    "1.011607",
    "1.001776",
    "1.001731",
    "1.014027",
    "1.001699",
    "1.001653",
    "1.010833",
    "1.010803",
]


@pytest.fixture(scope="module")
def declared():
    return {one.definition.code: one.definition for one in read_procedures(settings.CONTENT_DIRS)}


def test_enough_procedures_are_declared(declared):
    assert len(declared) >= 97


def test_the_most_used_are_complete(declared):
    for code in MOST_USED:
        version = declared[code].versions[-1]
        assert version.steps, code
        assert version.components, code
        asked = [field for section in version.form for field in section.fields]
        assert sum(1 + len(field.fields) for field in asked) >= 8, code
        assert all(case.limit for case in version.cases), code


def test_the_forms_use_every_kind_of_field(declared):
    kinds = {f.kind for d in declared.values() for v in d.versions for s in v.form for f in s.fields}
    simple = "name person past_date date phone email choice multi_choice number money yes_no consent note long_text"
    assert kinds >= {*simple.split(), "address", "relation", "repeat", "file"}


def test_every_form_compiles_and_answers_an_empty_request(declared, today):
    for definition in declared.values():
        for version in definition.versions:
            form = rules.compile_form(version)
            clean, problems = rules.validate(form, {}, today=today)
            assert clean == {} or not any(isinstance(v, str) for v in clean.values())
            assert bool(problems) == (not form.is_empty)


@pytest.fixture
def today():
    return date(2024, 6, 15)


def test_most_procedures_are_in_force_in_2022_to_2024(declared, today):
    in_force = [d for d in declared.values() if any(v.valid_from <= today for v in d.versions)]
    assert len(in_force) >= 97


def test_what_is_not_certain_is_marked(declared):
    assert all(v.mark == "to_verify" for d in declared.values() for v in d.versions)


def test_every_life_event_leads_somewhere(declared):
    used = {slug for d in declared.values() for slug in d.life_events}
    assert {event.slug for event in read_life_events(settings.CONTENT_DIRS)} == used
    assert all(d.life_events for d in declared.values())


def test_no_fee_is_zero_without_a_source(declared):
    for definition in declared.values():
        for version in definition.versions:
            assert all(fee.legal_basis for fee in version.fees if fee.status == "free"), definition.code


def test_the_tariff_of_certified_copies(declared, today):
    version = declared["2.000815"].versions[0]
    quote = rules.fee_for(version, version.cases[0], "counter", {"page": 5, "copy": 2}, (), today)
    assert quote.total == 14_000


def test_a_late_birth_asks_the_council_tariff(declared, today):
    version = declared["1.001193"].versions[0]
    late, on_time = {"late": "yes"}, {"late": "no"}
    assert rules.fee_for(version, rules.case_for(version, on_time), "counter", {}, (), today).total == 0
    assert rules.fee_for(version, rules.case_for(version, late), "counter", {}, (), today).total is None


def test_defaults_for_imported_ones_are_valid():
    assert read_defaults(settings.CONTENT_DIRS).steps[0].kind == "receive"


GOOD = """\
code: "9.000001"
name: Thủ tục thử
field: Thử
life_events: [thu]
versions:
  - valid_from: 2022-01-01
    cases:
      - key: thuong
        label: Thường
        limit: {amount: 3, unit: workday}
    channels: [counter]
    result: {kind: none}
    route: {kind: owner}
"""


def content(folder: Path, text: str | bytes, name: str = "9.000001.yaml") -> Path:
    place = folder / "procedures" / "thu"
    place.mkdir(parents=True, exist_ok=True)
    (folder / "procedures" / "life-events.yaml").write_text("life_events: [{slug: thu, title: Thử}]", encoding="utf-8")
    file = place / name
    file.write_bytes(text) if isinstance(text, bytes) else file.write_text(text, encoding="utf-8")
    return folder


def test_a_good_file_is_read(tmp_path):
    assert read_procedures([content(tmp_path, GOOD)])[0].file == "procedures/thu/9.000001.yaml"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("unit: workday", "unit: week", 10, "unit"),
        ("amount: 3", "amount: 0", 10, "thời hạn phải từ 1"),
        ("kind: owner", "kind: other", 13, "authority"),
        ("name: Thủ tục thử", "nam: Thủ tục thử", 1, "name: thiếu"),
        ("field: Thử", "field: Thử\nfees: []", 4, "fees: không có mục nào"),
        ("channels: [counter]", "channels: []", 11, "cần ít nhất một dòng"),
        ("life_events: [thu]", "life_events: [khac]", 1, "sự kiện khac"),
        ('code: "9.000001"', 'code: "9.000002"', 1, "tên tệp"),
        ("code: ", "code: [", 2, "YAML"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path, old, new, line, says):
    with pytest.raises(ContentError) as told:
        read_procedures([content(tmp_path, GOOD.replace(old, new))])
    assert told.value.problems[0].startswith(f"procedures/thu/9.000001.yaml, dòng {line}: ")
    assert says in told.value.problems[0]


@pytest.mark.parametrize("text", [b"\xff\xfe", "", "- 1", "!!python/object/apply:os.getcwd []"])
def test_a_hostile_file_is_only_told(tmp_path, text):
    with pytest.raises(ContentError):
        read_procedures([content(tmp_path, text)])


def test_a_later_folder_replaces_a_procedure(tmp_path):
    first = content(tmp_path / "a", GOOD)
    second = content(tmp_path / "b", GOOD.replace("Thủ tục thử", "Thủ tục của xã"))
    assert [one.definition.name for one in read_procedures([first, second])] == ["Thủ tục của xã"]
