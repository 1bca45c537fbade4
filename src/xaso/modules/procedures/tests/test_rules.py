"""Decisions without a database: tables of cases."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.procedures import rules
from xaso.modules.procedures.definitions import Condition, Version
from xaso.modules.procedures.rules.identity import MAX_NAME

TODAY = date(2024, 6, 15)


def version(**more) -> Version:
    base = {
        "valid_from": "2022-01-01",
        "cases": [{"key": "thuong", "label": "Thông thường", "limit": {"amount": 3, "unit": "workday"}}],
        "channels": ["online", "counter"],
        "result": {"kind": "none"},
        "route": {"kind": "owner"},
    }
    return Version.model_validate(base | more)


def form(*fields):
    return rules.compile_form(version(form=[{"key": "s", "title": "Phần", "fields": list(fields)}]))


def errors(fields, answers, **more):
    return rules.validate(form(*fields), answers, today=TODAY, **more)[1]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("026185001234", ""),
        ("026 185 001 234", ""),
        ("02618500123", "đã ghi 11"),
        ("0261850012345", "đã ghi 13"),
        ("003185001234", "Ba số đầu"),
        ("000185001234", "Ba số đầu"),
        ("02618500123a", "chỉ gồm chữ số"),
        ("０２６１８５００１２３４", "chỉ gồm chữ số"),
        ("", "Hãy ghi số định danh"),
        ("135123456", "đã ghi 9"),
        (None, "Hãy ghi số định danh"),
    ],
)
def test_a_personal_id_is_checked(number, says):
    clean, problem = rules.check_personal_id(number)
    assert says in problem
    assert bool(clean) != bool(problem)


def test_an_id_agrees_with_birth_year_and_sex():
    assert rules.check_personal_id("026185001234", birth_on=date(1985, 3, 8), sex="female")[1] == ""
    assert "năm sinh 1985" in rules.check_personal_id("026185001234", birth_on=date(1986, 3, 8))[1]
    assert "giới tính" in rules.check_personal_id("026185001234", sex="male")[1]
    assert rules.check_personal_id("026324001234", birth_on=date(2024, 1, 1), sex="female")[1] == ""


def test_old_cards_only_where_a_field_takes_them():
    field = {"key": "card", "label": "Số", "kind": "personal_id"}
    assert "card" in errors([field], {"card": "135123456"})
    assert not errors([field | {"old_id": True}], {"card": "135123456"})


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Nguyễn Thị Lan", True),
        ("  Nguyễn   Thị\tLan ", True),
        ("H'Hen Niê", True),
        ("Nguyễn-Lê Ái", True),
        ("Lan 2", False),
        ("<b>Lan</b>", False),
        ("- -", False),
        ("a" * (MAX_NAME + 1), False),
    ],
)
def test_names(name, good):
    clean, problem = rules.check_name(name)
    assert bool(clean) is good
    assert bool(problem) is not good


def test_a_name_is_stored_composed():
    assert rules.check_name("Nguye\u0302\u0303n")[0] == "Nguyễn"


@pytest.mark.parametrize(
    ("given_date", "good"),
    [
        ("2024-06-15", True),
        ("15/06/2024", True),
        ("16/06/2024", False),
        ("1893-01-01", False),
        ("30/02/2024", False),
        ("hôm qua", False),
    ],
)
def test_past_dates(given_date, good):
    assert (rules.check_date(given_date, today=TODAY, past=True)[0] is not None) is good


@pytest.mark.parametrize("number", ["0912345678", "+84 912 345 678", "84912345678", "0084912345678", "0912.345.678"])
def test_a_mobile_number_is_written_one_way(number):
    assert rules.normalise_phone(number) == ("0912345678", "")


@pytest.mark.parametrize("number", ["091234567", "1912345678", "abc", "+1 202 555 0100", "09123456789"])
def test_wrong_numbers(number):
    assert rules.normalise_phone(number)[0] == ""


DEAD = [
    {"key": "who", "label": "Người mất", "kind": "person", "parts": ["full_name", "birth_on"]},
    {"key": "death_on", "label": "Ngày mất", "kind": "past_date", "not_before": "who.birth_on"},
]


def test_nobody_dies_before_being_born():
    who = {"full_name": "Trần Văn Ba", "birth_on": "1950-01-02"}
    assert not errors(DEAD, {"who": who, "death_on": "2024-01-01"})
    assert "đứng trước ngày 02/01/1950" in errors(DEAD, {"who": who, "death_on": "01/01/1950"})["death_on"]


def test_a_person_is_checked_part_by_part():
    field = {"key": "who", "label": "Ai", "kind": "person", "optional_parts": ["address"]}
    said = errors([field], {"who": {"full_name": "Lan", "personal_id": "026185001234", "birth_on": "1990-01-01"}})
    assert set(said) == {"who.sex", "who.personal_id"}


def test_rows_name_their_place():
    field = {
        "key": "children",
        "label": "Con",
        "kind": "repeat",
        "min": 1,
        "max": 2,
        "fields": [{"key": "full_name", "label": "Họ tên", "kind": "name"}],
    }
    assert errors([field], {"children": [{"full_name": "Lan"}, {"full_name": "Lan 1"}]}).keys() == {
        "children.1.full_name"
    }
    assert "ít nhất 1" in errors([field], {"children": [{}]})["children"]
    assert "tối đa 2" in errors([field], {"children": [{"full_name": "A"}] * 3})["children"]
    assert "children" in errors([field], {"children": "x"})


def test_a_draft_is_not_asked_for_what_is_missing():
    fields = [*DEAD, {"key": "ok", "label": "Cam kết", "kind": "consent", "required": False}]
    assert set(errors(fields, {})) == {"who.full_name", "who.birth_on", "death_on"}
    assert errors(fields, {}, partial=True) == {}


CONDITIONAL = [
    {"key": "married", "label": "Có vợ chồng", "kind": "yes_no"},
    {"key": "spouse", "label": "Vợ, chồng", "kind": "name", "when": {"field": "married", "equals": True}},
    {"key": "card", "label": "Giấy", "kind": "text", "when": {"field": "spouse", "present": True}},
]


def test_a_hidden_field_is_neither_asked_nor_kept():
    compiled = form(*CONDITIONAL)
    stale = {"married": "no", "spouse": "Lan", "card": "1"}
    assert [f.key for f in rules.visible_fields(compiled, stale)] == ["married"]
    assert rules.validate(compiled, stale, today=TODAY) == ({"married": False}, {})
    clean, problems = rules.validate(compiled, {"married": "yes"}, today=TODAY)
    assert (clean, list(problems)) == ({"married": True}, ["spouse"])


@pytest.mark.parametrize(
    ("condition", "answers", "result"),
    [
        ({"field": "a", "equals": "x"}, {"a": "x"}, True),
        ({"field": "a", "equals": "x"}, {"a": ["y", "x"]}, True),
        ({"field": "a", "equals": False}, {}, True),
        ({"field": "a.b", "in": ["x", "y"]}, {"a": {"b": "y"}}, True),
        ({"field": "a", "in": ["x"]}, {}, False),
        ({"field": "a", "present": True}, {"a": {"b": " "}}, False),
        ({"field": "a", "present": False}, {"a": []}, True),
        ({"field": "a", "not": "x"}, {"a": "y"}, True),
        ({"all": [{"field": "a", "equals": 1}, {"field": "b", "present": True}]}, {"a": "1", "b": 0}, True),
        ({"any": [{"field": "a", "equals": 1}, {"field": "b", "present": True}]}, {}, False),
    ],
)
def test_conditions(condition, answers, result):
    assert rules.holds(Condition.model_validate(condition), answers) is result


@pytest.mark.parametrize(
    "condition",
    [{}, {"field": "a"}, {"field": "a", "equals": 1, "present": True}, {"field": "a", "all": []}, {"equals": 1}],
)
def test_a_condition_asks_one_question(condition):
    with pytest.raises(ValueError, match="điều kiện"):
        Condition.model_validate(condition)


@given(
    st.dictionaries(
        st.sampled_from(["who", "death_on", "married", "spouse", "files", "n"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=30),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["full_name", "birth_on", "personal_id", "sex"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_no_answer_breaks_a_form(answers):
    compiled = form(
        *DEAD,
        *CONDITIONAL,
        {"key": "files", "label": "Tệp", "kind": "file"},
        {"key": "n", "label": "Số", "kind": "number", "min": 1},
    )
    clean, problems = rules.validate(compiled, answers, today=TODAY)
    assert all(sentence.endswith(".") or "Ví dụ" in sentence for sentence in problems.values())
    again, _ = rules.validate(compiled, clean, today=TODAY)
    assert again == clean


def test_what_is_known_is_filled_in():
    compiled = form(
        {"key": "who", "label": "Ai", "kind": "person", "parts": ["full_name"], "prefill": "applicant"},
        {"key": "phone", "label": "Số", "kind": "phone", "prefill": "applicant.phone"},
        {"key": "email", "label": "Thư", "kind": "email", "prefill": "applicant.email"},
    )
    known = {"applicant": {"full_name": "Lan", "personal_id": "1", "phone": "0912345678", "email": ""}}
    assert rules.prefill(compiled, known) == {"who": {"full_name": "Lan"}, "phone": "0912345678"}


def test_cases_and_papers_follow_the_answers():
    remote = {"field": "remote", "equals": True}
    one = version(
        cases=[
            {"key": "xac_minh", "label": "Xác minh", "by_officer": True},
            {"key": "thuong", "label": "Thường"},
            {
                "key": "xa",
                "label": "Vùng xa",
                "when": remote,
                "limits_by_channel": {"online": {"amount": 2, "unit": "day"}},
            },
        ],
        components=[
            {"key": "a", "name": "Đơn"},
            {"key": "b", "name": "Ảnh", "need": "optional"},
            {"key": "c", "name": "Giấy vùng xa", "need": "conditional", "when": remote},
        ],
        form=[{"key": "s", "title": "S", "fields": [{"key": "remote", "label": "Vùng xa", "kind": "yes_no"}]}],
    )
    assert rules.case_for(one, {}).key == "thuong"
    assert rules.case_for(one, {"remote": "yes"}).key == "xa"
    assert rules.limit_for(one.cases[2], "online").amount == 2
    assert rules.limit_for(one.cases[2], "counter") is None
    assert [c.key for c in rules.components_due(one, {})] == ["a"]
    assert [c.key for c in rules.components_due(one, {"remote": True})] == ["a", "c"]


@pytest.mark.parametrize(
    ("times", "reasons"),
    [
        ([("3", "ngày"), ("3", "ngày")], []),
        ([("3", ""), ("3", "")], ["limit_without_unit"]),
        ([("", ""), ("", "")], ["limit_missing"]),
        ([("3", "ngày"), ("5", "ngày")], ["limit_differs_by_channel"]),
        ([("3", "ngày"), ("3", "")], ["limit_without_unit", "limit_differs_by_channel"]),
        ([], ["limit_missing"]),
    ],
)
def test_what_needs_review(times, reasons):
    assert rules.needs_review({"amount": a, "unit": u} for a, u in times) == reasons
