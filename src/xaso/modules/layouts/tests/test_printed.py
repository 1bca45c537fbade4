"""The PDF: what is on it, where the free places are, and what hostile words do to it."""

import io
import subprocess
from datetime import date

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from xaso.kit.errors import Missing, Refused
from xaso.modules.layouts.queries import pdf_of
from xaso.modules.layouts.tests.samples import sheet_of
from xaso.modules.layouts.typed import sheet_from

FREE = {"number": "", "dated_on": None}


def words_of(content, page=0):
    return " ".join(PdfReader(io.BytesIO(content)).pages[page].extract_text().split())


def words_in(content, box):
    """The words of the file inside a box."""
    page, *corners = box
    return pdfium.PdfDocument(content)[page - 1].get_textpage().get_text_bounded(*corners).strip()


def test_a_decision_says_everything():
    text = words_of(pdf_of(sheet_of("quyet-dinh")).content)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN", "Số: 07/QĐ-UBND",
        "Ngũ Kiên, ngày 05 tháng 02 năm 2026", "Về việc thành lập", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ NGŨ KIÊN",
        "QUYẾT ĐỊNH:", "Điều 3.", "TM. ỦY BAN NHÂN DÂN", "Nguyễn Thị Hoa", "- Như trên;", "- Lưu: VT, VP.",
    ):  # fmt: skip
        assert words in text


def test_it_is_pdf_a_on_a4_and_the_same_every_time():
    rendered = pdf_of(sheet_of("cong-van"))
    reader = PdfReader(io.BytesIO(rendered.content))
    metadata = reader.xmp_metadata
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "B")
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert rendered.content == pdf_of(sheet_of("cong-van")).content
    fonts = {
        str(one["/BaseFont"]) for one in (font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values())
    }
    assert all("Tinos" in one for one in fonts)


def test_what_is_known_needs_no_place():
    assert set(pdf_of(sheet_of("quyet-dinh")).boxes) == {"ky_ca_nhan", "ky_co_quan"}


@pytest.mark.parametrize("code", ["quyet-dinh", "cong-van", "ke-hoach"])
def test_places_kept_free_are_where_the_words_will_stand(code):
    rendered = pdf_of(sheet_of(code, **FREE))
    assert set(rendered.boxes) == {"so", "ngay", "ky_ca_nhan", "ky_co_quan"}
    for name in ("so", "ngay", "ky_ca_nhan"):
        assert words_in(rendered.content, rendered.boxes[name]) == ""
    page, x1, y1, x2, y2 = rendered.boxes["so"]
    assert words_in(rendered.content, (page, x1 - 25, y1, x2 + 45, y2)).startswith("Số:")
    assert "Ngũ Kiên," in words_in(rendered.content, (1, rendered.boxes["ngay"][1] - 60, *rendered.boxes["ngay"][2:]))
    page, x1, y1, x2, y2 = rendered.boxes["ky_ca_nhan"]
    assert words_in(rendered.content, (page, x1, y1 - 25, x2, y1)) == "Nguyễn Thị Hoa"
    assert words_in(rendered.content, (page, x1, y2, x2, y2 + 12)) == "CHỦ TỊCH"


def test_the_seal_covers_a_third_of_the_signature_from_the_left_in_its_real_size():
    boxes = pdf_of(sheet_of("quyet-dinh")).boxes
    _, x1, y1, x2, y2 = boxes["ky_ca_nhan"]
    _, left, low, right, high = boxes["ky_co_quan"]
    assert right - x1 == pytest.approx((x2 - x1) / 3, abs=1)
    assert (right - left, high - low) == pytest.approx((36 * 72 / 25.4,) * 2, abs=1)
    assert (low + high) / 2 == pytest.approx((y1 + y2) / 2, abs=1)


def test_pages_are_numbered_from_the_second_and_annexes_begin_again():
    long = "Nội dung công việc cần thực hiện trong năm nay của các bộ phận chuyên môn và các thôn. " * 60
    sheet = sheet_from(f"{long}\n{long}\nPhụ lục I\nBẢNG MỘT\n{long}\n{long}", **_head("ke-hoach"))
    rendered = pdf_of(sheet)
    pages = [one.extract_text().split()[0] for one in PdfReader(io.BytesIO(rendered.content)).pages]
    assert rendered.pages == len(pages)
    annex = next(at for at, page in enumerate(pages) if page == "Phụ")
    assert pages[1:annex] == [str(at) for at in range(2, annex + 1)]
    assert pages[annex + 1] == "2"
    assert not pages[0].isdecimal()


def _head(code):
    sheet = sheet_of(code)
    return {"kind": code, "agency": sheet.agency, "place": sheet.place, "dated_on": date(2026, 2, 5), "signer": "A"}


def test_a_wide_table_lies_on_a_landscape_page():
    pages = PdfReader(io.BytesIO(pdf_of(sheet_of("ke-hoach")).content)).pages
    assert [float(one.mediabox.width) > float(one.mediabox.height) for one in pages] == [False, False, True]


@pytest.mark.parametrize(
    ("urgency", "shown"), [("khan", "KHẨN"), ("Thượng khẩn", "THƯỢNG KHẨN"), ("hoa_toc", "HỎA TỐC")]
)
def test_urgency_is_stamped(urgency, shown):
    assert f" {shown} " in words_of(pdf_of(sheet_of("cong-van", urgency=urgency)).content)


def test_no_urgency_and_a_strange_one():
    assert "KHẨN" not in words_of(pdf_of(sheet_of("cong-van", urgency="thường")).content)
    with pytest.raises(Refused, match="Không có mức độ khẩn “gấp”"):
        pdf_of(sheet_of("cong-van", urgency="gấp"))


def test_an_unknown_kind_is_refused():
    with pytest.raises(Missing):
        pdf_of(sheet_from("A", kind="sac-lenh", agency="B"))


@pytest.mark.parametrize(
    "words",
    [
        '#import "x": *',
        '$x^2$ #eval("1") \\ *a* _b_',
        "😀 \u202ea \x00 \ud800",
        "a" * 5_000,
        "[@x] <khung> // /* ",
        "\u0301\u0301",
    ],
)
def test_hostile_words_are_only_words(words):
    sheet = sheet_of("cong-van", subject=words, signer=words, place=words, recipients=(words,), addressees=(words,))
    assert pdf_of(sheet).pages >= 1


def test_an_empty_sheet_is_still_a_sheet():
    assert pdf_of(sheet_from("", kind="quyet-dinh", agency="")).pages == 1


def test_a_long_document_is_set_by_another_process_with_the_same_boxes():
    text = "\n".join(
        f"Điều {at}. Nội dung của điều này được trình bày đầy đủ để người đọc hiểu và thực hiện."
        for at in range(1, 700)
    )
    rendered = pdf_of(sheet_from(text, **_head("quyet-dinh")))
    assert rendered.pages > 20
    assert rendered.boxes["ky_ca_nhan"][0] == rendered.pages


def test_poppler_reads_it_too(tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(sheet_of("giay-moi")).content)
    told = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=False)
    assert not told.returncode
    assert "GIẤY MỜI" in told.stdout
