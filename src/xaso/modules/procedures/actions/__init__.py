"""Verbs that change the catalogue. Each leaves a version behind; none rewrites one."""

from xaso.modules.procedures.actions.importing import ImportReport, import_procedures
from xaso.modules.procedures.actions.loading import LoadReport, load_procedures
from xaso.modules.procedures.actions.settling import SettledCase, SettledFee, set_visibility, settle_review
from xaso.modules.procedures.definitions import ContentError

__all__ = [
    "ContentError",
    "ImportReport",
    "LoadReport",
    "SettledCase",
    "SettledFee",
    "import_procedures",
    "load_procedures",
    "set_visibility",
    "settle_review",
]
