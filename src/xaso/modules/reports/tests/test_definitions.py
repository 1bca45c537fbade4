"""What is declared is checked, and a wrong file is answered with its line and a sentence."""

import pytest

from xaso.kit.declared import ContentError
from xaso.modules.reports.definitions import load_kind, report_kinds
from xaso.modules.reports.queries.checking import checked_kinds

GOOD = """\
code: thu
title: Báo cáo thử
short: Thử
about: Để thử.
recipients: [Sở Khoa học và Công nghệ]
due:
  - {kind: quarter, quarters: [1], day: 10}
valid_from: 2024-01-01
tables:
  - {title: Số liệu, figures: [villages]}
sections:
  - {key: ket-qua, title: Kết quả}
source: Đặt ra để thử
"""


def load(tmp_path, text):
    file = tmp_path / "thu.yaml"
    file.write_text(text, encoding="utf-8")
    return load_kind(file, "reports/thu.yaml")


def test_a_good_file_is_read(tmp_path):
    kind = load(tmp_path, GOOD)
    assert kind.due_for("2024-Q1") is not None
    assert kind.due_for("2024-Q2") is None
    assert kind.due_for("2024") is None


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (GOOD.replace("day: 10", "day: 40"), "dòng 7: due.0.day: số lớn quá mức"),
        (GOOD.replace("kind: quarter", "kind: week"), "dòng 7: due.0.kind: giá trị không nằm trong danh sách"),
        (GOOD.replace("figures: [villages]", "figures: [villages, villages]"), "được ghi hai lần trong một bảng"),
        (GOOD.replace("figures: [villages]", "figures: [villages], set: dti-xa"), "figures hoặc mục set"),
        (GOOD + "mau: đỏ\n", "dòng 14: mau: không có mục nào tên như vậy"),
        (GOOD.replace("code: thu", "code: khac"), "phải trùng tên tệp"),
        (GOOD + "valid_to: 2023-01-01\n", "đứng trước"),
        (
            GOOD.replace("  - {key: ket-qua, title: Kết quả}", "  - {key: a, title: A}\n  - {key: a, title: B}"),
            "hai lần",
        ),
        (GOOD.replace("title: Báo cáo thử\n", ""), "title: thiếu mục này"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_a_sentence(tmp_path, broken, says):
    with pytest.raises(ContentError) as caught:
        load(tmp_path, broken)
    assert "reports/thu.yaml, dòng" in str(caught.value)
    assert says in str(caught.value)


def test_what_is_shipped_names_figures_and_sets_that_exist(sets):
    assert set(checked_kinds()) == {"khcn-cds", "dti", "thu-cong-vu"}
    assert all(kind.to_verify for kind in report_kinds().values())


def test_an_unknown_figure_is_named(sets, settings, tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "thu.yaml").write_text(GOOD.replace("villages", "no_such"), encoding="utf-8")
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    report_kinds.cache_clear()
    try:
        with pytest.raises(ContentError, match=r"reports/thu\.yaml: số liệu “no_such” không có"):
            checked_kinds()
    finally:
        report_kinds.cache_clear()


def test_a_year_owes_twelve_reports():
    """Four of each kind: KHCN-CĐS and DTI for Q1, 6, 9 months and the year, e-mail use each quarter."""
    keys = {kind.code: [key for due in kind.due for key in due.keys_of(2024)] for kind in report_kinds().values()}
    assert keys["khcn-cds"] == keys["dti"] == ["2024-Q1", "2024-H1", "2024-9M", "2024"]
    assert keys["thu-cong-vu"] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
