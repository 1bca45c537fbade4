"""Content files are read with the line of every fault."""

import pytest

from xaso.kit.declared import ContentError, parse


def problems_of(tmp_path, text):
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as found:
        parse(file, "one.yaml")
    return found.value.problems


def test_a_key_written_twice_is_named_with_its_line_however_deep(tmp_path):
    assert problems_of(tmp_path, "a: 1\nlist:\n  - {x: 1}\n  - y: 1\n    z: 2\n    y: 3\na: 2\n") == [
        "one.yaml, dòng 6: khoá “y” viết hai lần.",
        "one.yaml, dòng 7: khoá “a” viết hai lần.",
    ]


def test_the_same_key_in_two_places_is_no_fault(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text("rows:\n  - {x: 1}\n  - {x: 2}\n", encoding="utf-8")
    assert parse(file, "one.yaml")[1] == {"rows": [{"x": 1}, {"x": 2}]}


def test_no_yaml_is_a_sentence(tmp_path):
    assert "không đọc được YAML" in problems_of(tmp_path, "a: [1\n")[0]
