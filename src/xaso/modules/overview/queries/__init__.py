"""Questions about the whole: a commune's board, communes side by side, what stands behind a figure, what is public."""

from xaso.modules.overview.queries.behind import (
    Behind,
    Reported,
    Signed,
    figure_named,
    measure_behind,
    rows_behind,
    signed_sum,
    who_signed,
)
from xaso.modules.overview.queries.maps import map_of
from xaso.modules.overview.queries.moving import Moving, before
from xaso.modules.overview.queries.opening import (
    OpenCell,
    OpenRow,
    OpenTable,
    latest_period,
    open_table,
    period_published,
)
from xaso.modules.overview.queries.places import (
    KINDS,
    all_communes,
    communes_under,
    day_of,
    is_tree,
    period_asked,
    provinces,
    public_unit,
    unit_asked,
)
from xaso.modules.overview.queries.province import TOO_GOOD, Province, Ranking, Side, province, ranking
from xaso.modules.overview.queries.redlist import RedList, red_list
from xaso.modules.overview.queries.showing import UNVERIFIED, Goal, Month, Shown, figure_and_parts, shown_figures

__all__ = [
    "KINDS", "TOO_GOOD", "UNVERIFIED", "Behind", "Goal", "Month", "Moving", "OpenCell", "OpenRow", "OpenTable",
    "Province", "Ranking", "RedList", "Reported", "Shown", "Side", "Signed", "all_communes", "before", "communes_under",
    "day_of", "figure_and_parts", "figure_named", "is_tree", "latest_period", "map_of", "measure_behind", "open_table",
    "period_asked", "period_published", "province", "provinces", "public_unit", "ranking", "red_list",
    "rows_behind", "shown_figures", "signed_sum", "unit_asked", "who_signed",
]  # fmt: skip
