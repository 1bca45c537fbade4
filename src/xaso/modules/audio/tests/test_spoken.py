"""The table of what is read how, each line looked at by a person; and what holds for every text whatever."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.modules.audio import queries
from xaso.modules.audio.rules.numbers import in_words, roman, whole_in_words
from xaso.modules.audio.rules.spoken import normalised

TABLE = [line.split("\t") for line in Path(__file__).with_name("spoken.tsv").read_text(encoding="utf-8").splitlines()]
PIECES = re.split(
    " ",
    "12/3 7h30 - 9h00 / . , ; : ( ) % đ km m2 kV °C UBND 12/TB-UBND QĐ-TTg XIV II VI 0912 345 678 1.412.000 3,5 "
    "ngày tháng thứ quý Số T2 lúc @ a.vn x +84 -5 24/24h 30/4-1/5 C D Covid-19 ² ½ 😀 № 1) a) \n",
)


@cache
def lexicon():
    return queries.lexicon()


def test_the_table_is_long_enough():
    assert len(TABLE) >= 250


@pytest.mark.parametrize(("written", "said"), TABLE, ids=[written[:40] for written, _ in TABLE])
def test_it_is_read_as_an_announcer_would(written, said):
    assert normalised(written, lexicon()) == said


def check(text):
    said = normalised(text, lexicon())
    assert not any(c.isdigit() or c.isnumeric() for c in said if c not in "〇"), said
    assert normalised(said, lexicon()) == said


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=120))
def test_any_text_at_all(text):
    check(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10), st.sampled_from(["", " "]))
def test_what_notices_are_made_of_in_any_order(pieces, between):
    check(between.join(pieces))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789/-.:,hgđ %VXIUBNDT()+ ", max_size=30))
def test_figures_and_signs_in_any_order(text):
    check(text)


def test_every_abbreviation_is_read_in_words_that_stay():
    known = lexicon()
    for words in (known.abbreviations, known.document_kinds, known.units, known.letters, known.roads):
        for said in words.values():
            assert normalised(said, known).rstrip(".").lower() == said.lower()


def test_lines_stay_lines_and_each_ends_with_a_pause():
    assert normalised("THÔNG BÁO\n\nCắt điện ngày 12/3\r\n- 7h30: xóm 1", lexicon()) == (
        "thông báo.\nCắt điện ngày mười hai tháng ba.\nbảy giờ ba mươi phút: xóm một."
    )


def test_nothing_but_pictures_is_nothing():
    assert normalised("😀🎉 … ***", lexicon()) == ""


def test_a_bulletin_of_twenty_thousand_characters_is_read_at_once():
    text = "Số 15/KH-UBND ngày 12/3/2026: 7h30 - 9h, 1.412.000 đ. " * 370
    assert normalised(text, lexicon()).count("kế hoạch") == 370


@pytest.mark.parametrize("number", [0, 1, 10, 15, 21, 24, 25, 104, 999, 1000, 10**6, 10**9, 10**9 + 1, 10**17 + 5])
def test_numbers_have_words(number):
    assert whole_in_words(number)
    assert not any(c.isdigit() for c in whole_in_words(number))


def test_a_number_too_long_to_be_one_is_read_digit_by_digit():
    assert in_words("1" * 30) == " ".join(["một"] * 30)


def test_only_well_written_romans_count():
    values = {"I": 1, "IV": 4, "IX": 9, "XIV": 14, "XXI": 21, "XL": 40, "XC": 90, "CCC": 300}
    assert {text: roman(text) for text in values} == values
    assert [roman(text) for text in ("", "IIII", "VX", "IC", "DI", "AB")] == [None] * 6
