"""What a run of a Word file really looks like: its own marks, its styles, those they are based on, and the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from xaso.modules.layouts.checking.seen import ONE_LINE, Align

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DEEPEST = 30
TWIP = 1 / 20
MM = 25.4 / 1440
_ALIGNS: dict[str, Align] = {
    "both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right", "left": "left",
    "start": "left",
}  # fmt: skip
_BLACK = {"", "auto", "000000", "text1", "dark1"}


def tag(name: str) -> str:
    return WORD + name


def attr(element: Any, name: str) -> str:
    return element.get(WORD + name, "") if element is not None else ""


def _number(text: str, otherwise: float = 0.0) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look."""

    text: str = ""
    font: str = ""
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    caps: bool = False
    coloured: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The shape of a paragraph; `run` is the look its letters begin with."""

    run: Run = field(default_factory=Run)
    align: Align = "left"
    indent: float = 0.0
    before: float = 0.0
    after: float = 0.0
    line: float = 240.0
    line_rule: str = "auto"
    frame: str = ""

    @property
    def gap(self) -> float:
        return self.before + self.after

    def lines_of(self, size: float) -> float:
        """Line spacing in lines."""
        return self.line / 240 if self.line_rule == "auto" else self.line * TWIP / (size * ONE_LINE)


class Styles:
    """The style sheet and the fonts of the theme."""

    def __init__(self, styles: Any, theme: Any) -> None:
        self.by_id: dict[str, Any] = {}
        self.default = ""
        self.base_run: Any = None
        self.base_paragraph: Any = None
        self.theme = _theme_fonts(theme)
        if styles is None:
            return
        for one in styles.iter(tag("style")):
            self.by_id[attr(one, "styleId")] = one
            if attr(one, "type") == "paragraph" and attr(one, "default") in {"1", "true", "on"}:
                self.default = attr(one, "styleId")
        self.base_run = styles.find(f"{tag('docDefaults')}/{tag('rPrDefault')}/{tag('rPr')}")
        self.base_paragraph = styles.find(f"{tag('docDefaults')}/{tag('pPrDefault')}/{tag('pPr')}")

    def chain(self, style: str) -> list[Any]:
        """The style and what it is based on, the base first. A circle ends where it began."""
        found: list[Any] = []
        while style in self.by_id and len(found) < DEEPEST and self.by_id[style] not in found:
            found.append(self.by_id[style])
            style = attr(self.by_id[style].find(tag("basedOn")), "val")
        return found[::-1]


def _theme_fonts(theme: Any) -> dict[str, str]:
    if theme is None:
        return {}
    found: dict[str, str] = {}
    for name in ("major", "minor"):
        latin = theme.find(f".//{DRAWING}{name}Font/{DRAWING}latin")
        if latin is not None:
            found[name] = latin.get("typeface", "")
    return found


class Formats:
    """Effective formats, each style worked out once."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.has_auto_numbers = False
        self._known: dict[str, Paragraph] = {}

    def paragraph(self, element: Any) -> Paragraph:
        properties = element.find(tag("pPr"))
        style = attr(properties.find(tag("pStyle")), "val") if properties is not None else ""
        shape = self._styled(style or self.styles.default)
        if properties is None:
            return shape
        if properties.find(tag("numPr")) is not None:
            self.has_auto_numbers = True
        return _shaped(shape, properties)

    def _styled(self, style: str) -> Paragraph:
        if style not in self._known:
            shape = Paragraph(run=_looked(Run(), self.styles.base_run, self.styles.theme))
            shape = _shaped(shape, self.styles.base_paragraph)
            for one in self.styles.chain(style):
                shape = _shaped(shape, one.find(tag("pPr")))
                shape = replace(shape, run=_looked(shape.run, one.find(tag("rPr")), self.styles.theme))
            self._known[style] = shape
        return self._known[style]

    def runs(self, element: Any, shape: Paragraph) -> list[Run]:
        """Letters that a reader sees: nothing deleted, hidden or in a text box."""
        found: list[Run] = []
        for run in element.iter(tag("r")):
            if _is_elsewhere(run, element):
                continue
            properties = run.find(tag("rPr"))
            look = shape.run
            if properties is not None:
                for one in self.styles.chain(attr(properties.find(tag("rStyle")), "val")):
                    look = _looked(look, one.find(tag("rPr")), self.styles.theme)
                look = _looked(look, properties, self.styles.theme)
            text = "".join(_said(child) for child in run)
            if text and not look.hidden:
                found.append(replace(look, text=text.upper() if look.caps else text))
        return found


def _is_elsewhere(run: Any, paragraph: Any) -> bool:
    for above in run.iterancestors():
        if above is paragraph:
            return False
        if above.tag in {tag("del"), tag("moveFrom"), tag("txbxContent")}:
            return True
    return True


def _said(child: Any) -> str:
    if child.tag == tag("t"):
        return child.text or ""
    return {tag("tab"): "\t", tag("br"): "\n", tag("cr"): "\n", tag("noBreakHyphen"): "-"}.get(child.tag, "")


def _is_on(properties: Any, name: str, now: bool) -> bool:
    element = properties.find(tag(name))
    return now if element is None else attr(element, "val") not in {"0", "false", "off", "none"}


def _looked(run: Run, properties: Any, theme: dict[str, str]) -> Run:
    if properties is None:
        return run
    size = properties.find(tag("sz"))
    color = properties.find(tag("color"))
    return replace(
        run,
        font=_font(properties.find(tag("rFonts")), theme) or run.font,
        size=_number(attr(size, "val"), run.size * 2) / 2,
        bold=_is_on(properties, "b", run.bold),
        italic=_is_on(properties, "i", run.italic),
        caps=_is_on(properties, "caps", run.caps),
        hidden=_is_on(properties, "vanish", run.hidden),
        coloured=run.coloured if color is None else attr(color, "val").lower() not in _BLACK,
    )


def _font(fonts: Any, theme: dict[str, str]) -> str:
    if fonts is None:
        return ""
    named = attr(fonts, "hAnsi") or attr(fonts, "ascii")
    from_theme = attr(fonts, "asciiTheme") or attr(fonts, "hAnsiTheme")
    return theme.get(from_theme[:5], named) if from_theme else named


def _shaped(shape: Paragraph, properties: Any) -> Paragraph:
    if properties is None:
        return shape
    align, indent = attr(properties.find(tag("jc")), "val"), properties.find(tag("ind"))
    spacing, frame = properties.find(tag("spacing")), properties.find(tag("framePr"))
    if indent is not None and (indent.get(WORD + "firstLine") or indent.get(WORD + "hanging")):
        first = _number(attr(indent, "firstLine")) - _number(attr(indent, "hanging"))
        shape = replace(shape, indent=first * MM)
    if spacing is not None:
        shape = replace(
            shape,
            before=_number(attr(spacing, "before"), shape.before / TWIP) * TWIP,
            after=_number(attr(spacing, "after"), shape.after / TWIP) * TWIP,
            line=_number(attr(spacing, "line"), shape.line),
            line_rule=attr(spacing, "lineRule") or ("auto" if attr(spacing, "line") else shape.line_rule),
        )
    return replace(
        shape, align=_ALIGNS.get(align, shape.align), frame=attr(frame, "xAlign") if frame is not None else shape.frame
    )
