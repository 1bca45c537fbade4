"""`xaso figures`: the same numbers a page shows, for people and for programs."""

import json
from importlib.util import find_spec

import pytest

from xaso.command import main
from xaso.core.access import SYSTEM
from xaso.core.measures.counting import rebuild_all
from xaso.modules.dossiers.tests import many
from xaso.modules.indicators.actions import load_sets

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def november(ngu_kien):
    load_sets(SYSTEM)
    many.a_mixed_month(ngu_kien)
    rebuild_all()


def said(capsys, *arguments: str) -> str:
    assert main(["figures", *arguments]) == 0
    return capsys.readouterr().out


def test_figures_of_a_unit_and_period(november, capsys):
    told = json.loads(said(capsys, "--unit", "09157", "--period", "2026-11", "--json"))
    rows = {row["key"]: row for row in told["figures"]}
    assert (told["unit"], told["period"]) == ("09157", "2026-11")
    assert (rows["dossiers_received"]["number"], rows["dossiers_received"]["origin"]) == (31, "computed")
    assert (rows["online_share"]["numerator"], rows["online_share"]["denominator"]) == (18, 31)
    assert (rows["households"]["number"], rows["households"]["shown"]) == (None, "chưa có số liệu")
    text = said(capsys, "--unit", "09157", "--period", "2026-11")
    assert "Hồ sơ tiếp nhận: 31 hồ sơ (tính từ dữ liệu" in text
    assert "Hộ gia đình: chưa có số liệu" in text


@pytest.mark.parametrize(
    ("chosen", "code"), [("dti", "dti-xa"), ("766", "qd-766"), ("qd-766", "qd-766"), ("ntm", "ntm-2026")]
)
def test_the_score_of_a_set(november, capsys, chosen, code):
    told = json.loads(said(capsys, "--unit", "09157", "--period", "2026", "--set", chosen, "--json"))
    assert told["set"] == code
    assert len(told["items"]) > 3
    assert all(item["points"] is None for item in told["items"] if item["state"] == "missing")
    assert "điểm" in said(capsys, "--unit", "09157", "--period", "2026", "--set", chosen)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ([], "Hãy ghi mã đơn vị"),
        (["--unit", "09157", "--period", "tháng 3"], "Không hiểu kỳ “tháng 3”"),
        (["--unit", "09157", "--period", "2026", "--set", "abc"], "Không có bộ chỉ số “abc”"),
        (["--unit", "99999", "--period", "2026"], "Không có đơn vị mã 99999"),
        (["--bla"], "không hiểu tham số"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(november, typed, answer, capsys):
    assert main(["figures", *typed]) in {1, 2}
    assert answer in capsys.readouterr().err


@pytest.mark.skipif(not find_spec("xaso.demo"), reason="the demonstration is not shipped here")
def test_the_articles_need_no_unit(db, capsys):
    """Their rows are the demonstration's, so that without it the answer is a sentence."""
    code = main(["figures", "--set", "articles", "--json"])
    told = capsys.readouterr()
    assert code in {0, 1}
    assert json.loads(told.out) if code == 0 else told.err.startswith("✗")
