"""The catalogue refuses what cannot be, with file, line and a sentence."""

import pytest

from xaso.kit.declared import ContentError
from xaso.modules.figures import queries as figures
from xaso.modules.figures.definitions import read_figures

MEASURES = {"units.villages", "dossiers.received"}


def read(tmp_path, *texts, measures=MEASURES):
    folders = []
    for number, text in enumerate(texts):
        folder = tmp_path / str(number)
        (folder / "figures").mkdir(parents=True, exist_ok=True)
        (folder / "figures" / "a.yaml").write_text("title: Thử\nfigures:\n" + text, encoding="utf-8")
        folders.append(folder)
    return read_figures(folders, measures)


def faults(tmp_path, *texts):
    with pytest.raises(ContentError) as error:
        read(tmp_path, *texts)
    return error.value.problems


COUNT = '{label: "Thôn", unit: thôn, type: count, kind: stock}'


A = f"  a: {COUNT}\n"
MORE = "unit: x, type: count, kind: stock"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  a: {label: A, unit: b, type: count, kind: stock, measure: no.such}", "dòng 3: a: không có phép đếm nào"),
        ("  a: {label: A, unit: b, type: count, kind: stock, colour: red}", "colour: không có mục nào tên như vậy"),
        ("  a: {label: A, unit: b, type: number, kind: stock}", "a.type: giá trị không nằm trong danh sách"),
        (f"  a: {COUNT}\n  a: {COUNT}", "dòng 4: khoá “a” viết hai lần"),
        ("  a: {label: A, unit: b, type: count}", "phải ghi kind"),
        ("  a: {label: A, type: count, kind: stock}", "phải ghi unit"),
        ("  a: {label: A, type: percent, numerator: b}", "phải đi cùng nhau"),
        ("  a: {label: A, type: percent, numerator: b, denominator: c}", "dùng khoá b chưa khai"),
        ("  a: {label: A, type: percent, measure: units.villages}", "chỉ count và money có measure hoặc sum"),
        ("  a: {label: A, type: rank, options: {x: X}}", "chỉ label có options"),
        (f"{A}  b: {{label: B, {MORE}, sum: [a, a]}}", "ghi hai lần cùng một khoá"),
        (f"{A}  b: {{label: B, {MORE}, sum: [a]}}", "ít nhất hai khoá"),
        (f"{A}  c: {COUNT}\n  m: {{label: M, type: money, kind: flow, sum: [a, c]}}", "không cộng được a (count)"),
        (
            "  r: {label: R, type: rank}\n  a: {label: A, type: percent, numerator: r, denominator: r}",
            "phải là count hoặc money",
        ),
        ("  A b: {label: A, type: rank}", "viết không đúng mẫu"),
        ("  a: {label: 12, type: rank}", "phải là chữ"),
        ("  a: [1, 2]", "phải là các dòng khoá: giá trị"),
        ("  a: {label: A, type: rank", "không đọc được YAML"),
    ],
)  # fmt: skip
def test_is_refused(tmp_path, text, says):
    problems = faults(tmp_path, text)
    assert any(says in problem for problem in problems), problems
    assert all(problem.startswith("figures/a.yaml, dòng ") for problem in problems)


def test_a_circle_is_named_once(tmp_path):
    sums = "  {}: {{label: A, unit: x, type: count, kind: stock, sum: [{}, z]}}"
    text = "\n".join([sums.format("a", "b"), sums.format("b", "c"), sums.format("c", "a"), f"  z: {COUNT}"])
    assert faults(tmp_path, text) == ["figures/a.yaml, dòng 3: a: tính vòng tròn: a → b → c → a."]


def test_all_faults_are_told_at_once(tmp_path):
    text = "  a: {label: A, type: count, kind: stock}\n  b: {label: B, type: nothing}"
    assert len(faults(tmp_path, text)) == 2


def test_a_later_folder_replaces_single_keys(tmp_path):
    found = read(tmp_path, f"  a: {COUNT}\n  b: {COUNT}", '  a: {label: "Bản", unit: bản, type: count, kind: stock}')
    assert (found["a"].label, found["b"].label) == ("Bản", "Thôn")


def test_a_key_stands_in_one_file_of_a_folder(tmp_path):
    folder = tmp_path / "0" / "figures"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"{name}.yaml").write_text(f"title: T\nfigures:\n  k: {COUNT}", encoding="utf-8")
    with pytest.raises(ContentError, match=r"figures/b.yaml, dòng 3: k: khoá này đã có trong figures/a.yaml"):
        read_figures([tmp_path / "0"], MEASURES)


def test_defaults(tmp_path):
    text = (
        f"  a: {COUNT}\n  p: {{label: P, type: percent, numerator: f, denominator: a}}\n  r: {{label: R, type: rank}}\n"
    )
    text += "  f: {label: F, unit: hồ sơ, type: count, kind: flow, measure: dossiers.received}"
    found = read(tmp_path, text)
    assert (found["p"].kind, found["p"].better, found["p"].unit) == ("flow", "higher", "%")
    assert (found["r"].better, found["r"].kind) == ("lower", "stock")
    assert found["f"].is_computed
    assert not found["a"].is_computed


def test_the_product_catalogue_is_in_order():
    found = figures.catalogue()
    assert found["villages"].measure == "units.villages"
    assert found["on_time_share"].parts == ("dossiers_on_time", "dossiers_judged")
