from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.core.accounts import rules
from xaso.kit.errors import Refused

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "+84912345678", "84912345678", "+84 0912 345 678", "0084912345678", "091.234.5678"],
)
def test_every_usual_way_of_writing_a_mobile_number_is_one_number(typed):
    assert rules.normal_phone(typed) == "0912345678"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "Hãy nhập số"),
        ("09123abc78", "chỉ gồm chữ số"),
        ("091234567", "9 chữ số"),
        ("09123456789", "11 chữ số"),
        ("0112345678", "bắt đầu bằng"),
        ("02113861234", "máy bàn"),
        ("+1 415 555 0100", "Việt Nam"),
    ],
)
def test_a_wrong_phone_is_refused_with_what_to_mend(typed, word):
    with pytest.raises(Refused, match=word):
        rules.normal_phone(typed)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_normal_phones_stay_as_they_are(phone):
    assert rules.normal_phone(phone) == phone
    assert rules.normal_phone("+84" + phone[1:]) == phone


def test_an_id_of_eleven_digits_is_counted_for_the_person():
    with pytest.raises(Refused, match="12 chữ số; bạn đã nhập 11"):
        rules.normal_personal_id("02618500123")


@pytest.mark.parametrize(
    ("typed", "year", "sex", "word"),
    [
        ("135123456", None, "", "chứng minh nhân dân"),
        ("0261850012a4", None, "", "chỉ gồm chữ số"),
        ("000185001234", None, "", "mã tỉnh"),
        ("026185001234", 1986, "", "sinh năm 1985"),
        ("026185001234", 1985, "male", "Giới tính"),
    ],
)
def test_an_id_that_contradicts_itself_is_refused(typed, year, sex, word):
    with pytest.raises(Refused, match=word):
        rules.normal_personal_id(typed, year, sex)


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [
        ("026185001234", 1985, "female"),
        ("026080004321", 1980, "male"),
        ("026305000001", 2005, "female"),
        ("026210000001", 2010, "male"),
    ],
)
def test_the_century_digit_tells_birth_year_and_sex(number, year, sex):
    assert (rules.year_in(number), rules.sex_in(number)) == (year, sex)
    assert rules.normal_personal_id(f"{number[:3]} {number[3:]}", year, sex) == number


def test_a_door_shuts_at_the_limit_and_opens_after_the_window():
    limit = rules.Limit(3, timedelta(minutes=15))
    tries = [NOW - timedelta(minutes=minutes) for minutes in (1, 2, 14)]
    assert rules.too_many(tries, NOW, limit)
    assert not rules.too_many(tries[:2], NOW, limit)
    assert not rules.too_many(tries, NOW + timedelta(minutes=1), limit)


def test_a_code_has_six_digits_and_belongs_to_its_nonce_and_secret():
    code = rules.code_for(b"secret", "nonce")
    assert len(code) == 6
    assert code.isdigit()
    assert code == rules.code_for(b"secret", "nonce")
    assert code != rules.code_for(b"other", "nonce") or code != rules.code_for(b"secret", "nonce2")
    assert rules.digest_of(b"secret", "nonce", code) != rules.digest_of(b"other", "nonce", code)


def test_recovery_codes_are_read_as_people_write_them():
    code = rules.recovery_code(bytes(range(10)))
    assert rules.normal_recovery_code(f" {code.upper().replace('-', ' ')} ") == code


def test_a_period_lies_within_another():
    day = date(2026, 5, 1)
    assert rules.within((day, day), (day, None))
    assert not rules.within((day, None), (day, day))
    assert not rules.within((day - timedelta(days=1), day), (day, None))
