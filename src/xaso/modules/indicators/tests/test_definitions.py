"""A wrong file is told with its name, the line and a Vietnamese sentence; nothing of it is loaded."""

import re
import textwrap

import pytest

from xaso.core.access import SYSTEM
from xaso.kit.declared import ContentError
from xaso.modules.indicators.actions import load_sets
from xaso.modules.indicators.definitions import read_sets
from xaso.modules.indicators.models import SetVersion

FIGURES = {"a": "count", "b": "count", "ab": "percent", "x": "yes_no", "n": "count", "head": "label", "day": "date"}
GOOD = textwrap.dedent(
    """\
    code: thu
    title: Bộ thử
    versions:
      - version: "1"
        valid_from: 2023-01-01
        valid_to: 2023-12-31
        max: 30
        groups:
          - code: "1"
            label: Nhóm một
            max: 30
            components:
              - code: "1.1"
                label: Tỷ lệ
                max: 10
                formula: {type: RATIO_T, a: a, b: b, share: ab, threshold: 80}
                lever: {figure: a, most: b, step: 1, cost_per_unit: 1000, owner: Phòng Kinh tế}
              - code: "1.2"
                label: Bậc
                max: 20
                formula:
                  type: BANDS
                  figure: n
                  bands: [{from: 0, below: 2, share: 0}, {from: 2, below: 4, share: 0.5}, {from: 4, share: 1}]
      - version: "2"
        valid_from: 2024-01-01
        max: 0
        groups:
          - code: "1"
            label: Nhóm một
            max: 0
            components:
              - code: "1.1"
                label: Có hay không
                max: 0
                formula: {type: PASSFAIL, conditions: [{label: Có, figure: x}]}
    """
)

WRONG = [
    (
        "component maxima do not add up",
        "max: 20\n",
        "max: 19\n",
        r"nhóm 1: các thành phần cộng lại 29 điểm, nhóm ghi 30",
    ),
    (
        "groups do not add up",
        "    max: 30\n    groups",
        "    max: 31\n    groups",
        r"các nhóm cộng lại 30 điểm, bộ ghi 31",
    ),
    ("a hole", "below: 4, share: 0.5", "below: 3, share: 0.5", r"giữa 3 và 4 không có bậc nào"),
    ("an overlap", "below: 4, share: 0.5", "below: 5, share: 0.5", r"bậc từ 2 chồng lên bậc từ 4"),
    ("bands that end", "{from: 4, share: 1}", "{from: 4, below: 9, share: 1}", r"từ 9 trở lên không có bậc nào"),
    ("bands that begin late", "{from: 0, below: 2", "{from: 1, below: 2", r"bậc đầu tiên phải bắt đầu từ 0"),
    ("a share above one", "share: 0.5", "share: 1.5", r"phần điểm phải từ 0 đến 1"),
    ("an unknown type", "RATIO_T", "RATIOT", r"không có kiểu công thức RATIOT; dùng một trong: RATIO, RATIO_T"),
    ("no threshold", ", threshold: 80", ", threshold: 0", r"ngưỡng phải lớn hơn 0"),
    ("a threshold in words", "threshold: 80", "threshold: tám mươi", r"phải là một số, phần lẻ viết bằng dấu chấm"),
    ("a decimal comma", "share: 0.5", 'share: "0,5"', r"phải là một số, phần lẻ viết bằng dấu chấm"),
    ("a code twice", '"1.2"', '"1.1"', r"Mã thành phần bị trùng: 1.1"),
    ("dates that overlap", "2023-12-31", "2024-12-31", r"phiên bản 1 và 2 chồng thời gian hiệu lực lên nhau"),
    ("no end before the next", "    valid_to: 2023-12-31\n", "", r"phiên bản 1 và 2 chồng thời gian hiệu lực lên nhau"),
    ("an end before the beginning", "2023-12-31", "2022-12-31", r"valid_to đứng trước valid_from"),
    (
        "an unknown figure",
        "a: a, b: b",
        "a: a, b: khong_co",
        r"thành phần 1.1: không có số liệu khong_co trong content/figures",
    ),
    ("a figure of another type", "a: a, b: b", "a: a, b: ab", r"số liệu ab là kiểu percent, ở đây cần một số lượng"),
    ("an unknown end of a lever", "most: b", "most: khong_co", r"không có số liệu khong_co"),
    (
        "a lever for another figure",
        "{figure: a, most",
        "{figure: n, most",
        r"đòn bẩy phải nâng một số liệu có trong công thức",
    ),
    (
        "applies when a count",
        "            max: 10\n",
        "            max: 10\n            applies_when: n\n",
        r"cần câu trả lời có hoặc không",
    ),
    ("an unknown field", "label: Bậc", "lable: Bậc", r"không có mục nào tên như vậy"),
    ("a field missing", "            label: Bậc\n", "", r"thiếu mục này"),
    ("points below nothing", "max: 10", "max: -10", r"điểm tối đa không được âm"),
    ("a component without points", "max: 10", "max: 0", r"1.1: điểm tối đa phải lớn hơn 0"),
    ("not YAML", "title: Bộ thử", "title: [", r"không đọc được YAML"),
]
CIRCLE = """
          - code: "1.2"
            label: Vòng
            max: 0
            formula: {type: PASSFAIL, all_of: ["1.3"]}
          - code: "1.3"
            label: Vòng
            max: 0
            formula: {type: PASSFAIL, all_of: ["1.2"]}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "indicators").mkdir()
    return tmp_path


def put(folder, text, name="thu"):
    (folder / "indicators" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems_of(folder):
    with pytest.raises(ContentError) as caught:
        read_sets([folder], FIGURES)
    return caught.value.problems


def test_a_good_file(folder):
    (one,) = read_sets([put(folder, GOOD)], FIGURES)
    assert [version.version for version in one.definition.versions] == ["1", "2"]
    assert (
        one.definition.versions[0].dump()
        == type(one.definition.versions[0]).model_validate(one.definition.versions[0].dump()).dump()
    )


@pytest.mark.parametrize(("was", "now", "sentence"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_file_is_told(folder, was, now, sentence):
    assert was in GOOD
    problems = problems_of(put(folder, GOOD.replace(was, now, 1)))
    assert re.search(sentence, "\n".join(problems)), problems
    assert all(re.match(r"indicators/thu\.yaml, dòng \d+: ", problem) for problem in problems)


def test_the_line_is_the_right_one(folder):
    text = GOOD.replace("a: a, b: b", "a: a, b: khong_co", 1)
    wrong = next(n for n, line in enumerate(text.splitlines(), 1) if "khong_co" in line)
    (problem,) = problems_of(put(folder, text))
    assert problem.startswith(f"indicators/thu.yaml, dòng {wrong}: ")


def test_a_circle(folder):
    text = GOOD.rstrip("\n") + CIRCLE
    (problem,) = problems_of(put(folder, text))
    assert "công thức chạy vòng tròn: 1.2 → 1.3 → 1.2" in problem


def test_waiting_for_a_component_that_is_not_there(folder):
    (problem,) = problems_of(put(folder, GOOD.rstrip("\n") + CIRCLE.replace('["1.2"]', '["9.9"]')))
    assert "all_of gọi thành phần không có: 9.9" in problem


def test_the_file_is_named_like_the_set(folder):
    (problem,) = problems_of(put(folder, GOOD, "khac"))
    assert "tên tệp phải là mã bộ chỉ số thu.yaml" in problem


def test_every_fault_is_told_at_once(folder):
    put(folder, GOOD.replace("max: 20\n", "max: 19\n", 1))
    put(folder, GOOD.replace("code: thu", "code: hai").replace("a: a, b: b", "a: khong_co, b: b", 1), "hai")
    assert len(problems_of(folder)) == 2


@pytest.mark.django_db
def test_nothing_of_a_wrong_folder_is_loaded(folder, settings):
    put(
        folder,
        GOOD.replace("code: thu", "code: hai").replace("a: a, b: b, share: ab", "a: villages, b: officers"),
        "hai",
    )
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, put(folder, GOOD.replace("max: 20\n", "max: 19\n", 1))]
    with pytest.raises(ContentError):
        load_sets(SYSTEM)
    assert not SetVersion.objects.exists()
