import io
import itertools

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from xaso.core.files import convert, rules
from xaso.core.files.receiving import receive_bytes, receive_upload
from xaso.core.files.stores import sha256_of, store
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent
from xaso.kit.errors import Refused

OFFICE = ("pdf", "docx", "xlsx")


def content_of(sha256: str) -> bytes:
    with store().open(sha256) as stream:
        return stream.read()


def page_image(sha256: str) -> Image.Image:
    (picture,) = PdfReader(io.BytesIO(content_of(sha256))).pages[0].images
    return Image.open(io.BytesIO(picture.data))


def test_a_pdf_is_kept_as_it_is():
    content = samples.pdf(3)
    received = receive_upload(sent("C:\\don.pdf", content))
    assert (received.name, received.pages, received.original) == ("don.pdf", 3, None)
    assert received.saved.size == len(content)
    assert content_of(received.saved.sha256) == content


@pytest.mark.parametrize(
    ("name", "content", "accept", "said"),
    [
        ("don.pdf", b"", ("pdf",), "rỗng"),
        ("don.pdf", samples.PROGRAM, ("pdf",), "tệp chương trình (.exe)"),
        ("don.pdf", samples.pdf(user_password="1234"), ("pdf",), "mật khẩu"),
        ("don.pdf", b"%PDF-1.7\n" + b"\0" * 500, ("pdf",), "hỏng"),
        ("don.pdf", samples.pdf()[:200], ("pdf",), "hỏng"),
        ("don.pdf", samples.picture(), ("pdf",), "ảnh JPEG"),
        ("don.docx", samples.zip_bomb(), OFFICE, "nén bất thường"),
        ("don.docx", samples.docx()[:-10], OFFICE, "hỏng"),
        ("don.docx", samples.zipped({"a": b"a"}), OFFICE, "tệp nén (.zip)"),
        ("don.docx", samples.docx(), ("pdf",), "Word (.docx)"),
        ("anh.png", samples.png_bomb(), ("image",), "quá nhiều điểm ảnh"),
        ("anh.png", samples.png_bomb(10_000, 10_000), ("image",), "quá nhiều điểm ảnh"),
        ("anh.png", samples.png_bomb(8_000, 8_000), ("image",), "quá nhiều điểm ảnh"),
        ("anh.jpg", samples.phone_photo()[:900], ("image",), "hỏng"),
        ("anh.jpg", b"\xff\xd8\xff" + b"\0" * 100, ("image",), "hỏng"),
        ("anh.png", samples.picture("PNG")[:60], ("image",), "hỏng"),
        ("anh.heic", samples.picture("HEIF")[:200], ("image",), "hỏng"),
        ("danh-sach.txt", b"a" * 5000 + b"\xff\xfe", ("text",), "không nhận ra"),
        ("danh-sach.txt", b"a" * 5000 + b"\0", ("text",), "không nhận ra"),
        ("danh-sach.txt", b"ten,tuoi", ("pdf",), "văn bản thuần"),
    ],
)
def test_every_bad_file_gets_its_sentence_and_leaves_nothing(name, content, accept, said, stored_contents):
    with pytest.raises(Refused) as refusal:
        receive_upload(sent(name, content), accept)
    assert said in refusal.value.message
    assert name in refusal.value.message
    assert "Hãy" in refusal.value.message
    assert stored_contents() == []


def test_fifty_megabytes_are_refused_unread(stored_contents):
    with TemporaryUploadedFile("scan.pdf", "application/pdf", 0, None) as large:
        large.file.write(b"%PDF-1.7")
        large.file.truncate(50 * 1024 * 1024)
        with pytest.raises(Refused, match=r"50 MB, quá mức 20 MB"):
            receive_upload(large)
    assert stored_contents() == []


def test_a_large_upload_is_read_in_pieces():
    class Pieces(io.BytesIO):
        name = "don.txt"
        largest = 0

        def read(self, size=-1):
            assert size is not None, "the whole file was read at once"
            assert size >= 0, "the whole file was read at once"
            Pieces.largest = max(Pieces.largest, size)
            return super().read(size)

    receive_upload(Pieces(b"a" * 3_000_000), ("text",))
    assert 0 < Pieces.largest <= 1024 * 1024


def test_an_owner_password_that_only_forbids_copying_is_taken():
    assert receive_upload(sent("so-do.pdf", samples.pdf(2, user_password="", owner_password="x"))).pages == 2


@pytest.mark.parametrize("codec", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_becomes_a_pdf_of_one_page_and_is_kept(codec):
    content = samples.picture(codec)
    received = receive_upload(sent("anh.bin", content))
    assert received.name == "anh.bin.pdf"
    assert received.saved.media_type == "application/pdf"
    assert received.pages == convert.pages_of(io.BytesIO(content_of(received.saved.sha256))) == 1
    assert content_of(received.original.sha256) == content
    assert received.original.name.endswith(tuple(f".{x}" for x in ("jpg", "png", "webp", "heic")))


def test_a_sideways_photo_stands_upright_and_loses_its_place():
    received = receive_upload(sent("anh.jpg", samples.phone_photo()))
    image = page_image(received.saved.sha256)
    assert image.size == (300, 400)
    assert image.convert("L").getpixel((150, 20)) < 60, "the dark half is on top after turning"
    assert image.convert("L").getpixel((150, 380)) > 200
    assert not image.getexif()
    assert b"SecretMaker" not in content_of(received.saved.sha256)


def test_a_big_photo_is_shrunk():
    received = receive_upload(sent("anh.jpg", samples.picture(size=(6000, 4000))))
    assert max(page_image(received.saved.sha256).size) == convert.LONG_EDGE


def test_the_page_is_a4():
    received = receive_upload(sent("anh.jpg", samples.picture(size=(2480, 3508))))
    box = PdfReader(io.BytesIO(content_of(received.saved.sha256))).pages[0].mediabox
    assert 590 < box.width <= 596
    assert 835 < box.height <= 843


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 0), ("L", 255), ("1", 1), ("I;16", 65535)]
)
def test_every_kind_of_png_is_taken(mode, colour):
    received = receive_upload(sent("anh.png", samples.picture("PNG", mode=mode, colour=colour)))
    if mode in {"RGBA", "LA", "L", "1"}:
        assert page_image(received.saved.sha256).convert("L").getpixel((5, 5)) > 250


def test_the_same_photo_twice_is_one_content(stored_contents):
    photo = samples.phone_photo()
    first, second = (receive_upload(sent("a.jpg", photo)), receive_upload(sent("b.jpg", photo)))
    assert first.saved.sha256 == second.saved.sha256
    assert len(stored_contents()) == 2


@pytest.mark.parametrize(("shade", "seen"), [(0, 0), (0x4000, 0x40), (0xFFFF, 0xFF)])
def test_sixteen_bit_greys_keep_their_shade(shade, seen):
    received = receive_upload(sent("anh.png", samples.picture("PNG", mode="I;16", colour=shade)))
    assert abs(page_image(received.saved.sha256).convert("L").getpixel((5, 5)) - seen) <= 2


def test_thin_lines_of_a_black_and_white_scan_survive_shrinking():
    scan = Image.new("1", (4960, 3000), 1)
    for row in range(1, 3000, 4):
        scan.paste(0, (0, row, 4960, row + 1))
    target = io.BytesIO()
    scan.save(target, "PNG")
    seen = page_image(receive_upload(sent("quet.png", target.getvalue())).saved.sha256).convert("L")
    darkest, brightest = seen.crop((100, 100, 110, 500)).getextrema()
    assert darkest < 200
    assert brightest > darkest + 20


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.docx", samples.docx(), rules.DOCX.media_type),
        ("a.xlsx", samples.xlsx(), rules.XLSX.media_type),
        ("a.csv", "tên,tuổi\n".encode(), "text/csv"),
        ("a.txt", "tên".encode(), "text/plain"),
    ],
)
def test_office_and_text_where_allowed(name, content, media_type):
    assert receive_upload(sent(name, content), ("docx", "xlsx", "text")).saved.media_type == media_type


def test_our_own_content_is_stored_unjudged():
    received = receive_bytes(samples.pdf(), name="phiếu hẹn.pdf")
    assert received.saved.media_type == "application/pdf"
    with store().open(received.saved.sha256) as stream:
        assert sha256_of(stream) == received.saved.sha256


def test_content_that_changes_while_it_is_stored_is_refused(stored_contents):
    class Changing(io.BytesIO):
        name = "a.txt"
        passes = itertools.count(ord("a"))

        def seek(self, position, whence=0):
            self.getbuffer()[0] = next(self.passes)
            return super().seek(position, whence)

    with pytest.raises(Refused, match="thay đổi"):
        receive_upload(Changing(b"noi dung"), ("text",))
    assert stored_contents() == []


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["pdf", "JPEG", "PNG", "WEBP", "HEIF"]), st.data())
def test_damaged_files_are_taken_or_refused_but_never_crash(kind, data):
    content = bytearray(samples.pdf(2) if kind == "pdf" else samples.picture(kind, size=(40, 30)))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    try:
        said = receive_upload(sent("a.pdf", bytes(content[:cut]))).name
    except Refused as refusal:
        said = refusal.message
    assert said


@pytest.mark.parametrize("before", [0, 255_000, 256 * 1024 - 5, 900_000])
def test_a_signature_is_noticed_wherever_it_stands(before):
    head = samples.pdf() + b"%"
    content = head + b"x" * max(0, before - len(head)) + b"/ByteRange [0 1 2 3]"
    assert receive_bytes(content, name="ky.pdf").is_signed


def test_only_a_pdf_counts_as_signed():
    assert not receive_bytes(samples.pdf(), name="thuong.pdf").is_signed
    assert not receive_bytes(b"/ByteRange in a letter", name="thu.txt").is_signed
