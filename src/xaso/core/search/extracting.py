"""Opens a file of unknown origin in a process of its own, with little memory and little time, and tells its text.

`python -m xaso.core.search.extracting text|words|page|picture SOURCE [PAGE TARGET]`; the answer is one JSON object.
Nothing of the product is imported here, and whatever a damaged file does to this process it does to nobody else.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped,unused-ignore]
from lxml import etree  # type: ignore[import-untyped,unused-ignore]
from PIL import Image, ImageOps

MOST_PAGES = 500
MOST_LETTERS = 1_000_000
MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 60
MOST_XML = 40 * 1024 * 1024
DPI = 300
MOST_PIXELS = 40_000_000
LOCKED_BY_PASSWORD = 4  # FPDF_ERR_PASSWORD
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf_text(source: str) -> dict[str, Any]:
    """Text by page. `locked` when a password is needed."""
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return {"fault": "locked" if getattr(error, "err_code", None) == LOCKED_BY_PASSWORD else "broken"}
    pages, letters = len(document), 0
    texts: list[str] = []
    for number in range(min(pages, MOST_PAGES)):
        page = document[number]
        text = page.get_textpage().get_text_range()[: MOST_LETTERS - letters]
        texts.append(text)
        letters += len(text)
        page.close()
        if letters >= MOST_LETTERS:
            break
    return {"pages": pages, "texts": texts}


def docx_text(source: str) -> dict[str, Any]:
    """Paragraphs of the body, tables with it."""
    try:
        with zipfile.ZipFile(source) as packed, packed.open("word/document.xml") as part:
            content = part.read(MOST_XML + 1)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError):
        return {"fault": "broken"}
    if len(content) > MOST_XML:
        return {"fault": "large"}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return {"fault": "broken"}
    return {"pages": 0, "texts": ["\n".join(_paragraphs(root))[:MOST_LETTERS]]}


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{WORD}p"):
        parts = [
            (node.text or "") if node.tag == f"{WORD}t" else " " for node in paragraph.iter(f"{WORD}t", f"{WORD}tab")
        ]
        if text := "".join(parts).strip():
            yield text


def page_picture(source: str, number: int, target: str) -> dict[str, Any]:
    """One page in shades of grey, as fine as reading needs and no finer than memory bears."""
    page = pypdfium2.PdfDocument(source)[number]
    width, height = page.get_size()
    scale = min(DPI / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    bitmap.to_pil().save(target, "PNG", dpi=(DPI, DPI), compress_level=1)
    return {"pages": 1}


def picture(source: str, target: str) -> dict[str, Any]:
    """A photo upright, in shades of grey."""
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS * 2:
                return {"fault": "large"}
            opened.draft("L", (3508, 3508))
            upright = ImageOps.exif_transpose(opened).convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {"fault": "broken"}
    upright.thumbnail((4961, 4961))
    upright.save(target, "PNG", dpi=(DPI, DPI), compress_level=1)
    return {"pages": 1}


def main(arguments: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    what, source, *rest = arguments
    if what == "text":
        answer = pdf_text(source)
    elif what == "words":
        answer = docx_text(source)
    elif what == "page":
        answer = page_picture(source, int(rest[0]), rest[1])
    else:
        answer = picture(source, rest[0])
    # Half a letter pair in a damaged font must not stop the rest from being told.
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main(sys.argv[1:])
