"""What overview offers to the faces."""

from collections.abc import Iterable

from xaso.core.measures import queries as measures
from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.figures import queries as figures
from xaso.modules.overview.definitions import board, layouts, openness
from xaso.modules.overview.queries.opening import refresh


def content_faults() -> Iterable[str]:
    """Keys of content that name no figure or measure; a map whose boxes lie on each other."""
    known = figures.catalogue()
    for file, keys in (("overview.yaml", board().keys), ("public.yaml", openness().keys)):
        yield from (f"{file}: không có số liệu tên {key}." for key in keys if key not in known)
    counted = measures.catalogue()
    yield from (f"overview.yaml: không có số đo tên {key}." for key in board().ways if key not in counted)
    for layout in layouts().values():
        cells = [
            (column, row)
            for one in layout.areas
            for column in range(one.column, one.column + one.wide)
            for row in range(one.row, one.row + one.high)
        ]
        if len(cells) > len(set(cells)):
            yield f"Bản đồ của tỉnh {layout.province}: hai huyện nằm đè lên nhau."


MODULE = Module(
    "overview",
    "Toàn cảnh",
    menu=(
        MenuItem("cockpit", "Toàn cảnh", "cockpit-overview:board", "overview.view", "chart", 5),
        MenuItem("portal", "Xã làm được gì", "portal-overview:scoreboard", "public", "chart", 60),
    ),
    jobs=(Job("overview.open_data", "30 5 * * *", refresh),),
    content=(board, openness, layouts),
    checks=(content_faults,),
)
