"""Schema of `content/figures/*.yaml`, the catalogue of figures. Each field is explained in the README there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, line_of, parse, read

FigureType = Literal["percent", "ratio", "count", "money", "rank", "date", "yes_no", "label", "trend"]
Kind = Literal["flow", "stock"]
Better = Literal["higher", "lower", "none"]
Level = Literal["province", "district", "commune"]

SHARES = frozenset({"percent", "ratio"})
AMOUNTS = frozenset({"count", "money"})
BETTER_OF: dict[str, Better] = {"percent": "higher", "ratio": "higher", "rank": "lower"}
LEVELS: tuple[Level, ...] = ("province", "district", "commune")

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure as declared: what it is called, what type of value it has and where the value comes from."""

    key: str
    label: str
    type: FigureType
    unit: str
    kind: Kind
    group: str
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    sum: tuple[str, ...] = ()
    better: Better = "none"
    base: str = ""
    levels: tuple[Level, ...] = LEVELS
    options: tuple[tuple[str, str], ...] = ()
    source: str = ""
    to_verify: bool = False
    file: str = ""
    line: int = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """Keys of the figures this one is calculated from."""
        return (self.numerator, self.denominator) if self.numerator else self.sum

    @property
    def is_computed(self) -> bool:
        return bool(self.measure or self.parts)


class _Figure(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: _Text
    type: FigureType
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    kind: Kind | None = None
    measure: str = ""
    numerator: _Key | None = None
    denominator: _Key | None = None
    sum: tuple[_Key, ...] = ()
    better: Better | None = None
    base: str = ""
    levels: tuple[Level, ...] = Field(default=LEVELS, min_length=1)
    options: dict[_Key, _Text] = Field(default_factory=dict)
    source: str = ""
    to_verify: bool = False

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        for wrong, sentence in self._faults():
            if wrong:
                raise ValueError(sentence)
        return self

    def _faults(self) -> Iterator[tuple[bool, str]]:
        is_amount, is_share = self.type in AMOUNTS, self.type in SHARES
        yield is_amount and self.kind is None, "count và money phải ghi kind: flow (trong kỳ) hoặc stock (đến ngày)"
        yield self.type == "count" and not self.unit, "count phải ghi unit: đếm cái gì"
        yield bool(self.measure or self.sum) and not is_amount, "chỉ count và money có measure hoặc sum"
        yield bool(self.measure and self.sum), "chỉ ghi một trong hai: measure hoặc sum"
        yield len(self.sum) == 1, "sum cần ít nhất hai khoá"
        yield len(set(self.sum)) < len(self.sum), "sum ghi hai lần cùng một khoá"
        yield bool(self.numerator) != bool(self.denominator), "numerator và denominator phải đi cùng nhau"
        yield bool(self.numerator) and not is_share, "chỉ percent và ratio có numerator, denominator"
        yield bool(self.options) and self.type != "label", "chỉ label có options"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: _Text
    figures: dict[_Key, _Figure] = Field(min_length=1)


def read_figures(folders: Iterable[Path], measures: Collection[str]) -> dict[str, FigureKind]:
    """The catalogue; a later folder replaces single keys. Raises ContentError naming file and line of each fault."""
    found: dict[str, FigureKind] = {}
    problems: list[str] = []
    for folder in folders:
        here: dict[str, FigureKind] = {}
        for file in sorted((folder / "figures").glob("*.yaml")):
            try:
                declared = _read(file, f"figures/{file.name}")
            except ContentError as error:
                problems += error.problems
                continue
            problems += [_at(one, f"khoá này đã có trong {here[one.key].file}") for one in declared if one.key in here]
            here |= {one.key: one for one in declared if one.key not in here}
        found |= here
    if problems:
        raise ContentError(problems)  # the rest would only repeat that a key is missing
    if problems := [fault for one in found.values() for fault in _faults(one, found, measures)] or _circles(found):
        raise ContentError(problems)
    return {key: _kind_of_parts(one, found) for key, one in found.items()}


def _read(file: Path, name: str) -> list[FigureKind]:
    tree, _ = parse(file, name)
    declared = read(file, name, _File)
    return [
        _figure(key, one, declared.title, (name, line_of(tree, ("figures", key))))
        for key, one in declared.figures.items()
    ]


def _figure(key: str, said: _Figure, group: str, place: tuple[str, int]) -> FigureKind:
    fixed = {"percent": "%", "money": "đồng"}
    return FigureKind(
        key=key,
        label=said.label,
        type=said.type,
        unit=fixed.get(said.type, said.unit),
        kind=said.kind or "stock",
        group=group,
        measure=said.measure,
        numerator=said.numerator or "",
        denominator=said.denominator or "",
        sum=said.sum,
        better=said.better or BETTER_OF.get(said.type, "none"),
        base=said.base,
        levels=said.levels,
        options=tuple(said.options.items()),
        source=said.source,
        to_verify=said.to_verify,
        file=place[0],
        line=place[1],
    )


def _faults(one: FigureKind, known: dict[str, FigureKind], measures: Collection[str]) -> Iterator[str]:
    if one.measure and one.measure not in measures:
        yield _at(one, f"không có phép đếm nào tên {one.measure}")
    for key in one.parts:
        part = known.get(key)
        if part is None:
            yield _at(one, f"dùng khoá {key} chưa khai trong content/figures")
        elif one.sum and part.type != one.type:
            yield _at(one, f"không cộng được {key} ({part.type}) vào {one.type}")
        elif one.numerator and part.type not in AMOUNTS:
            yield _at(one, f"{key} là {part.type}; tử số và mẫu số phải là count hoặc money")


def _circles(known: dict[str, FigureKind]) -> list[str]:
    """A figure that is calculated from itself, directly or by steps. Each circle is told once."""
    problems: list[str] = []
    done: set[str] = set()
    for start in known:
        way: list[str] = []
        _walk(start, known, way, done, problems)
    return problems


def _walk(key: str, known: dict[str, FigureKind], way: list[str], done: set[str], problems: list[str]) -> None:
    if key in way:
        circle = [*way[way.index(key) :], key]
        problems.append(_at(known[key], f"tính vòng tròn: {' → '.join(circle)}"))
        return
    if key in done:
        return
    way.append(key)
    for part in known[key].parts:
        _walk(part, known, way, done, problems)
    way.pop()
    done.add(key)


def _kind_of_parts(one: FigureKind, known: dict[str, FigureKind]) -> FigureKind:
    """A share is over a period or as of a day like what it counts."""
    if one.numerator and one.type in SHARES:
        return replace(one, kind=known[one.numerator].kind)
    return one


def _at(one: FigureKind, sentence: str) -> str:
    return f"{one.file}, dòng {one.line}: {one.key}: {sentence}."
