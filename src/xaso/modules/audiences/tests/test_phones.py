"""Every wrong shape of a phone number, and every right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kit.errors import Refused
from xaso.modules.audiences import rules
from xaso.modules.audiences.rules import phone_of, was_converted

RIGHT = "84912345601"
ONE = [
    "0912345601", "0912 345 601", "0912.345.601", "0912-345-601", "(0912) 345601", "84912345601", "+84912345601",
    "+84 912 345 601", "+84 (0) 912 345 601", "0084912345601", "84 0912345601", "  0912345601\t",
    "0912\u00a0345\u00a0601",
    "\u200e0912345601\u202c", "０９１２３４５６０１", "0912–345–601", "'0912345601",
]  # fmt: skip
OLD = {
    "0120 123 4567": "84701234567", "01211234567": "84791234567", "0122.1234567": "84771234567",
    "01261234567": "84761234567", "01281234567": "84781234567", "01231234567": "84831234567",
    "01241234567": "84841234567", "01251234567": "84851234567", "01271234567": "84811234567",
    "01291234567": "84821234567", "01621234567": "84321234567", "01631234567": "84331234567",
    "01641234567": "84341234567", "01651234567": "84351234567", "01661234567": "84361234567",
    "01671234567": "84371234567", "01681234567": "84381234567", "+84 169 123 4567": "84391234567",
    "841861234567": "84561234567", "01881234567": "84581234567", "01991234567": "84591234567",
}  # fmt: skip
WRONG = {
    "": "Chưa có số điện thoại",
    "   ": "Chưa có số điện thoại",
    "912345601": "9 chữ số",
    "91234560": "8 chữ số",
    "091234560": "9 chữ số",
    "09123456012": "11 chữ số",
    "091234560123": "12 chữ số",
    "0412345678": "04",
    "0612345678": "06",
    "0112345678": "01",
    "01111234567": "không nằm trong các đầu số đã đổi năm 2018",
    "01301234567": "không nằm trong các đầu số đã đổi năm 2018",
    "0211 3888 888": "máy bàn",
    "024 3825 1234": "máy bàn",
    "+84 28 3822 1234": "máy bàn",
    "113": "tổng đài",
    "5656": "tổng đài",
    "8088": "tổng đài",
    "19001234": "tổng đài",
    "1800 1166": "tổng đài",
    "1900123456": "tổng đài",
    "+1 202 555 0123": "nước ngoài",
    "+8613800138000": "nước ngoài",
    "0044 7700 900123": "nước ngoài",
    "+855 12 345 678": "nước ngoài",
    "O912345601": "chữ O",
    "0912345x01": "chữ hoặc ký hiệu lạ",
    "không có": "chữ hoặc ký hiệu lạ",
    "lan@example.vn": "chữ hoặc ký hiệu lạ",
    "٠٩١٢٣٤٥٦٠١": "chữ hoặc ký hiệu lạ",
    "0912+345601": "chữ hoặc ký hiệu lạ",
    "0912345601/0912345602": "hơn một số",
    "0912345601; 0912345602": "hơn một số",
    "0912345601 hoặc 0912345602": "hơn một số",
    "09123456010912345602": "hơn một số",
    "0000000000": "không phải số thật",
    "0999999999": "không phải số thật",
    "0" * 200: "dài quá mức",
    "9.12346E+08": "chữ hoặc ký hiệu lạ",
}


@pytest.mark.parametrize("text", ONE)
def test_every_usual_way_of_writing_is_the_same_number(text):
    assert phone_of(text) == RIGHT
    assert not was_converted(text)


@pytest.mark.parametrize(("text", "wanted"), OLD.items())
def test_an_eleven_digit_number_is_written_as_since_2018(text, wanted):
    assert phone_of(text) == wanted
    assert was_converted(text)


@pytest.mark.parametrize(("text", "says"), WRONG.items())
def test_a_wrong_shape_is_named(text, says):
    with pytest.raises(Refused, match=r".") as refusal:
        phone_of(text)
    assert says in refusal.value.message


def test_the_lost_zero_is_offered_back():
    with pytest.raises(Refused, match="0912345601"):
        phone_of("912345601")


def number_or_sentence(text):
    try:
        return phone_of(text)
    except Refused as refusal:
        return refusal.message


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_a_number_or_a_sentence(text):
    found = number_or_sentence(text)
    if len(found) != 11 or not found.isdigit():
        assert len(found.split()) > 3
        return
    assert found.startswith("84")
    assert found[2] in "35789"
    assert phone_of(found) == found
    assert phone_of(rules.dialled(found)) == found


def test_numbers_are_shown_as_people_write_them():
    assert rules.shown_phone(RIGHT) == "0912 345 601"
    assert rules.masked_phone(RIGHT) == "0912 ••• 601"
    assert rules.dialled(RIGHT) == "0912345601"
    assert rules.shown_phone("") == rules.masked_phone("") == rules.dialled("") == ""
