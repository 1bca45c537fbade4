"""What every verb of the catalogue ends with: a row for the new version and a new stamp."""

from __future__ import annotations

import uuid
from typing import Any

from xaso.kit import clock
from xaso.modules.procedures import queries
from xaso.modules.procedures.definitions import Version
from xaso.modules.procedures.models import CatalogueStamp, Procedure, ProcedureVersion
from xaso.modules.procedures.rules.importing import digest_of


def touch() -> None:
    """Every process sees within a second that its copy is old."""
    CatalogueStamp.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4()})
    queries.forget()


def version_row(row: Procedure, version: Version, source: str, **more: Any) -> ProcedureVersion:
    definition = version.dump()
    return ProcedureVersion(
        procedure=row,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        digest=digest_of(definition),
        definition=definition,
        mark=version.mark,
        online_level=version.online_level,
        route=version.route.kind,
        source=source,
        created_at=clock.now(),
        **more,
    )
