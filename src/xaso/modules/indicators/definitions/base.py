"""Names and numbers that the schemas share."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

FigureKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,11}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class Declared(BaseModel):
    """A wrong key in a content file is a mistake, not an extension."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _number(given: Any) -> Any:
    """YAML reads 0.5 as a binary float; what stands in the file is what counts."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str, Decimal)):
        raise ValueError("phải là một số")  # noqa: TRY004 - pydantic tells a ValueError, not a TypeError
    try:
        return Decimal(str(given))
    except InvalidOperation as wrong:
        raise ValueError("phải là một số, phần lẻ viết bằng dấu chấm") from wrong


def _threshold(given: Decimal) -> Decimal:
    if given <= 0:
        raise ValueError("ngưỡng phải lớn hơn 0, vì điểm được chia cho ngưỡng")
    return given


def _share(given: Decimal) -> Decimal:
    if not 0 <= given <= 1:
        raise ValueError("phần điểm phải từ 0 đến 1")
    return given


def _points(given: Decimal) -> Decimal:
    if given < 0:
        raise ValueError("điểm tối đa không được âm")
    if given != round(given, 2):
        raise ValueError("điểm tối đa chỉ có hai chữ số lẻ")
    return given


Number = Annotated[Decimal, BeforeValidator(_number)]
Threshold = Annotated[Number, AfterValidator(_threshold)]
Share = Annotated[Number, AfterValidator(_share)]
Points = Annotated[Number, AfterValidator(_points)]


def each_once(what: str, keys: Iterable[str]) -> None:
    """Raises ValueError naming what stands twice."""
    seen = list(keys)
    doubled = sorted({key for key in seen if seen.count(key) > 1})
    if doubled:
        raise ValueError(f"{what} bị trùng: {', '.join(doubled)}")
