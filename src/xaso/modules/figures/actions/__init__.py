"""What may be done with figures: declare, decide, withdraw; import a spreadsheet and undo it."""

from xaso.modules.figures.actions.declaring import (
    approve_figure,
    declare_figure,
    refuse_figure,
    with_evidence,
    withdraw_figure,
)
from xaso.modules.figures.actions.importing import apply_import, approve_import, preview_import, undo_import
from xaso.modules.figures.guards import guards
from xaso.modules.figures.rules.given import Given

__all__ = [
    "Given",
    "apply_import",
    "approve_figure",
    "approve_import",
    "declare_figure",
    "guards",
    "preview_import",
    "refuse_figure",
    "undo_import",
    "with_evidence",
    "withdraw_figure",
]
