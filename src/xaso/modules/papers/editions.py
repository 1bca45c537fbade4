"""The editions that this commune may print, from every content folder; a later folder replaces an edition whole."""

from datetime import date
from functools import cache

from django.conf import settings

from xaso.kit.errors import Missing
from xaso.modules.papers.definitions import PaperEdition, editions_in


@cache
def all_editions() -> dict[tuple[str, str], PaperEdition]:
    """(code, version) → edition. Raises BadContent naming the file and the line."""
    found: dict[tuple[str, str], PaperEdition] = {}
    for folder in settings.CONTENT_DIRS:
        found |= {(one.code, one.version): one for one in editions_in(folder / "papers")}
    return found


def edition(code: str, on: date) -> PaperEdition:
    """The form in force on that day; of two, the newer. Raises Missing."""
    valid = [one for one in all_editions().values() if one.code == code and one.is_valid_on(on)]
    if not valid:
        raise Missing(f"Không có mẫu giấy “{code}” dùng được vào ngày {on:%d/%m/%Y}. Hãy báo người quản lý danh mục.")
    return max(valid, key=lambda one: one.valid_from)


def has_edition(code: str, on: date) -> bool:
    """Whether a form of that code was in force on that day."""
    return any(one.code == code and one.is_valid_on(on) for one in all_editions().values())


def edition_named(code: str, version: str) -> PaperEdition:
    """The very edition a paper was issued with. Raises Missing."""
    found = all_editions().get((code, version))
    if found is None:
        raise Missing(f"Mẫu giấy “{code}”, bản {version}, không còn trong thư mục nội dung. Hãy báo người quản trị.")
    return found
