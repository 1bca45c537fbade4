"""Bộ chỉ số: sets of indicators, the score of a unit under each, and what would raise it."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.indicators.jobs import load_declared
from xaso.modules.indicators.queries import altered

MODULE = Module(
    "indicators",
    "Bộ chỉ số",
    menu=(MenuItem("desk", "Bộ chỉ số", "desk-indicators:index", "indicators.view", "chart", 61),),
    content=(load_declared,),
    checks=(altered,),
)
