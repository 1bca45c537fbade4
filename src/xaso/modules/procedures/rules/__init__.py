"""Pure decisions about procedures: what to ask, what is wrong with an answer, what to bring, how much."""

from xaso.modules.procedures.rules.cases import case_for, components_due, limit_for, needs_review
from xaso.modules.procedures.rules.compare import differences
from xaso.modules.procedures.rules.conditions import holds
from xaso.modules.procedures.rules.fees import FeeLine, FeeQuote, FeeStep, fee_for
from xaso.modules.procedures.rules.fields import PART_LABELS, RELATIONS, SEXES
from xaso.modules.procedures.rules.forms import (
    CompiledForm,
    compile_form,
    prefill,
    validate,
    visible_fields,
    visible_sections,
)
from xaso.modules.procedures.rules.identity import check_date, check_name, check_personal_id, normalise_phone
from xaso.modules.procedures.rules.search import Searchable, search

__all__ = [
    "PART_LABELS",
    "RELATIONS",
    "SEXES",
    "CompiledForm",
    "FeeLine",
    "FeeQuote",
    "FeeStep",
    "Searchable",
    "case_for",
    "check_date",
    "check_name",
    "check_personal_id",
    "compile_form",
    "components_due",
    "differences",
    "fee_for",
    "holds",
    "limit_for",
    "needs_review",
    "normalise_phone",
    "prefill",
    "search",
    "validate",
    "visible_fields",
    "visible_sections",
]
