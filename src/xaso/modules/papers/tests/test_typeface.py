import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.papers.typeface import LONGEST_WORD, UNPRINTABLE, ZERO_WIDTH_SPACE, breakable, letters, printable

TONES = "\u0300\u0301\u0303\u0309\u0323"
VOWELS = "aăâeêioôơuưy"


def test_every_vietnamese_letter_has_a_shape_in_all_four_faces():
    marked = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES}
    alphabet = marked | set(VOWELS) | set("đ–—…“”•·" + UNPRINTABLE)
    wanted = alphabet | {letter.upper() for letter in alphabet}
    assert {letter for letter in wanted if ord(letter) not in letters()} == set()


def test_typed_text_is_composed():
    assert printable(unicodedata.normalize("NFD", "Nguyễn Thị Bưởi")) == "Nguyễn Thị Bưởi"


def test_what_has_no_shape_leaves_a_mark_or_goes():
    assert printable("Lan 😀 中\x00\x07\u202e!") == f"Lan {UNPRINTABLE} {UNPRINTABLE}!"


def test_lines_stay_and_tabs_become_spaces():
    assert printable("một\r\nhai\tba") == "một\nhai ba"


def test_only_long_words_get_places_to_break():
    word = "x" * (LONGEST_WORD * 2 + 1)
    assert breakable({"a": ["ngắn", word]})["a"] == ["ngắn", ZERO_WIDTH_SPACE.join([word[:30], word[30:60], "x"])]


@given(st.text())
def test_cleaning_twice_changes_nothing_and_only_printable_letters_stay(text):
    once = printable(text)
    assert printable(once) == once
    assert all(letter == "\n" or ord(letter) in letters() for letter in once)
