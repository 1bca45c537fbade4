"""`Among("pk", keys)` in a filter: one of many, given to the database as one value.

`pk__in` writes a placeholder for each key; with hundreds of them PostgreSQL's driver takes longer over the statement
than the server does. Below a few dozen keys `__in` is as good.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func


class Among(Func):
    """Whether a column holds one of these numbers or texts."""

    output_field = BooleanField()
    OF_JSON = " IN (SELECT value FROM json_each(%s))"

    def __init__(self, column: str, keys: Iterable[int] | Iterable[str]) -> None:
        super().__init__(F(column))
        self.keys = list(keys)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        del connection, more
        column, values = compiler.compile(self.get_source_expressions()[0])
        return column + self.OF_JSON, (*values, json.dumps(self.keys))

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        del connection, more
        column, values = compiler.compile(self.get_source_expressions()[0])
        return column + " = ANY(%s)", (*values, self.keys)
