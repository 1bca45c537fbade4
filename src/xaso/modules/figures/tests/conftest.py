"""Figures under test: a small catalogue of their own beside the product's."""

from pathlib import Path

import pytest
import time_machine

from xaso.core.measures.periods import period_of
from xaso.modules.figures.actions import Given, approve_figure, declare_figure

CONTENT = """
title: Thử
figures:
  t_people: {label: "Người", unit: người, type: count, kind: stock}
  t_teams: {label: "Tổ", unit: tổ, type: count, kind: stock}
  t_team_share: {label: "Tỷ lệ tổ", type: percent, numerator: t_teams, denominator: villages}
  t_received_share: {label: "Hồ sơ trên đầu người", type: percent, numerator: dossiers_received, denominator: t_people}
  t_firms: {label: "Chữ ký của doanh nghiệp", unit: chữ ký, type: count, kind: stock}
  t_persons: {label: "Chữ ký của cá nhân", unit: chữ ký, type: count, kind: stock}
  t_signatures: {label: "Chữ ký số", unit: chữ ký, type: count, kind: stock, sum: [t_firms, t_persons]}
  t_spent: {label: "Kinh phí", type: money, kind: flow}
  t_online: {label: "Tỷ lệ trực tuyến", type: percent}
  t_pair: {label: "Doanh nghiệp có hoá đơn", type: ratio}
  t_rank: {label: "Hạng", type: rank, levels: [province]}
  t_since: {label: "Ngày vận hành", type: date}
  t_cameras: {label: "Camera", type: yes_no}
  t_trend: {label: "Thanh toán điện nước", type: trend}
  t_head: {label: "Trưởng ban", type: label, options: {head: "Chủ tịch", deputy: "Phó chủ tịch"}}
"""


REAL = Path(__file__).resolve().parents[5] / "content"


@pytest.fixture
def own_content(settings, tmp_path) -> Path:
    """The product's content with a catalogue of figures that no edit of the product's changes."""
    folder = tmp_path / "own"
    (folder / "figures").mkdir(parents=True)
    for part in REAL.iterdir():
        if part.name != "figures":
            (folder / part.name).symlink_to(part)
    (folder / "figures" / "common.yaml").symlink_to(REAL / "figures" / "common.yaml")
    (folder / "figures" / "test.yaml").write_text(CONTENT, encoding="utf-8")
    settings.CONTENT_DIRS = [folder]
    return folder


@pytest.fixture(autouse=True)
def _spring_2025():
    with time_machine.travel("2025-03-10T09:00:00+07:00", tick=False):
        yield


@pytest.fixture
def state(own_content, mai, hoa, ngu_kien):
    """`state("t_people", "2024", number=…)` is declared by mai and approved by hoa."""

    def declare(key, period, *, by=mai, approve=True, unit=ngu_kien, **given):
        given.setdefault("source", "Báo cáo của xã")
        row = declare_figure(by, unit, key=key, period=period_of(period), given=Given(**given))
        return approve_figure(hoa, row) if approve else row

    return declare
