"""A page of a decision: ours (sheet to PDF/A and boxes) against a bare, kept Typst compiler of the same source.

`./xaso bench layouts [--times 60]`. Both run in turn in one process; the median counts. Ours may take twice as long.
"""

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, date, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")

MUST = 2.0


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=60)
    chosen = parser.parse_args(arguments)
    import django

    django.setup()
    from bench.rig.report import keep

    ours, bare = runs()
    spent = {"ours": [], "bare": []}
    for turn in range(chosen.times + 5):
        for name, run in (("ours", ours), ("bare", bare)):
            begun = time.perf_counter()
            run(turn)
            if turn >= 5:  # the first ones read fonts and fill the compiler's memory
                spent[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(times) * 1000 for name, times in spent.items()}
    ratio = medians["ours"] / medians["bare"]
    numbers = {
        "ours_ms": round(medians["ours"], 2),
        "bare_ms": round(medians["bare"], 2),
        "ratio": round(ratio, 2),
        "must": MUST,
    }
    print(numbers)
    keep("layouts", numbers)
    return 0 if ratio <= MUST else 1


def runs():
    """The two ways to the same page; each turn has other words, so that nothing is answered from memory."""
    import typst

    from xaso.modules.layouts.definitions import layout_on
    from xaso.modules.layouts.printed import payload_of
    from xaso.modules.layouts.queries import pdf_of, sheet_from
    from xaso.modules.papers.queries import FONTS_DIR

    layout = layout_on(None)
    template = layout.folder / layout.template
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS_DIR)])
    compiler = typst.Compiler(
        input=str(template), root=str(template.parent), font_paths=fonts, ignore_system_fonts=True
    )
    text = "Căn cứ Luật Tổ chức chính quyền địa phương;\n" + "".join(
        f"Điều {at}. Nội dung điều {at} được trình bày đủ dài để chiếm hơn một dòng trên trang giấy khổ A4.\n"
        for at in range(1, 7)
    )

    def sheet(turn, who):
        return sheet_from(
            text + f"Lần {turn} của {who}.", kind="quyet-dinh", agency="Ủy ban nhân dân xã Ngũ Kiên", place="Ngũ Kiên",
            symbol="QĐ-UBND", subject="Về việc đo tốc độ", signer="Nguyễn Thị Hoa", signer_title="Chủ tịch",
            dated_on=date(2026, 2, 5),
        )  # fmt: skip

    def bare(turn):
        compiler.compile(
            format="pdf", sys_inputs={"payload": payloads[turn]}, pdf_standards="a-2b",
            timestamp=datetime(2026, 2, 5, tzinfo=UTC),
        )  # fmt: skip

    payloads = {turn: payload_of(sheet(turn, "B"), layout) for turn in range(1_000)}
    return lambda turn: pdf_of(sheet(turn, "A")), bare


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
