from datetime import date
from pathlib import Path

import pytest

from xaso.kit.errors import Missing
from xaso.modules.papers.definitions import BadContent, load_edition
from xaso.modules.papers.editions import all_editions, edition, edition_named

GOOD = """\
code: giay-thu
version: "1"
title: Giấy thử
valid_from: 2025-01-01
size: a5
fields:
  - {name: issued_at, label: Ngày, kind: moment, required: true}
"""
FORMS = [f"mau-0{number}" for number in range(1, 8)]
OTHERS = ["bao-cao", "bien-lai", "goi-so-lieu", "phieu-doc-lai", "phieu-so", "ket-qua", "ket-qua-khai-sinh"]


def write(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "giay-thu" / "1"
    folder.mkdir(parents=True)
    (folder / "paper.yaml").write_text(text, encoding="utf-8")
    (folder / "template.typ").write_text("", encoding="utf-8")
    return folder


def test_a_good_file_is_read(tmp_path):
    assert load_edition(write(tmp_path, GOOD)).title == "Giấy thử"


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        (GOOD + "mau: đỏ\n", 8, "không có mục “mau”"),
        (GOOD.replace("size: a5", "size: a7"), 5, "“a7” không dùng được"),
        (GOOD.replace("2025-01-01", "1/1/2025"), 4, "Ngày phải viết"),
        (GOOD.replace("title: Giấy thử\n", ""), 1, "còn thiếu mục “title”"),
        (GOOD.replace("kind: moment", "kind: table"), 7, "kiểu table"),
        (GOOD.replace("code: giay-thu", "code: khac"), 1, "phải nằm trong thư mục khac/1"),
        (GOOD + "valid_to: 2024-01-01\n", 8, "đứng trước"),
        (GOOD + "qr: {so: ma_ho_so}\n", 8, "không có trong mẫu"),
        (GOOD + "  - {name: issued_at, label: Lại}\n", 1, "khai báo hai lần"),
        (GOOD + "size: a4\n", 8, "bị ghi hai lần"),
        (GOOD.replace("a5", "[a5"), 6, "YAML viết sai"),
        ("", 1, "trống"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_a_sentence(tmp_path, broken, line, says):
    folder = write(tmp_path, broken)
    with pytest.raises(BadContent) as caught:
        load_edition(folder)
    assert (caught.value.file, caught.value.line) == (folder / "paper.yaml", line)
    assert says in caught.value.sentence


def test_every_shipped_paper_is_there():
    assert {code for code, _ in all_editions()} == {*FORMS, *OTHERS}


@pytest.mark.parametrize("code", FORMS)
def test_the_form_changes_with_the_circular(code):
    assert edition(code, date(2025, 9, 15)).version == "2025"
    if code == "mau-05":
        with pytest.raises(Missing):
            edition(code, date(2025, 9, 14))
    else:
        assert edition(code, date(2019, 1, 6)).version == edition(code, date(2025, 9, 14)).version == "2018"


def test_form_numbers_moved_in_2025():
    numbers = {(code, version): one.form_no for (code, version), one in all_editions().items() if one.form_no}
    assert numbers["mau-06", "2018"] == "05"
    assert numbers["mau-06", "2025"] == "06"
    assert numbers["mau-07", "2018"] == "06"
    assert numbers["mau-07", "2025"] == "07"


def test_layouts_nobody_compared_with_the_circular_say_so():
    assert all(edition_named(code, "2025").to_verify for code in FORMS)


def test_before_the_first_form_there_is_none():
    with pytest.raises(Missing, match="mau-01"):
        edition("mau-01", date(2019, 1, 5))


def test_the_digest_follows_the_template_and_the_shared_blocks(tmp_path):
    folder = write(tmp_path, GOOD)
    shared = tmp_path / "_shared"
    shared.mkdir()
    form = load_edition(folder)
    digests = [form.digest()]
    (folder / "template.typ").write_text("khác", encoding="utf-8")
    digests.append(form.digest())
    (shared / "common.typ").write_text("khác", encoding="utf-8")
    digests.append(form.digest())
    assert len(set(digests)) == 3
