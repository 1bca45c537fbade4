"""The Vietnamese month of a row as a number (yyyymm), said so that both databases group by it fast."""

from typing import Any

from django.db.models import DateTimeField, Func, IntegerField


class Month(Func):
    """202403 of a moment (in Vietnam, which has had one offset since 1975) or of a day."""

    output_field = IntegerField()
    arity = 1

    def _is_moment(self) -> bool:
        return isinstance(self.source_expressions[0].output_field, DateTimeField)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        shifted = ", '+7 hours'" if self._is_moment() else ""
        template = f"CAST(strftime('%%%%Y%%%%m', %(expressions)s{shifted}) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        local = "(%(expressions)s AT TIME ZONE 'Asia/Ho_Chi_Minh')" if self._is_moment() else "%(expressions)s"
        template = f"(EXTRACT(YEAR FROM {local}) * 100 + EXTRACT(MONTH FROM {local}))::integer"
        return self.as_sql(compiler, connection, template=template, **extra)
