import io
import re
import shutil
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache

import pypdf
import pytest
import zxingcpp
from PIL import Image

from xaso.modules.papers.editions import all_editions, edition_named
from xaso.modules.papers.filling import BadFilling, filled
from xaso.modules.papers.rendering import render_pdf
from xaso.modules.papers.tests.samples import DUE, FULL, ISSUED, MINIMAL, NUMBER, register_rows

EVERY = sorted(all_editions())
MILLIMETRE = 72 / 25.4
SIZES = {"a5": (148, 210), "a4": (210, 297), "a4-ngang": (297, 210)}
HEADINGS = {
    "mau-01": "GIẤY TIẾP NHẬN HỒ SƠ",
    "mau-02": "PHIẾU YÊU CẦU BỔ SUNG",
    "mau-03": "PHIẾU TỪ CHỐI",
    "mau-05": "THÔNG BÁO",
    "mau-06": "PHIẾU KIỂM SOÁT QUÁ TRÌNH",
    "mau-07": "SỔ THEO DÕI HỒ SƠ",
    "bien-lai": "BIÊN NHẬN NỘP PHÍ, LỆ PHÍ",
    "phieu-doc-lai": "PHIẾU ĐỌC LẠI THÔNG TIN HỒ SƠ",
    "phieu-so": "Số thứ tự của Ông/Bà",
    "ket-qua": "GIẤY XÁC NHẬN",
    "ket-qua-khai-sinh": "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ",
    "bao-cao": "BÁO CÁO",
    "goi-so-lieu": "GÓI SỐ LIỆU ĐÃ CHỐT",
}


# Blanks of shared groups that some forms have no place for.
ELSEWHERE = {"lookup_address", "officer_phone"}
NO_PLACE = {
    "hotline": {
        "bao-cao",
        "goi-so-lieu",
        "mau-06",
        "mau-07",
        "bien-lai",
        "phieu-doc-lai",
        "ket-qua",
        "ket-qua-khai-sinh",
    },
    "procedure_name": {"ket-qua", "ket-qua-khai-sinh"},
    "applicant_id": {"mau-04", "mau-05"},
    "applicant_email": {"mau-04", "mau-05"},
}


@cache
def full(code, version):
    return make(code, version, FULL[code])


def make(code, version, data):
    return render_pdf(edition_named(code, version).folder, data)


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    """Everything on the sheets, whitespace as single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def codes_on(pdf, tmp_path):
    if shutil.which("pdftoppm") is None:
        pytest.skip("needs poppler")
    source = tmp_path / "sheet.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", source, tmp_path / "sheet"], check=True)
    pages = [Image.open(page) for page in sorted(tmp_path.glob("sheet*.png"))]
    return {found.text for page in pages for found in zxingcpp.read_barcodes(page)}


@pytest.mark.parametrize("filling", [FULL, MINIMAL], ids=["full", "minimal"])
@pytest.mark.parametrize(("code", "version"), EVERY)
def test_every_paper_prints_its_words_in_composed_vietnamese(code, version, filling):
    text = text_of(full(code, version) if filling is FULL else make(code, version, filling[code]))
    assert unicodedata.is_normalized("NFC", text)
    assert HEADINGS.get(code, "XIN LỖI") in text
    assert "UBND XÃ NGŨ KIÊN" in text
    if code != "phieu-so":
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
        assert "Độc lập - Tự do - Hạnh phúc" in text
        assert "Ngũ Kiên, ngày 01 tháng 10 năm 2025" in text
    if form_no := edition_named(code, version).form_no:
        assert f"Mẫu số {form_no}" in text


@pytest.mark.parametrize(("code", "version"), EVERY)
def test_every_word_of_a_full_paper_arrives(code, version):
    text = text_of(full(code, version)).upper().replace("\u00a0", " ")
    words = {name: value for name, value in FULL[code].items() if isinstance(value, str) and name not in ELSEWHERE}
    lost = {
        name for name, value in words.items() for line in value.splitlines()
        if code not in NO_PLACE.get(name, ()) and _as_printed(line).upper() not in text
    }  # fmt: skip
    assert lost == set()


def _as_printed(value):
    return f"{value[8:]}/{value[5:7]}/{value[:4]}" if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


@pytest.mark.parametrize(("code", "version"), EVERY)
def test_the_sheet_has_the_declared_size(code, version):
    form = edition_named(code, version)
    for page in read(full(code, version)).pages:
        width, height = float(page.mediabox.width) / MILLIMETRE, float(page.mediabox.height) / MILLIMETRE
        if form.size == "80mm":
            assert round(width) == 80
            assert 60 < height < 200
        else:
            assert (round(width), round(height)) == SIZES[form.size]


@pytest.mark.parametrize(("code", "version"), EVERY)
def test_the_file_is_an_archive_file_with_title_language_and_own_fonts(code, version):
    reader = read(full(code, version))
    packet = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert reader.metadata.title.startswith(edition_named(code, version).title)
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("vi")
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Tinos" in font for font in fonts)


def test_the_same_data_give_the_same_bytes_also_from_many_threads():
    first = full("mau-01", "2025")
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: make("mau-01", "2025", FULL["mau-01"]), range(12)))
    assert set(again) == {first}


def test_kept_data_make_the_same_sheet_as_the_data_that_were_given():
    form = edition_named("mau-01", "2025")
    assert make("mau-01", "2025", filled(form, FULL["mau-01"])) == full("mau-01", "2025")


def test_another_name_is_another_sheet():
    assert make("mau-01", "2025", FULL["mau-01"] | {"applicant_name": "Trần Văn Nam"}) != full("mau-01", "2025")


def test_the_receipt_shows_the_number_as_code_and_the_secret_in_a_second_one(tmp_path):
    assert codes_on(full("mau-01", "2025"), tmp_path) == {NUMBER, "K7MX4Q"}


def test_without_a_secret_there_is_one_code(tmp_path):
    assert codes_on(make("mau-01", "2018", MINIMAL["mau-01"]), tmp_path) == {NUMBER}


@pytest.mark.parametrize("code", ["mau-02", "mau-06", "bien-lai", "ket-qua"])
def test_other_papers_carry_only_the_number(code, tmp_path):
    version = "2025" if code.startswith("mau") else "1"
    assert codes_on(full(code, version), tmp_path) == {NUMBER}


def test_a_usual_receipt_fits_on_one_sheet():
    assert len(read(full("mau-01", "2025")).pages) == 1


def test_a_reprint_says_so_on_every_sheet():
    many = FULL["mau-01"] | {"reprint_no": 2, "reprint_at": DUE, "papers": FULL["mau-01"]["papers"] * 8}
    pages = read(make("mau-01", "2025", many)).pages
    assert len(pages) > 1
    assert all("BẢN IN LẠI LẦN 2 · 17:00 06/10/2025" in page.extract_text() for page in pages)
    assert "BẢN IN LẠI" not in text_of(full("mau-01", "2025"))


def test_a_queue_ticket_can_be_reprinted_too():
    assert "BẢN IN LẠI" in text_of(make("phieu-so", "1", FULL["phieu-so"] | {"reprint_no": 1}))


def test_a_long_register_repeats_its_head_and_numbers_its_pages():
    pages = read(make("mau-07", "2025", FULL["mau-07"] | {"rows": register_rows(100)})).pages
    assert len(pages) > 3
    assert all("Tên thủ tục hành chính" in page.extract_text() for page in pages[:-1])
    assert f"Trang 3/{len(pages)}" in pages[2].extract_text()
    everything = " ".join(page.extract_text() for page in pages)
    assert all(f"H44.249-251001-{number:04d}" in everything for number in range(1, 101))


def test_a_very_long_register_is_set_by_a_process_that_ends():
    rows = register_rows(201)
    pdf = make("mau-07", "2025", FULL["mau-07"] | {"rows": rows})
    assert rows[-1]["dossier_number"] in text_of(pdf)
    assert len(pdf) < 500_000


HOSTILE = [
    '#panic("x") #{1+1} #sys.inputs',
    "*đậm* _nghiêng_ = Tiêu đề",
    "$x^2$ @nhan <nhan> `mã` ~",
    "C:\\thư mục\\tệp \\u{41}",
    "\"ngoặc kép\" 'ngoặc đơn' “cong”",
    "<script>alert(1)</script> &amp; {{ x }} {% y %}",
    "// chú thích /* nữa */",
    "-- --- ... - gạch",
    "%s {0} \x00 null",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_is_printed_and_never_run(typed):
    text = text_of(make("mau-03", "2025", FULL["mau-03"] | {"reason": typed}))
    assert " ".join(typed.replace("\x00", "").split()) in text


def test_typed_text_is_printed_composed():
    name = "Nguyễn Thị Bưởi"
    data = FULL["mau-01"] | {"applicant_name": unicodedata.normalize("NFD", name)}
    assert name in text_of(make("mau-01", "2025", data))


def test_an_emoji_does_not_stop_the_receipt():
    assert "Lan □ vui" in text_of(make("mau-01", "2025", FULL["mau-01"] | {"applicant_name": "Lan 😀 vui"}))


def test_ten_thousand_letters_go_on_over_more_sheets():
    reason = "Chờ xác minh nơi cư trú. " * 400 + "HẾT LÝ DO"
    pdf = make("mau-03", "2025", FULL["mau-03"] | {"reason": reason})
    assert len(read(pdf).pages) > 2
    assert text_of(pdf).count("Chờ xác minh") == 400
    assert "HẾT LÝ DO" in text_of(pdf)


def test_a_word_of_ten_thousand_letters_stays_on_the_sheet():
    pdf = make("mau-03", "2025", FULL["mau-03"] | {"reason": "x" * 10_000})
    assert text_of(pdf).count("x") >= 10_000


def test_the_file_was_made_when_the_paper_was_issued():
    made = read(full("mau-01", "2025")).metadata.creation_date
    assert made.astimezone(UTC) == ISSUED.astimezone(UTC)


def test_a_moment_is_printed_on_the_vietnamese_clock():
    late = datetime(2025, 10, 1, 18, 30, tzinfo=UTC)
    text = text_of(make("mau-01", "2025", FULL["mau-01"] | {"received_at": late}))
    assert "Thời gian nhận hồ sơ: 01 giờ 30 phút, ngày 02/10/2025" in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dossier_number": None}, "còn thiếu: Mã hồ sơ"),
        ({"applicant_name": "   "}, "còn thiếu: Họ tên người nộp"),
        ({"khong_co": "x"}, "không có ô khong_co"),
        ({"received_at": "hôm qua"}, "ghi ngày chưa đúng"),
        ({"received_at": 5}, "phải là ngày"),
        ({"sets": "hai"}, "số nguyên"),
        ({"papers": [{"note": "x"}]}, "còn thiếu: Tên giấy tờ"),
        ({"fees": [{"name": "Lệ phí", "amount": 1.5}]}, "số nguyên"),
    ],
)
def test_data_that_do_not_fit_are_refused_by_name(change, says):
    with pytest.raises(BadFilling, match=says):
        make("mau-01", "2025", FULL["mau-01"] | change)


def test_a_day_without_an_hour_is_printed_as_a_day():
    text = text_of(make("mau-04", "2025", FULL["mau-04"] | {"new_due_at": date(2025, 10, 10)}))
    assert "cho Ông/Bà vào 10/10/2025." in text
