"""The demonstration province: made-up people who play the articles' years through the real actions.

`load_demo` is idempotent; `sign_ins` gives the lines that `xaso up` prints, `key_of_speakers` the devices it runs.
"""

from xaso.demo.articles import article_rows, declare_articles
from xaso.demo.assessed import play_assessments
from xaso.demo.bulk import fill
from xaso.demo.letters import play_letters
from xaso.demo.paperwork import play_paperwork
from xaso.demo.people import PROVINCE_OFFICERS
from xaso.demo.play import play_province
from xaso.demo.reach import play_reach, reach
from xaso.demo.scenario import read_scenario
from xaso.demo.speakers import key_of_speakers

__all__ = ["article_rows", "declare_articles", "key_of_speakers", "load_demo", "sign_ins"]

OF_THE_COMMUNE = (
    ("reception", "Cán bộ tiếp nhận"),
    ("handler", "Chuyên viên"),
    ("head", "Phụ trách bộ phận"),
    ("leader", "Lãnh đạo xã"),
    ("clerk", "Văn thư"),
    ("cashier", "Thu phí"),
    ("unit_admin", "Quản trị"),
    ("focal", "Đầu mối chuyển đổi số"),
)
OF_THE_COMMUNE_SHOWN = (
    ("broadcaster", "Cán bộ truyền thanh"),
    ("duty", "Trực ban khẩn cấp"),
    ("village_head", "Trưởng thôn"),
)
OF_THE_PROVINCE = (
    ("province", "Giám sát tỉnh"),
    ("catalogue", "Quản lý danh mục"),
    ("appraiser", "Thẩm định cấp tỉnh"),
    ("council", "Hội đồng đánh giá"),
)


def load_demo(*, dossiers: int | None = None) -> None:
    """The articles' province once; with `dossiers`, that many more over all communes by the bulk path."""
    if dossiers is None:
        play_province(read_scenario())
        play_letters(read_scenario())
        declare_articles()
        play_paperwork(read_scenario())
        play_assessments(read_scenario())
        play_reach(read_scenario())
    else:
        fill(dossiers, read_scenario())


def sign_ins() -> list[str]:
    """Who may sign in to look around."""
    scenario = read_scenario()
    commune, shown = scenario.shown, reach()["officers"]
    lines = [
        f"{label:<22} {account}   mật khẩu {scenario.password}"
        for label, account in (
            *((label, f"{scenario.officers[role]}.{commune.slug}") for role, label in OF_THE_COMMUNE),
            *((label, f"{shown[role]}.{commune.slug}") for role, label in OF_THE_COMMUNE_SHOWN),
            *((label, f"{PROVINCE_OFFICERS[role]}.tinh") for role, label in OF_THE_PROVINCE),
        )
    ]
    lines.append("Người dân              số điện thoại 0900000001, mã đăng nhập hiện trên màn hình")
    return lines
