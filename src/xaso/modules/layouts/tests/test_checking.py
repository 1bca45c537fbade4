"""The check of form: our own documents pass, each rule broken once is found, and nothing hostile breaks it."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt, RGBColor

from xaso.kit.errors import Missing
from xaso.modules.layouts.definitions import kinds, layout_on
from xaso.modules.layouts.press import Job, printed
from xaso.modules.layouts.printed import payload_of
from xaso.modules.layouts.queries import check, docx_of, pdf_of
from xaso.modules.layouts.tests.samples import sheet_of
from xaso.modules.papers.queries import FONTS_DIR

DOCX, PDF = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/pdf"


def graver(faults):
    return [(one.code, one.where) for one in faults if one.severity == "must"]


def codes(faults):
    return {one.code for one in faults}


@pytest.mark.parametrize("code", list(kinds()))
def test_our_own_word_files_pass(code):
    for changed in ({}, {"number": "", "dated_on": None, "urgency": "hoa-toc", "drafter_mark": "NVA.05"}):
        content = docx_of(sheet_of(code, **changed))
        assert not graver(check(content, DOCX, code))
        assert not graver(check(content, DOCX))


@pytest.mark.parametrize("code", list(kinds()))
def test_our_own_pdfs_pass(code):
    changed = {"number": "", "dated_on": None, "urgency": "khan", "drafter_mark": "NVA.05"} if len(code) % 2 else {}
    assert not graver(check(pdf_of(sheet_of(code, **changed)).content, PDF, code))


def test_a_pdf_of_several_pages_passes():
    sheet = sheet_of("ke-hoach")
    rendered = pdf_of(replace(sheet, body=sheet.body * 4))
    assert rendered.pages > 3
    assert not graver(check(rendered.content, PDF))


# --- Word files broken once -----------------------------------------------------------------------------------------


def paragraphs(document):
    cells = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return [*cells, *document.paragraphs]


def line(document, start):
    return next(one for one in paragraphs(document) if one.text.startswith(start))


def says(document, start, text):
    found = line(document, start)
    for run in found.runs[1:]:
        run.text = ""
    found.runs[0].text = text


def looks(document, start, **changed):
    for run in line(document, start).runs:
        for name, value in changed.items():
            setattr(run.font, name, value)


def remove(document, *starts):
    for start in starts:
        found = line(document, start)._p
        found.getparent().remove(found)


def section(document, **changed):
    for name, value in changed.items():
        setattr(document.sections[0], name, value)


def shape(document, start, **changed):
    for name, value in changed.items():
        setattr(line(document, start).paragraph_format, name, value)


def style(document, name, **changed):
    for key, value in changed.items():
        setattr(document.styles[name].paragraph_format, key, value)


def blue(document):
    for run in line(document, "Thực hiện").runs:
        run.font.color.rgb = RGBColor(0, 0, 200)


NATION, CREED, AGENCY = "CỘNG HÒA", "Độc lập", "XÃ NGŨ KIÊN"
BREAKAGES = [
    ("quyet-dinh", "paper", lambda d: section(d, page_width=Mm(216), page_height=Mm(279))),
    (
        "quyet-dinh",
        "orientation",
        lambda d: section(d, orientation=WD_ORIENT.LANDSCAPE, page_width=Mm(297), page_height=Mm(210)),
    ),
    ("quyet-dinh", "margin-top", lambda d: section(d, top_margin=Mm(10))),
    ("quyet-dinh", "margin-bottom", lambda d: section(d, bottom_margin=Mm(40))),
    ("quyet-dinh", "margin-left", lambda d: section(d, left_margin=Mm(25))),
    ("quyet-dinh", "margin-right", lambda d: section(d, right_margin=Mm(25))),
    ("quyet-dinh", "font", lambda d: looks(d, "Điều 2.", name="Arial")),
    ("quyet-dinh", "nation-missing", lambda d: remove(d, NATION)),
    ("quyet-dinh", "nation-size", lambda d: looks(d, NATION, size=Pt(15))),
    ("quyet-dinh", "nation-bold", lambda d: looks(d, NATION, bold=False)),
    ("quyet-dinh", "nation-caps", lambda d: says(d, NATION, "Cộng hòa xã hội chủ nghĩa Việt Nam")),
    ("quyet-dinh", "creed-missing", lambda d: remove(d, CREED)),
    ("quyet-dinh", "creed-text", lambda d: says(d, CREED, "Độc lập-Tự do-Hạnh phúc")),
    ("quyet-dinh", "creed-text", lambda d: says(d, CREED, "Độc lập – Tự do – Hạnh phúc")),
    ("quyet-dinh", "agency-missing", lambda d: remove(d, "ỦY BAN NHÂN DÂN", AGENCY)),
    ("quyet-dinh", "agency-size", lambda d: looks(d, AGENCY, size=Pt(16))),
    ("quyet-dinh", "number-missing", lambda d: remove(d, "Số:")),
    ("quyet-dinh", "number-form", lambda d: says(d, "Số:", "Số 07/QĐ-UBND")),
    ("quyet-dinh", "number-zero", lambda d: says(d, "Số:", "Số: 7/QĐ-UBND")),
    ("quyet-dinh", "number-spaces", lambda d: says(d, "Số:", "Số: 07 / QĐ - UBND")),
    ("quyet-dinh", "symbol-kind", lambda d: says(d, "Số:", "Số: 07/TB-UBND")),
    ("quyet-dinh", "number-size", lambda d: looks(d, "Số:", size=Pt(11))),
    ("quyet-dinh", "place-missing", lambda d: remove(d, "Ngũ Kiên,")),
    ("quyet-dinh", "place-italic", lambda d: looks(d, "Ngũ Kiên,", italic=False)),
    ("quyet-dinh", "place-comma", lambda d: says(d, "Ngũ Kiên,", "Ngũ Kiên ngày 05 tháng 02 năm 2026")),
    ("quyet-dinh", "day-zero", lambda d: says(d, "Ngũ Kiên,", "Ngũ Kiên, ngày 5 tháng 02 năm 2026")),
    ("quyet-dinh", "month-zero", lambda d: says(d, "Ngũ Kiên,", "Ngũ Kiên, ngày 05 tháng 2 năm 2026")),
    ("to-trinh", "title-missing", lambda d: remove(d, "TỜ TRÌNH")),
    ("quyet-dinh", "title-bold", lambda d: looks(d, "QUYẾT ĐỊNH", bold=False)),
    ("quyet-dinh", "title-centre", lambda d: shape(d, "QUYẾT ĐỊNH", alignment=ALIGN.RIGHT)),
    ("quyet-dinh", "subject-missing", lambda d: remove(d, "Về việc")),
    ("quyet-dinh", "subject-bold", lambda d: looks(d, "Về việc", bold=False)),
    ("cong-van", "letter_subject-missing", lambda d: remove(d, "V/v")),
    ("cong-van", "letter_subject-size", lambda d: looks(d, "V/v", size=Pt(14))),
    ("cong-van", "addressees-missing", lambda d: remove(d, "Kính gửi", "- Các bộ phận", "- Các thôn trên")),
    ("cong-van", "addressees-size", lambda d: looks(d, "Kính gửi", size=Pt(11))),
    ("quyet-dinh", "base-missing", lambda d: remove(d, "Căn cứ Luật", "Căn cứ Nghị định", "Theo đề nghị")),
    ("quyet-dinh", "base-italic", lambda d: looks(d, "Căn cứ Luật", italic=False)),
    ("quyet-dinh", "base-ends", lambda d: says(d, "Căn cứ Luật", "Căn cứ Luật Tổ chức chính quyền địa phương")),
    ("quyet-dinh", "article-missing", lambda d: [says(d, f"Điều {at}.", f"Mục thứ {at}") for at in (1, 2, 3)]),
    ("quyet-dinh", "article-bold", lambda d: looks(d, "Điều 2.", bold=False)),
    ("quy-che", "centred-centre", lambda d: shape(d, "Chương I", alignment=ALIGN.LEFT)),
    ("quy-che", "centred-bold", lambda d: looks(d, "QUY ĐỊNH CHUNG", bold=False)),
    ("cong-van", "body-size", lambda d: looks(d, "Thực hiện", size=Pt(12))),
    ("cong-van", "body-justify", lambda d: shape(d, "Thực hiện", alignment=ALIGN.LEFT)),
    ("cong-van", "body-indent", lambda d: shape(d, "Thực hiện", first_line_indent=Mm(0))),
    ("cong-van", "body-gap", lambda d: style(d, "Nội dung", space_after=Pt(0))),
    ("cong-van", "body-lines", lambda d: shape(d, "Thực hiện", line_spacing=2.0)),
    ("cong-van", "colour", blue),
    ("cong-van", "signer-missing", lambda d: remove(d, "TM.", "CHỦ TỊCH")),
    ("cong-van", "signer-bold", lambda d: looks(d, "CHỦ TỊCH", bold=False)),
    ("cong-van", "signer-authority", lambda d: says(d, "TM.", "TM ỦY BAN NHÂN DÂN")),
    ("cong-van", "signer_name-missing", lambda d: remove(d, "Nguyễn Thị Hoa")),
    ("cong-van", "signer_name-rank", lambda d: says(d, "Nguyễn Thị Hoa", "ThS. Nguyễn Thị Hoa")),
    ("cong-van", "recipients_label-missing", lambda d: remove(d, "Nơi nhận")),
    ("cong-van", "recipients_label-italic", lambda d: looks(d, "Nơi nhận", italic=False)),
    ("cong-van", "recipients_label-text", lambda d: says(d, "Nơi nhận", "Nơi nhận")),
    ("cong-van", "recipients-size", lambda d: looks(d, "- Như trên", size=Pt(13))),
    ("cong-van", "recipients-filed", lambda d: remove(d, "- Lưu")),
    ("cong-van", "recipients-ends", lambda d: says(d, "- Như trên", "- Như trên")),
    ("ke-hoach", "annex-bold", lambda d: looks(d, "Phụ lục I", bold=False)),
    ("ke-hoach", "annex-size", lambda d: looks(d, "Phụ lục I", size=Pt(12))),
    ("ke-hoach", "reference-missing", lambda d: remove(d, "(Kèm theo")),
    ("ke-hoach", "reference-italic", lambda d: looks(d, "(Kèm theo", italic=False)),
    ("sao-y", "form-missing", lambda d: remove(d, "SAO Y")),
    ("quyet-dinh", "kind-unknown", lambda d: remove(d, "QUYẾT ĐỊNH")),
]


@pytest.mark.parametrize(
    ("code", "fault", "broken"), BREAKAGES, ids=[f"{a}-{b}-{n}" for n, (a, b, _) in enumerate(BREAKAGES)]
)
def test_a_rule_broken_once_is_found(code, fault, broken):
    document = docx.Document(io.BytesIO(docx_of(sheet_of(code))))
    broken(document)
    made = io.BytesIO()
    document.save(made)
    asked = "" if fault == "kind-unknown" else code
    found = check(made.getvalue(), DOCX, asked)
    assert fault in codes(found)
    hit = next(one for one in found if one.code == fault)
    assert hit.sentence.endswith(".")
    assert len(graver(found)) <= 4


def test_page_numbers_of_word_files():
    sheet = sheet_of("ke-hoach")
    sheet = replace(sheet, body=sheet.body * 20, annexes=())
    content = docx_of(sheet)
    assert not codes(check(content, DOCX)) & {"page_number-missing", "page_number-first", "page_number-place"}
    document = docx.Document(io.BytesIO(content))
    document.sections[0].different_first_page_header_footer = False
    assert "page_number-first" in codes(check(saved(document), DOCX))
    document.sections[0].header.paragraphs[0].alignment = ALIGN.RIGHT
    assert "page_number-place" in codes(check(saved(document), DOCX))
    document.sections[0].header.is_linked_to_previous = True
    assert "page_number-missing" in codes(check(saved(document), DOCX))


def saved(document):
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_parts_in_the_wrong_order_are_told():
    document = docx.Document(io.BytesIO(docx_of(sheet_of("quyet-dinh"))))
    title, base = line(document, "QUYẾT ĐỊNH")._p, line(document, "Căn cứ Nghị định")._p
    base.addnext(line(document, "Về việc")._p)
    base.addnext(title)
    assert "order" in codes(check(saved(document), DOCX, "quyet-dinh"))


# --- PDFs broken once -----------------------------------------------------------------------------------------------


def drawn(code, *, sizes=(), margins=(), body=(), **changed):
    """As we print, with other measures."""
    layout = layout_on(None)
    spans = {name: layout.sizes[name].model_copy(update={"set": size}) for name, size in dict(sizes).items()}
    sides = {name: layout.margins[name].model_copy(update={"set": size}) for name, size in dict(margins).items()}
    update = {"sizes": layout.sizes | spans, "margins": layout.margins | sides}
    update["body"] = layout.body.model_copy(update=dict(body))
    other = layout.model_copy(update=update)
    sheet = sheet_of(code, **changed)
    return printed(Job(layout.folder / layout.template, FONTS_DIR, payload_of(sheet, other), sheet.dated_on))[0]


@pytest.mark.parametrize(
    ("fault", "content"),
    [
        ("margin-left", lambda: drawn("quyet-dinh", margins={"left": 20})),
        ("margin-top", lambda: drawn("quyet-dinh", margins={"top": 12})),
        ("margin-right", lambda: drawn("quyet-dinh", margins={"right": 8})),
        ("body-size", lambda: drawn("cong-van", sizes={"body": 12})),
        ("nation-size", lambda: drawn("cong-van", sizes={"nation": 10})),
        ("recipients-size", lambda: drawn("cong-van", sizes={"recipients": 13})),
        ("title-size", lambda: drawn("quyet-dinh", sizes={"title": 18})),
        ("body-indent", lambda: drawn("cong-van", body={"set_indent": 5})),
        ("symbol-kind", lambda: drawn("quyet-dinh", symbol="BC-UBND")),
        ("signer_name-missing", lambda: drawn("quyet-dinh", signer="")),
        ("addressees-missing", lambda: drawn("to-trinh", addressees=())),
    ],
)
def test_a_rule_broken_once_in_a_pdf_is_found(fault, content):
    assert fault in codes(check(content(), PDF))


def test_what_a_pdf_cannot_tell_is_said():
    faults = check(pdf_of(sheet_of("quyet-dinh")).content, PDF)
    assert [one.severity for one in faults if one.code == "unjudged"] == ["should"]


# --- hostile files --------------------------------------------------------------------------------------------------


def packed(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in {
            "[Content_Types].xml": "<Types/>",
            **{k.replace("__", "/") + ".xml": v for k, v in parts.items()},
        }.items():
            target.writestr(name, text)
    return made.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
DEEP = "<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04", b"%PDF-", b"%PDF-1.7\n%%EOF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"hello", bytes(10_000),
        packed(word__document=""),
        packed(word__document="<a/>"),
        packed(word__document=f"{BOMB}<w:document {W}><w:body>&c;</w:body></w:document>"),
        packed(word__document=f"{OUTSIDE}<w:document {W}><w:body>&x;</w:body></w:document>"),
        packed(word__document=f"<w:document {W}><w:body>" + "<w:sdt>" * 2_000),
        packed(word__document=f"<w:document {W}><w:body>" + DEEP + "</w:body></w:document>"),
        packed(word__document=f"<w:document {W}><w:body/></w:document>", word__styles=f"<w:styles {W}"),
        packed(xl__workbook="<a/>"),
        packed(word__document=f"<w:document {W}><w:body/></w:document>", word__vbaProject="x"),
    ],
)  # fmt: skip
def test_hostile_files_get_a_sentence(content):
    faults = check(content, "")
    assert faults
    assert faults[0].code in {"unreadable", "unjudged"}
    assert faults[0].sentence.endswith(".")
    assert "root:" not in "".join(one.sentence + one.where for one in faults)


def test_a_part_that_unpacks_to_too_much_is_refused():
    huge = f"<w:document {W}><w:body>" + " " * (25 * 1024 * 1024) + "</w:body></w:document>"
    assert [one.code for one in check(packed(word__document=huge), DOCX)] == ["unreadable"]


def test_odd_marks_in_a_word_file_are_read_without_a_fall():
    odd = (
        f"<w:document {W}><w:body><w:p><w:pPr><w:pStyle w:val='x'/><w:jc w:val='?'/><w:ind w:firstLine='abc'/>"
        "<w:spacing w:line='-' w:before='1e9'/></w:pPr><w:r><w:rPr><w:sz w:val='0'/></w:rPr><w:t>Số: 7</w:t>"
        "</w:r></w:p>"
        "<w:sectPr><w:pgSz w:w='a' w:h=''/><w:pgMar w:top='x'/></w:sectPr></w:body></w:document>"
    )
    circle = "".join(
        f"<w:style w:type='paragraph' w:styleId='{one}'><w:basedOn w:val='{other}'/></w:style>"
        for one, other in ("xy", "yx")
    )
    styles = f"<w:styles {W}>{circle}</w:styles>"
    assert "nation-missing" in codes(check(packed(word__document=odd, word__styles=styles), DOCX))


def test_a_locked_pdf_is_told():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(sheet_of("cong-van")).content)))
    writer.encrypt("bi-mat")
    made = io.BytesIO()
    writer.write(made)
    assert "có mật khẩu" in check(made.getvalue(), PDF)[0].sentence


def test_a_scan_has_no_words_to_check():
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (800, 1100), "white").save(made, "PDF")
    faults = check(made.getvalue(), PDF)
    assert [one.severity for one in faults] == ["should"]
    assert "ảnh quét" in faults[0].sentence


def test_a_kind_that_does_not_exist_is_refused():
    with pytest.raises(Missing):
        check(b"", DOCX, "sac-lenh")
