"""Vietnamese text made comparable: one spelling for storage, one without marks for search."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """NFC, single spaces, no control characters: what we store of anything typed."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return _SPACES.sub(" ", text).strip()


def plain(text: str) -> str:
    """NFC without control characters, lines kept: what we take from anything typed over several lines."""
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if c in "\r\n\t" or unicodedata.category(c) != "Cc")


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d. No database folds đ alike, so this column is computed here."""
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _SPACES.sub(" ", text.lower()).strip()


def words(text: str) -> list[str]:
    """Folded words of letters and digits only."""
    return re.findall(r"[a-z0-9]+", fold(text))
