"""Plain values and plain words."""

import pytest

from xaso.modules.trust import rules
from xaso.modules.trust.rules import Finding


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (["CCCD:026175000104"], "CCCD:026175000104"),
        (["cccd=026175000104"], "CCCD:026175000104"),
        (["MST:2500123456-001"], "MST:2500123456-001"),
        (["Chủ tịch", "026175000104"], "CCCD:026175000104"),
        (["2500123456"], "MST:2500123456"),
        (["12345", "Vũ Thị Hoa"], ""),
        ([], ""),
    ],
)
def test_the_code_of_the_holder(subject, code):
    assert rules.holder_code_of(subject) == code


@pytest.mark.parametrize(
    ("code", "shown"), [("CCCD:026175000104", "CCCD:…0104"), ("MST:2500123456", "MST:2500123456"), ("", "")]
)
def test_a_personal_number_is_veiled_for_the_public(code, shown):
    assert rules.veiled(code) == shown


@pytest.mark.parametrize(
    "typed",
    ["ABCD-2345-EFGH", " abcd 2345 efgh ", "https://xa.example.vn/verify/ABCD2345EFGH/", "ABCD2345EFGHZZZZ"],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert rules.clean_code(typed) == "ABCD2345EFGH"


def test_codes_have_no_letters_that_look_alike():
    assert not set("01IO") & set(rules.CODE_LETTERS)
    assert rules.shown_code(rules.code_of(bytes(range(12)))) == "2345-6789-ABCD"


def test_a_file_is_worth_its_worst_signature():
    good, bad, unsure = Finding("valid", "tốt"), Finding("invalid", "hỏng"), Finding("unsure", "chưa rõ")
    assert rules.judged([]).verdict == "unsigned"
    assert rules.judged([good]).sentence == "tốt"
    assert rules.judged([good, unsure]).verdict == "unsure"
    assert rules.judged([good, unsure, bad]).verdict == "invalid"
    assert rules.judged([good, good]).sentence == "Cả 2 chữ ký đều hợp lệ."
