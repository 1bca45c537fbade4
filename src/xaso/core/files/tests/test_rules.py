import io
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.core.files import rules
from xaso.core.files.tests import samples


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.pdf(), rules.PDF),
        (b"\r\nscanner v1\n" + samples.pdf(), rules.PDF),
        (samples.picture("JPEG"), rules.JPEG),
        (samples.picture("PNG"), rules.PNG),
        (samples.picture("WEBP"), rules.WEBP),
        (samples.picture("HEIF"), rules.HEIC),
        (samples.docx(), rules.ZIP),
        ("Đơn xin xác nhận".encode(), rules.TEXT),
        (b"MZ, ten, tuoi\n1, 2, 3\n", rules.TEXT),
    ],
)
def test_known_by_content(content, kind):
    assert rules.sniff(content[: rules.HEAD]) is kind


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (samples.PROGRAM, "tệp chương trình (.exe)"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 50, "tệp chương trình"),
        (b"#!/bin/sh\nrm -rf /\n", "tệp lệnh"),
        (b"Rar!\x1a\x07\x01\x00" + b"\0" * 20, ".rar"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "kiểu cũ"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "đoạn phim"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "trang web"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg onload="x"/>', "trang web"),
        (samples.picture("TIFF"), "TIFF"),
        (samples.picture("GIF"), "GIF"),
    ],
)
def test_what_it_really_is_stands_in_the_sentence(content, named):
    kind = rules.sniff(content[: rules.HEAD])
    assert not kind.accept
    sentence = rules.wrong_kind("don.pdf", kind, ("pdf", "image"))
    assert named in sentence
    assert "don.pdf" in sentence
    assert "Hãy chọn tệp PDF hoặc ảnh chụp" in sentence


def test_unknown_bytes_are_not_text():
    assert rules.sniff(b"\x00\x01\x02\x03" * 10) is rules.UNKNOWN
    assert rules.sniff(b"\x81\x82\x83\x84" * 10) is rules.UNKNOWN


def test_text_cut_inside_a_letter_is_still_text():
    assert rules.sniff(("a" * 4095 + "ệ").encode()[: rules.HEAD]) is rules.TEXT


@pytest.mark.parametrize(("content", "kind"), [(samples.docx(), rules.DOCX), (samples.xlsx(), rules.XLSX)])
def test_office_by_its_members(content, kind):
    assert rules.look_into_zip(io.BytesIO(content)) is kind


def test_macro_and_program_packages_are_named():
    macro = samples.docx(**{"word/vbaProject.bin": b"x"})
    assert "macro" in rules.look_into_zip(io.BytesIO(macro)).title
    jar = samples.zipped({"META-INF/MANIFEST.MF": b""})
    assert ".jar" in rules.look_into_zip(io.BytesIO(jar)).title
    assert rules.look_into_zip(io.BytesIO(samples.zipped({"a.txt": b"a"}))) is rules.ZIP


def test_bombs_are_seen_without_unpacking():
    with pytest.raises(rules.Bomb):
        rules.look_into_zip(io.BytesIO(samples.zip_bomb()))
    with pytest.raises(rules.Bomb):
        rules.look_into_zip(io.BytesIO(samples.zip_bomb(40 * 1024 * 1024)))
    crowd = samples.zipped({f"word/{n}.xml": b"" for n in range(rules.MAX_MEMBERS + 1)})
    with pytest.raises(rules.Bomb):
        rules.look_into_zip(io.BytesIO(crowd))


def test_a_directory_that_claims_to_be_huge_is_not_read():
    content = bytearray(samples.docx())
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = (50 * 1024 * 1024).to_bytes(4, "little")
    with pytest.raises(rules.Bomb):
        rules.look_into_zip(io.BytesIO(bytes(content)))


@pytest.mark.parametrize(
    "content", [samples.docx()[:-30], samples.docx()[:40], b"PK\x03\x04", b""], ids=["end", "start", "mark", "empty"]
)
def test_a_cut_zip_is_broken(content):
    with pytest.raises(rules.Broken):
        rules.look_into_zip(io.BytesIO(content))


def test_a_zip_with_a_password_is_locked():
    content = bytearray(samples.docx())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(rules.Locked):
        rules.look_into_zip(io.BytesIO(bytes(content)))


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(content):
    assert isinstance(rules.sniff(content), rules.Kind)


@given(st.binary(max_size=120), st.integers(0, 200))
def test_any_zip_gets_an_answer(noise, at):
    content = samples.docx()
    damaged = content[:at] + noise + content[at + len(noise) :]
    with suppress(rules.Bomb, rules.Broken, rules.Locked):
        assert rules.look_into_zip(io.BytesIO(damaged)).title


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Đơn xin.pdf", "Đơn xin.pdf"),
        (unicodedata.normalize("NFD", "Giấy khai sinh.pdf"), "Giấy khai sinh.pdf"),
        ("C:\\Users\\lan\\don.pdf", "don.pdf"),
        ("../../etc/passwd", "passwd"),
        ("anh\u202egpj.exe", "anhgpj.exe"),
        ('a"b<c>:d|e?f*.pdf', "a-b-c--d-e-f-.pdf"),
        ("don.pdf\r\nSet-Cookie: a=b", "don.pdf Set-Cookie- a=b"),
        ("CON.pdf", "tep-CON.pdf"),
        ("  ...  ", "tep"),
        ("", "tep"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names(name, cleaned):
    assert rules.clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name):
    cleaned = rules.clean_name(name)
    assert 0 < len(cleaned) <= rules.MAX_NAME
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set('/\\<>:"|?*\r\n\0') & set(cleaned)
    assert not any(unicodedata.category(c).startswith("C") for c in cleaned)
    assert rules.clean_name(cleaned) == cleaned
    assert cleaned.encode("utf-8")


@given(st.text(max_size=200), st.sampled_from(rules.TAKEN))
def test_the_extension_tells_the_truth(name, kind):
    named = rules.name_as(name, kind)
    assert named.lower().endswith(kind.extensions)
    assert len(named) <= rules.MAX_NAME
    assert rules.name_as(named, kind) == named


def test_a_photo_turned_into_a_pdf_changes_its_extension_and_a_stranger_keeps_his():
    assert rules.name_as("anh.HEIC", rules.PDF) == "anh.pdf"
    assert rules.name_as("anh.JPEG", rules.JPEG) == "anh.JPEG"
    assert rules.name_as("QĐ 12.2024", rules.PDF) == "QĐ 12.2024.pdf"
    assert rules.name_as("cai-dat.exe", rules.PDF) == "cai-dat.exe.pdf"


def test_sentences_say_the_limit_and_what_to_do():
    assert "50 MB, quá mức 20 MB" in rules.too_large("a.pdf", 50 * 1024 * 1024, 20 * 1024 * 1024)
    assert rules.in_megabytes(19_293_798) == "18,4 MB"
    assert rules.accept_attribute(("pdf", "image")).startswith(".pdf,.jpg")
    for sentence in (
        rules.empty("a"),
        rules.broken("a"),
        rules.locked("a"),
        rules.bomb("a"),
        rules.too_many_pages("a"),
    ):
        assert "Hãy" in sentence
