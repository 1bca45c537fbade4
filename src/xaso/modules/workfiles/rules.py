"""Decisions about work files. Plain Python."""

from collections.abc import Iterable

OPEN, CLOSED, OFFERED, ARCHIVED = "open", "closed", "offered", "archived"
LABELS = {
    OPEN: "Đang làm",
    CLOSED: "Đã đóng",
    OFFERED: "Chờ lưu trữ nhận",
    ARCHIVED: "Đã nộp lưu",
}
MOVES = {
    OPEN: frozenset({CLOSED}),
    CLOSED: frozenset({OPEN, OFFERED}),
    OFFERED: frozenset({CLOSED, ARCHIVED}),
    ARCHIVED: frozenset(),
}
REFUSALS = {
    OPEN: "Hồ sơ công việc đang mở. Hãy đóng hồ sơ trước.",
    CLOSED: "Hồ sơ công việc đã đóng. Muốn sửa thì mở lại và ghi lý do.",
    OFFERED: "Hồ sơ công việc đang chờ lưu trữ nhận. Muốn sửa thì nhờ văn thư trả lại.",
    ARCHIVED: "Hồ sơ công việc đã nộp lưu, không sửa được nữa.",
}


def refusal(state: str, wanted: str) -> str:
    """Empty when the move is allowed, else the sentence."""
    return "" if wanted in MOVES[state] else REFUSALS[state]


def is_online(electronic: Iterable[bool]) -> bool:
    """Processed wholly online: every paper in it is electronic ("xử lý trên môi trường mạng")."""
    found = list(electronic)
    return bool(found) and all(found)


def number_of(value: int, year: int, heading: str) -> str:
    """`07/2026/HS-TC`: two digits below ten, as NĐ 30/2020 writes numbers."""
    return f"{value:02d}/{year}/HS-{heading}"


def kept_words(years: int) -> str:
    return "Vĩnh viễn" if years == 0 else f"{years} năm"
