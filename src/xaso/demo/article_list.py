"""`content/demo/articles.yaml`: the rows of figures in the articles, read and checked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.demo.content import demo_file
from xaso.kit.declared import read

Comparator = Literal["=", ">", ">=", "<", "<=", "~<", "~>"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
WORKED_OUT = frozenset({"computed", "results"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Article(_Strict):
    id: Text
    about: Text
    published: Text
    as_of: date


class Say(_Strict):
    """How the article rounds: to a multiple of `to`, down for ">", up for "~<", to the nearest for "="."""

    cmp: Literal["=", ">", "~<"]
    to: int = Field(ge=1)


class Row(_Strict):
    """One figure of one article. `value` is in the row's unit: `scale` đồng make one of it."""

    id: Annotated[str, StringConstraints(pattern=r"^S[0-4]-\d\d$")]
    place: Text
    level: Literal["", "province", "district", "commune"] = ""
    period: Text
    as_of: date | None = None
    kind: Literal["A", "T", "F", "Q"]
    how: Literal["computed", "declared", "target", "results", "displayed"]
    label: Text
    figure: str = ""
    type: str = ""
    unit: str = ""
    cmp: Comparator = "="
    value: Decimal | None = None
    text: str = ""
    scale: int = 1
    among: str = ""
    counts: dict[str, Decimal] = {}
    guesses: dict[str, Decimal] = {}
    also: tuple[str, ...] = ()
    say: Say | None = None
    plan: str = ""
    replaces: str = ""
    same_as: str = ""
    result: Literal["", "exceeded", "met"] = ""

    @model_validator(mode="after")
    def _fits_how_it_is_obtained(self) -> Self:
        if self.how in WORKED_OUT and self.value is not None:
            raise ValueError(f"{self.id}: số này được tính ra nên không ghi value")
        if self.how in {"declared", "target"} and (self.value is None or not self.figure):
            raise ValueError(f"{self.id}: ghi cả figure và value")
        if self.how == "displayed" and self.value is None and not self.text:
            raise ValueError(f"{self.id}: ghi text hoặc value để hiện ra")
        if self.kind in {"F", "Q"} and self.how != "displayed":
            raise ValueError(f"{self.id}: sự kiện và nhận xét chỉ được hiện ra")
        return self

    @property
    def article(self) -> str:
        return f"00{self.id[1]}"


class PlanRow(_Strict):
    place: Text
    title: Text
    first_year: int
    last_year: int
    number: Text
    dated: date


class ScoreTarget(_Strict):
    text: Text
    figure: Text
    value: Decimal
    direction: Literal["higher", "lower", "yes_no"] = "higher"
    task: Text


class Scorecard(_Strict):
    """The targets a commune was given for one year."""

    place: Text
    year: int
    title: Text
    number: Text
    dated: date
    source: Text
    targets: tuple[ScoreTarget, ...] = Field(min_length=1)


class Articles(_Strict):
    articles: dict[str, Article]
    rows: tuple[Row, ...]
    plans: dict[str, PlanRow]
    scorecard: Scorecard

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        ids = [row.id for row in self.rows]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"dòng {', '.join(twice)} được ghi hai lần")
        for row in self.rows:
            if row.article not in self.articles:
                raise ValueError(f"{row.id}: không có bài {row.article}")
            if {row.replaces, row.same_as} - {"", *ids}:
                raise ValueError(f"{row.id}: dòng được nhắc đến không có")
            if row.how == "target" and not row.same_as and row.plan not in self.plans:
                raise ValueError(f"{row.id}: không có kế hoạch {row.plan}")
        return self

    def as_of(self, row: Row) -> date:
        return row.as_of or self.articles[row.article].as_of


def read_articles() -> Articles:
    """Raises ContentFault naming file and line."""
    return _read(demo_file("articles.yaml"))


@cache
def _read(file: Path) -> Articles:
    return read(file, "demo/articles.yaml", Articles)
