import pytest

from xaso.modules.papers.rules import amount_in_words, number_of


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"),
        (8_000, "Tám nghìn đồng"),
        (48_000, "Bốn mươi tám nghìn đồng"),
        (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
        (2_000_000_015, "Hai tỷ không trăm mười lăm đồng"),
        (100_000_000, "Một trăm triệu đồng"),
    ],
)
def test_an_amount_is_written_as_a_cashier_reads_it(amount, words):
    assert amount_in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, 10**15])
def test_an_impossible_amount_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        amount_in_words(amount)


def test_a_number_below_ten_has_a_leading_zero():
    assert [number_of(7, "TNHS"), number_of(128, "TNHS"), number_of(3, "")] == ["07/TNHS", "128/TNHS", "03"]
