"""A small set of indicators, a round over two communes, and an assessment brought to where it should be."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xaso.core.access import SYSTEM, Actor
from xaso.core.units.models import Unit
from xaso.modules.assessments import actions
from xaso.modules.assessments.actions.rounds import Plan
from xaso.modules.assessments.actions.scoring import General
from xaso.modules.assessments.models import Assessment, Item, Round
from xaso.modules.indicators import queries as indicators
from xaso.modules.indicators.actions import load_sets

FIGURES = """
title: Thử nghiệm
figures:
  t_villages: {label: Thôn, unit: thôn, type: count, kind: stock, measure: units.villages}
  t_teams: {label: Thôn có tổ, unit: thôn, type: count, kind: stock}
  t_plan: {label: Kế hoạch ban hành, type: yes_no}
"""
SETS = """
code: t-set
title: Bộ thử nghiệm
versions:
  - version: "1"
    valid_from: 2020-01-01
    source: Thử nghiệm
    max: 100
    groups:
      - code: "1"
        label: Nhân lực
        max: 60
        components:
          - code: "1.1"
            label: Thôn có tổ công nghệ số
            max: 40
            evidence: Quyết định
            formula: {type: RATIO, a: t_teams, b: t_villages}
          - {code: "1.2", label: Ban chỉ đạo họp, max: 20, evidence: Biên bản, formula: {type: YESNO, figure: t_plan}}
      - code: "2"
        label: Thể chế
        max: 40
        components:
          - {code: "2.1", label: Kế hoạch năm, max: 40, evidence: Kế hoạch, formula: {type: YESNO, figure: t_plan}}
"""
GENERAL = General("Ngũ Kiên", 21, 32, 15763, "Trịnh Thị Mai", "Công chức", "0912345613", "mai@example.vn")


def content_in(folder: Path, real: Path) -> Path:
    """The real content, but with the small set as the only one: what content says today is no matter here."""
    for part in real.iterdir():
        if part.name not in {"figures", "indicators"}:
            (folder / part.name).symlink_to(part)
    for name, text in (("figures", FIGURES), ("indicators", SETS)):
        (folder / name).mkdir()
        (folder / name / "t-set.yaml").write_text(text, encoding="utf-8")
    return folder


def opened(by: Actor, province: Unit, year: int = 2024, **more: Any) -> Round:
    load_sets(SYSTEM)
    view = indicators.set_named("t-set", date(year, 12, 31))
    plan = Plan(
        year, view.uuid, f"Đánh giá năm {year}", date(year + 1, 1, 20), date(year + 1, 2, 28), date(year + 1, 3, 31)
    )
    return actions.open_round(by, province, plan=plan, **more)


def assessment_of(cycle: Round, unit: Unit) -> Assessment:
    return Assessment.objects.select_related("round", "unit").get(round=cycle, unit=unit)


def item(assessment: Assessment, code: str) -> Item:
    return Item.objects.select_related("assessment__round", "assessment__unit").get(assessment=assessment, code=code)


def fresh(thing: Any) -> Any:
    """As the database has it now."""
    return type(thing).objects.get(pk=thing.pk)


def self_scored(focal: Actor, assessment: Assessment, *points: int, note: str = "Theo số liệu của xã") -> Assessment:
    """Every component with a score and an explanation, finished by the focal official."""
    actions.describe_unit(focal, fresh(assessment), given=GENERAL)
    for code, value in zip(("1.1", "1.2", "2.1"), points or (30, 20, 40), strict=True):
        actions.self_score_item(focal, item(assessment, code), points=Decimal(value), note=note)
    return actions.finish_self_score(focal, fresh(assessment))


def submitted(focal: Actor, leader: Actor, assessment: Assessment, *points: int) -> Assessment:
    self_scored(focal, assessment, *points)
    return actions.submit(leader, fresh(assessment))


def appraised(appraiser: Actor, assessment: Assessment) -> Assessment:
    """Every self-score agreed to."""
    actions.start_review(appraiser, fresh(assessment))
    actions.agree_items(appraiser, fresh(assessment), codes=["1.1", "1.2", "2.1"])
    return actions.finish_review(appraiser, fresh(assessment))
