"""The QR string, references through a bank's hands, what a transfer means, statements as banks export them."""

import io
import random
import unicodedata
from datetime import date, datetime

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xaso.modules.payments.rules.matching import Owed, Transfer, fault_in_lines, match, state_after
from xaso.modules.payments.rules.references import ALPHABET, SERIALS, find_reference, find_references, reference_for
from xaso.modules.payments.rules.statements import Unreadable, decode, read_moment, read_money, read_statement
from xaso.modules.payments.rules.vietqr import crc, plain, read_tlv, read_vietqr, vietqr

# A string others published with its checksum (a transfer of 120.000 to an account of BIN 970415).
PUBLISHED = (
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
    "530370454061200005802VN62170813ung ho lu lut6304C15C"
)
DAY = date(2026, 11, 21)


def test_a_published_string_has_the_checksum_we_compute():
    assert crc(PUBLISHED[:-4]) == PUBLISHED[-4:]
    fields = read_vietqr(PUBLISHED)
    assert fields["54"] == "120000"
    assert read_tlv(read_tlv(fields["38"])["01"]) == {"00": "970415", "01": "0011001932418"}


def test_the_checksum_is_the_standard_one_and_keeps_its_zeros():
    assert crc("123456789") == "29B1"
    padded = next(text for text in map(str, range(100_000)) if crc(text).startswith("0"))
    assert len(crc(padded)) == 4


def test_a_code_carries_account_amount_and_reference():
    code = vietqr("970405", "2605201001234", 50_000, "XS0123456789A", "UBND xã Ngũ Kiên", "Vĩnh Tường")
    fields = read_vietqr(code)
    assert (fields["00"], fields["01"], fields["53"], fields["54"], fields["58"]) == ("01", "12", "704", "50000", "VN")
    assert (fields["59"], fields["60"]) == ("UBND XA NGU KIEN", "VINH TUONG")
    merchant = read_tlv(fields["38"])
    assert (merchant["00"], merchant["02"]) == ("A000000727", "QRIBFTTA")
    assert read_tlv(merchant["01"]) == {"00": "970405", "01": "2605201001234"}
    assert read_tlv(fields["62"]) == {"01": "XS0123456789A", "08": "XS0123456789A"}


def test_a_card_number_uses_the_card_service():
    code = vietqr("970405", "9704050123456789", 1000, "XS1")
    assert read_tlv(read_vietqr(code)["38"])["02"] == "QRIBFTTC"


def test_a_drawn_code_is_read_back_by_a_scanner():
    code = vietqr("970405", "2605201001234", 1_234_000, "XS0123456789A", "UBND XA", "XA")
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="png", scale=4)
    assert zxingcpp.read_barcodes(Image.open(out))[0].text == code


@pytest.mark.parametrize(
    "wrong",
    [
        {"bin": "97040"},
        {"account": "12 34"},
        {"account": "1" * 20},
        {"amount": 0},
        {"amount": 10**13},
        {"reference": "xs"},
        {"reference": "X" * 26},
    ],
)
def test_what_a_bank_would_refuse_is_not_drawn(wrong):
    right = {"bin": "970405", "account": "123456", "amount": 1000, "reference": "XS1"}
    with pytest.raises(ValueError, match="not"):
        vietqr(**(right | wrong))


def test_a_changed_or_cut_code_is_not_read():
    code = vietqr("970405", "123456", 50_000, "XS1")
    with pytest.raises(ValueError, match="checksum"):
        read_vietqr(code.replace("50000", "50001"))
    with pytest.raises(ValueError, match="cut short"):
        read_tlv("0010abc")


@given(st.text(max_size=80))
def test_names_become_what_banks_can_print(text):
    assert set(plain(text, 25)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
    assert len(plain(text, 25)) <= 25


serials = st.integers(0, SERIALS - 1)


@given(serials)
def test_a_reference_is_short_and_plain(serial):
    reference = reference_for(serial)
    assert 10 <= len(reference) <= 14
    assert reference.isalnum()
    assert reference.isupper()


@given(
    serials,
    st.randoms(use_true_random=False),
    st.sampled_from(["", "MBVCB.3278907687.", "Ung ho ", "CT DEN:0123 ", "XS "]),
)
def test_a_reference_survives_what_banks_do(serial, dice: random.Random, before):
    reference = reference_for(serial)
    typed = "".join(c.lower() if dice.random() < 0.5 else c for c in reference)
    typed = "".join(c + (" " if dice.random() < 0.2 else "") for c in typed)
    text = before + typed + dice.choice(["", " nộp phí", ".CT tu 0011 toi 0022", "-"])
    assert reference in find_references(text)


def test_letters_taken_for_digits_are_read_as_digits():
    reference = next(r for r in map(reference_for, range(50)) if "0" in r[2:] and "1" in r[2:])
    assert find_reference("XS" + reference[2:].replace("0", "O").replace("1", "l")) == reference


@given(serials, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_never_taken_for_a_reference(serial, at, other):
    reference = reference_for(serial)
    wrong = reference[: 2 + at] + other + reference[3 + at :]
    if wrong != reference:
        assert find_reference(wrong) is None


@given(serials, st.integers(3, 12))
def test_a_cut_reference_is_not_guessed(serial, length):
    assert find_reference(f"nop phi {reference_for(serial)[:length]}") is None


def test_text_without_a_reference_names_none():
    assert find_references("chuyen tien an trua XSMB hom nay") == ()


@pytest.mark.parametrize(
    ("charge", "amount", "outcome"),
    [
        (None, 50, "unknown"),
        (Owed("open", 50), 50, "exact"),
        (Owed("open", 50), 49, "short"),
        (Owed("open", 50), 51, "over"),
        (Owed("part_paid", 20), 20, "exact"),
        (Owed("paid", 0), 50, "duplicate"),
        (Owed("overpaid", 0), 50, "duplicate"),
        (Owed("waived", 0), 50, "late"),
        (Owed("cancelled", 0), 50, "late"),
        (Owed("open", 50, date(2026, 11, 20)), 50, "late"),
        (Owed("open", 50, DAY), 50, "exact"),
        (Owed("open", 50), -50, "reversed"),
        (None, -50, "reversed"),
    ],
)
def test_what_a_transfer_means(charge, amount, outcome):
    assert match(charge, Transfer(amount, DAY)) == outcome


def test_the_state_follows_the_amounts():
    assert [state_after(50, *x) for x in ((0, 0), (0, 20), (0, 50), (30, 20), (50, 0))] == [
        "open", "part_paid", "paid", "paid", "waived",
    ]  # fmt: skip


def test_a_calculation_that_nobody_can_ask_for_says_why():
    line = {"label": "Phí", "amount": 5}
    assert fault_in_lines([line], 5) == ""
    assert "“Phí”" in fault_in_lines([line | {"status": "unknown"}], 5)
    assert "“Phí”" in fault_in_lines([line | {"amount": None}], 5)
    assert "Chưa rõ" in fault_in_lines([line], None)
    assert "không bằng" in fault_in_lines([line], 6)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1.234.000", 1_234_000), ("1,234,000.00", 1_234_000), ("50000", 50_000), ("-50 000 đ", -50_000),
     ("+50.000 VND", 50_000), ("20000.00", 20_000), ("5.000", 5_000)],
)  # fmt: skip
def test_money_as_banks_write_it(text, amount):
    assert read_money(text) == amount


@pytest.mark.parametrize("text", ["", "abc", "12.34", "1.23.456", "1.234,56", "1e5"])
def test_money_that_could_mean_two_things_is_refused(text):
    with pytest.raises(ValueError, match="không đọc được"):
        read_money(text)


def test_moments_as_banks_write_them():
    expected = datetime(2026, 11, 21, 14, 5)  # noqa: DTZ001 - a bank prints wall time
    for text in ("21/11/2026 14:05", "2026-11-21 14:05:00", "21-11-2026 14:05:00", "2026-11-21T14:05:00"):
        assert read_moment(text) == expected
    with pytest.raises(ValueError, match="không đọc được"):
        read_moment("32/11/2026")


STATEMENT = """NGÂN HÀNG NÔNG NGHIỆP;;;;
Sao kê tài khoản 2605201001234;;;;
Ngày giao dịch;Mã giao dịch;Ghi nợ;Ghi có;Nội dung
21/11/2026 08:00;FT1;;50.000;Nộp phí XS0123
21/11/2026 09:00;FT2;20.000;;Hoàn phí

21/11/2026 10:00;;;10.000;thiếu mã
21/11/2026 11:00;FT4;;mười nghìn;sai số
Tổng cộng;;20.000;60.000;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_statement_is_read_whatever_its_encoding(encoding):
    text = STATEMENT if encoding != "cp1258" else _for_cp1258(STATEMENT)
    rows, faults = read_statement(text.encode(encoding))
    assert [(row.line, row.ref, row.amount) for row in rows] == [(4, "FT1", 50_000), (5, "FT2", -20_000)]
    assert rows[0].content == "Nộp phí XS0123"
    assert [fault.line for fault in faults] == [7, 8, 9]
    assert "mã giao dịch" in faults[0].sentence


def _for_cp1258(text: str) -> str:
    """The page keeps base letters whole and tone marks apart."""
    out = []
    for character in text:
        try:
            character.encode("cp1258")
            out.append(character)
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", character)
            tones = [m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323"]
            rest = [m for m in marks if m not in tones]
            out.append(unicodedata.normalize("NFC", base + "".join(rest)) + "".join(tones))
    return "".join(out)


def test_one_signed_amount_column_and_commas_are_read_too():
    data = b'Date,Reference,Amount,Description\n2026-11-21,A1,"-1,000.00","a, b"\n'
    rows, faults = read_statement(data)
    assert (rows[0].amount, rows[0].content, faults) == (-1000, "a, b", [])


def test_a_file_that_is_no_statement_says_which_columns_it_needs():
    with pytest.raises(Unreadable, match="mã giao dịch"):
        read_statement(b"hello\nworld\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    assert isinstance(decode(data), str)
    try:
        read_statement(data)
    except Unreadable as refusal:
        assert "sao kê" in str(refusal)  # noqa: PT017 - most bytes are refused, some are a statement
