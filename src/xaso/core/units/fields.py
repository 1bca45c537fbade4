"""The unit path as a column that sorts by bytes on both databases, so that "under this unit" is one range."""

from typing import Any

from django.db import models


class UnitPathField(models.CharField):
    """Codes of the ancestors and the unit itself, each followed by a dot: `26.249.08866.`"""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 80)
        super().__init__(**options)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters
