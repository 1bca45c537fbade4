"""The text of files: their own, read off a scan, or a sentence that says why not."""

import io
import os
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageDraw, ImageFont

import xaso
from xaso.core.files.actions import attach_upload
from xaso.core.files.tests.samples import sent
from xaso.core.search import reading
from xaso.core.search.reading import DOCX, PDF, text_in

FONT = next((Path(xaso.__file__).parent / "modules" / "papers").rglob("*Regular.ttf"))
SENTENCE = "Uỷ ban nhân dân xã Ngũ Kiên thông báo lịch tiếp công dân"
MISSING = reading.why_no_ocr()
needs_ocr = pytest.mark.skipif(
    bool(MISSING) and "ocr" not in os.environ.get("XASO_REQUIRE", ""), reason=MISSING or "Tesseract"
)


@pytest.fixture
def read(tmp_path):
    def of(content, media_type):
        source = tmp_path / "source"
        source.write_bytes(content)
        return text_in(source, media_type)

    return of


def picture(text=SENTENCE, size=(1900, 400)):
    font = ImageFont.truetype(str(FONT), 60)
    paper = Image.new("L", size, "white")
    ImageDraw.Draw(paper).text((60, 120), text, font=font, fill="black")
    return paper


def scan(pages=1, **more):
    kept = io.BytesIO()
    one = picture(**more)
    one.save(kept, "PDF", save_all=True, append_images=[one] * (pages - 1), resolution=200)
    return kept.getvalue()


def letter(*texts):
    """A PDF with letters of its own, one page for each text (plain letters only)."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for text in texts:
        stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        resources = "/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents {len(objects)} 0 R{resources}>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def word(text, name="word/document.xml"):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, text)
    return kept.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class TestPdf:
    def test_its_own_letters(self, read):
        found = read(letter("Thong bao lich tiep cong dan", "Trang hai cua thong bao"), PDF)
        assert (found.origin, found.pages, found.why) == ("text", 2, "")
        assert "tiep cong dan" in found.text
        assert "Trang hai" in found.text

    def test_only_the_first_five_hundred_pages(self, read):
        found = read(letter(*["Mot trang cua quyen so dai"] * 520), PDF)
        assert found.pages == 520
        assert found.text.count("quyen so") == 500
        assert "500 trang đầu" in found.why

    def test_behind_a_password(self, read):
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(letter("Mat"))))
        writer.encrypt("bi-mat", algorithm="RC4-128")
        kept = io.BytesIO()
        writer.write(kept)
        found = read(kept.getvalue(), PDF)
        assert (found.text, found.origin) == ("", "none")
        assert "mật khẩu" in found.why

    @pytest.mark.parametrize("content", [b"%PDF-1.7\nhong", b"", letter("x" * 40)[:200], b"%PDF-1.4" + b"\0" * 5000])
    def test_a_damaged_file_says_so(self, read, content):
        found = read(content, PDF)
        assert found.text == ""
        assert found.why

    def test_a_bomb_dies_alone(self, read, monkeypatch):
        """Whatever ends the child — memory, time — is told in a sentence."""
        monkeypatch.setattr(reading, "CHILD_SECONDS", 0.01)
        assert "dừng" in read(letter("x"), PDF).why


class TestScan:
    @needs_ocr
    def test_a_scan_is_recognised(self, read):
        found = read(scan(), PDF)
        assert (found.origin, found.pages) == ("ocr", 1)
        assert "Ngũ Kiên" in found.text
        assert found.text == unicodedata.normalize("NFC", found.text)

    @needs_ocr
    def test_a_photo_is_recognised(self, read):
        kept = io.BytesIO()
        picture().save(kept, "PNG")
        found = read(kept.getvalue(), "image/png")
        assert found.origin == "ocr"
        assert "tiếp công dân" in found.text

    @needs_ocr
    def test_five_hundred_pages_end_in_time(self, read, monkeypatch):
        monkeypatch.setattr(reading, "OCR_SECONDS", 4.0)
        found = read(scan(500, text="", size=(200, 200)), PDF)
        assert found.pages == 500
        assert "mới nhận dạng" in found.why

    def test_switched_off_says_so(self, read, settings):
        settings.OCR = False
        found = read(scan(), PDF)
        assert (found.text, found.origin, found.pages, found.why) == ("", "none", 1, reading.SWITCHED_OFF)

    def test_without_the_program_says_so(self, read, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        assert read(scan(), PDF).why == reading.NOT_INSTALLED

    def test_without_vietnamese_says_so(self, read, monkeypatch, tmp_path):
        program = tmp_path / "bin" / "tesseract"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\necho eng\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        assert read(scan(), PDF).why == reading.NO_VIETNAMESE

    def test_a_picture_that_is_none(self, read):
        assert read(b"\x89PNG\r\n\x1a\nhong", "image/png").why


class TestOthers:
    def test_word_in_nfd_comes_as_nfc(self, read):
        text = unicodedata.normalize("NFD", SENTENCE)
        one, two = (f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in (text, "hai"))
        body = f"<w:document {W}><w:body>{one}{two}</w:body></w:document>"
        found = read(word(body), DOCX)
        assert (found.text, found.origin) == (f"{SENTENCE}\nhai", "text")

    def test_word_with_an_entity_reads_no_file(self, read):
        entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        body = f"{entity}<w:document {W}><w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:document>"
        assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in read(word(body), DOCX).text

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04hong", word("x", "khac.xml"), word("<khong dong"), word("<a/>" + " " * 45_000_000)]
    )
    def test_a_word_file_that_is_none_or_too_large(self, read, content):
        found = read(content, DOCX)
        assert found.text == ""
        assert found.why

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_plain_text(self, read, encoding):
        assert read(SENTENCE.encode(encoding), "text/plain").text == SENTENCE

    def test_other_kinds_are_left(self, read):
        assert read(b"x", "application/zip") == reading.Reading("", "none", 0, reading.NOT_READ)


def test_the_child_knows_nothing_of_the_product():
    """It opens hostile files: it must start fast and hold no database."""
    code = "import xaso.core.search.extracting, sys; print('django' in sys.modules)"
    done = subprocess.run([reading.sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(reading.sys.path)})  # fmt: skip
    assert done.stdout.strip() == "False"


@needs_ocr
@pytest.mark.django_db
def test_a_stored_file(tmp_path, settings, minh):
    settings.DATA_DIR = tmp_path
    stored = attach_upload(
        minh, sent("quet.pdf", scan()), subject="x:1", unit_path=minh.unit_path, kind="", owner_person_id=None
    )
    assert "Ngũ Kiên" in reading.text_of(stored).text
