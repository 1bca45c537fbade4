"""A named set of parts that can be swapped: providers, measures, sign-in methods."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Parts by name. A second part of the same name is a mistake and is refused at start."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._parts: dict[str, T] = {}

    def add(self, name: str, part: T) -> T:
        if name in self._parts:
            raise ValueError(f"{self.what} {name!r} is registered twice")
        self._parts[name] = part
        return part

    def register(self, name: str) -> Callable[[T], T]:
        return lambda part: self.add(name, part)

    def __getitem__(self, name: str) -> T:
        if name not in self._parts:
            raise LookupError(f"no {self.what} is named {name!r}; known: {', '.join(sorted(self._parts))}")
        return self._parts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def items(self) -> list[tuple[str, T]]:
        return list(self._parts.items())
