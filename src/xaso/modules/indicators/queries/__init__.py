"""Questions about sets of indicators: which are in force, what a unit scores, what would raise the score."""

from xaso.modules.indicators.definitions import Component, Group, Step
from xaso.modules.indicators.queries.levers import Lever, best_actions
from xaso.modules.indicators.queries.places import communes_of, is_commune, unit_for
from xaso.modules.indicators.queries.scores import GroupScore, ItemScore, SetScore, score, score_many
from xaso.modules.indicators.queries.sets import (
    SetView,
    altered,
    changes,
    checksum_of,
    set_named,
    set_version,
    sets_on,
    versions_of,
)
from xaso.modules.indicators.rules.comparing import Change
from xaso.modules.indicators.rules.numbers import said

__all__ = [
    "Change",
    "Component",
    "Group",
    "GroupScore",
    "ItemScore",
    "Lever",
    "SetScore",
    "SetView",
    "Step",
    "altered",
    "best_actions",
    "changes",
    "checksum_of",
    "communes_of",
    "is_commune",
    "said",
    "score",
    "score_many",
    "set_named",
    "set_version",
    "sets_on",
    "unit_for",
    "versions_of",
]
