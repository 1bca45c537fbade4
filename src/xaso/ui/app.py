"""The parts of the installable app that belong to the design: its icon, its service worker, the files it keeps."""

import hashlib
import io
import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from PIL import Image, ImageDraw

FILES = Path(__file__).resolve().parent / "static" / "ui"
SHELL = ("tokens.css", "components.css", "ui.js", "app.js", "icons.svg", "mark.svg")
BRAND, PAGE = "#0b5563", "#f3f7f8"
_ROOF, _WALL = "#f5ac3d", "#ffffff"
_ROOM = 0.72
"""How much of a maskable icon's side the mark fills: whatever shape a phone cuts out, nothing is lost."""


@cache
def icon(side: int, *, maskable: bool = False) -> bytes:
    """The mark (`mark.svg`, 32 by 32) as a PNG, drawn four times as large and made smaller."""
    big = side * 4
    picture = Image.new("RGBA", (big, big), BRAND if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    scale = big / 32 * (_ROOM if maskable else 1)
    edge = (big - 32 * scale) / 2
    if not maskable:
        draw.rounded_rectangle((0, 0, big - 1, big - 1), radius=7 * scale, fill=BRAND)
    _stroke(draw, [(6, 15.5), (16, 7), (26, 15.5)], _ROOF, scale, edge)
    for x, top in ((9.5, 18), (16, 14), (22.5, 18)):
        _stroke(draw, [(x, top), (x, 25)], _WALL, scale, edge)
    target = io.BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(target, "PNG", optimize=True)
    return target.getvalue()


def _stroke(
    draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str, scale: float, edge: float
) -> None:
    at = [(x * scale + edge, y * scale + edge) for x, y in points]
    draw.line(at, fill=colour, width=round(3 * scale), joint="curve")
    for x, y in at:
        draw.ellipse((x - 1.5 * scale, y - 1.5 * scale, x + 1.5 * scale, y + 1.5 * scale), fill=colour)


def worker(offline: str, offline_page: bytes) -> str:
    """`sw.js` with what it keeps. Another content of any part is another version, so that nothing old stays."""
    source = (FILES / "sw.js").read_text(encoding="utf-8")
    shell = [static(f"ui/{name}") for name in SHELL]
    digest = hashlib.sha256(source.encode() + offline_page + repr(shell).encode())
    for name in SHELL:
        digest.update((FILES / name).read_bytes())
    head = (
        f"const VERSION = {json.dumps(digest.hexdigest()[:16])};\n"
        f"const OFFLINE = {json.dumps(offline)};\n"
        f"const SHELL = {json.dumps(shell)};\n"
    )
    return head + source
