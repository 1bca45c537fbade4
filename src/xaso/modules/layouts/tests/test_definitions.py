"""The declared kinds and layout: what they hold, and what is said of a wrong file."""

import shutil
from datetime import date

import pytest
import yaml
from django.conf import settings

from xaso.kit.declared import ContentError
from xaso.kit.errors import Missing
from xaso.modules.layouts.definitions import kind_of, kinds, layout_on, read_kinds, read_layouts

FOLDER = settings.CONTENT_DIRS[0] / "layouts"
LETTERS = (
    "NQ QĐ CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP PG PC PB SY TrS SL"
)  # fmt: skip


def test_there_are_29_kinds_and_3_copies():
    known = list(kinds().values())
    assert sum(not one.is_copy for one in known) == 29
    assert [one.form for one in known if one.is_copy] == ["SAO Y", "TRÍCH SAO", "SAO LỤC"]
    assert [one.abbreviation for one in known if one.abbreviation] == LETTERS.split()
    assert all(one.to_verify and one.valid_from == date(2020, 3, 5) and "30/2020" in one.legal_basis for one in known)


def test_letters_have_no_name_and_open_letters_no_number():
    assert [one.code for one in kinds().values() if not one.named] == ["cong-van"]
    assert [one.code for one in kinds().values() if not one.numbered] == ["thu-cong"]


@pytest.mark.parametrize("name", ["quyet-dinh", "QĐ", "Quyết định", "quyết định", "QUYET DINH"])
def test_a_kind_is_found_by_any_of_its_names(name):
    assert kind_of(name).code == "quyet-dinh"


def test_an_unknown_kind_is_told():
    with pytest.raises(Missing, match="Không có loại văn bản “Sắc lệnh”"):
        kind_of("Sắc lệnh")


def test_the_layout_in_force_is_found_by_its_day():
    layout = layout_on(date(2026, 2, 5))
    assert layout.template == "nd30.typ"
    assert layout.to_verify
    assert (layout.margins["left"].low, layout.margins["left"].high) == (30, 35)
    with pytest.raises(Missing, match="Chưa khai báo thể thức"):
        layout_on(date(2019, 1, 1))


def test_a_new_decree_is_a_new_file(tmp_path):
    shutil.copy(FOLDER / "nd30.typ", tmp_path)
    old = yaml.safe_load((FOLDER / "nd30.yaml").read_text(encoding="utf-8"))
    (tmp_path / "nd30.yaml").write_text(yaml.safe_dump(old | {"valid_to": "2030-12-31"}), encoding="utf-8")
    (tmp_path / "moi.yaml").write_text(yaml.safe_dump(old | {"valid_from": "2031-01-01"}), encoding="utf-8")
    found = read_layouts([tmp_path])
    assert [one.is_valid_on(date(2031, 5, 1)) for one in found] == [False, True]
    assert [one.is_valid_on(date(2030, 5, 1)) for one in found] == [True, False]


def changed(tmp_path, old, new, name="nd30.yaml"):
    shutil.copytree(FOLDER, tmp_path / "layouts")
    file = tmp_path / "layouts" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path / "layouts"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("set: 20}", "set: 40}", "set phải nằm giữa from và to"),
        ("  nation:      {from", "  nation_x:    {from", "sizes: thiếu hoặc thừa nation, nation_x"),
        ("template: nd30.typ", "template: ../x.typ", "template: viết không đúng mẫu"),
        ("valid_from: 2020-03-05", "valid_from: hôm nay", "valid_from: phải là ngày"),
        ("to_verify: true", "to_verfy: true", "to_verfy: không có mục nào tên như vậy"),
        ("template: nd30.typ", "template: khac.typ", "thiếu tệp khac.typ"),
    ],
)
def test_a_wrong_layout_is_told_with_its_line(tmp_path, old, new, says):
    with pytest.raises(ContentError) as error:
        read_layouts([changed(tmp_path, old, new)])
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("abbreviation: QĐ,", "abbreviation: NQ,", "chữ viết tắt NQ ghi hai lần"),
        ("abbreviation: CT}", 'abbreviation: ""}', "chi-thi: loại văn bản có tên và có số phải có chữ viết tắt"),
        ("bases: required", "bases: always", "giá trị không nằm trong danh sách"),
        ("  sao-y:", "  cong-van:", "mã cong-van vừa là loại văn bản vừa là bản sao"),
        ("abbreviation: KH}", "abbreviation: K-H}", "viết không đúng mẫu"),
    ],
)
def test_wrong_kinds_are_told(tmp_path, old, new, says):
    with pytest.raises(ContentError) as error:
        read_kinds(changed(tmp_path, old, new, "kinds.yaml"))
    assert says in str(error.value)
