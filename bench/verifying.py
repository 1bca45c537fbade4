"""What judging costs beside bare pyHanko, over the same files in one run. Must: ≥ 0.8 × as many a second.

`./xaso bench verifying [--files 10] [--rounds 3]`

Ours is what the product does: the file goes to the process of its own, which knows what is trusted, and a finding in
plain words comes back. Bare is `validate_pdf_signature` in this process with the same roots and lists.
"""

import argparse
import io
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.rig.report import keep

MUST = 0.8


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--level", default="B-B", choices=["B-B", "B-T"])
    chosen = parser.parse_args(arguments)
    from xaso.modules.trust.tests.authority import World

    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        world = World(Path(folder))
        try:
            files = [world.sign("hoa", level=chosen.level) for _ in range(chosen.files)]
            numbers = compare(world, files, chosen.rounds)
        finally:
            world.stop()
    numbers = {"files": chosen.files, "level": chosen.level, **numbers}
    print(numbers)
    keep("verifying", numbers)
    return 0 if numbers["ratio"] >= MUST else 1


def compare(world, files, rounds):
    """Both take turns, so that a busy machine hurts both alike; the median round counts."""
    from xaso.modules.trust.judging import Bench
    from xaso.modules.trust.rules import Knowledge, Root

    lists = (world.crl("root"), world.crl("inter"))
    root = Root(world.root_der, datetime(2020, 1, 1, tzinfo=UTC))
    known = Knowledge("bench", (root,), (world.intermediate_der,), lists)
    bench = Bench()
    try:
        bench.judge(files[0], known, datetime.now(UTC))  # the process starts and learns what is trusted
        ours, bare = [], []
        for _ in range(rounds):
            ours.append(rate(files, lambda pdf: bench.judge(pdf, known, datetime.now(UTC)).verdict == "valid"))
            bare.append(rate(files, lambda pdf: validate(world, pdf, lists)))
    finally:
        bench.close()
    one, other = statistics.median(ours), statistics.median(bare)
    return {"ours_per_s": round(one, 1), "bare_per_s": round(other, 1), "ratio": round(one / other, 2), "must": MUST}


def rate(files, judge):
    begun = time.perf_counter()
    if not all(judge(pdf) for pdf in files):
        raise RuntimeError("a good signature was not called valid")
    return len(files) / (time.perf_counter() - begun)


def validate(world, pdf, lists):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[world.certificate("root")],
        other_certs=[world.certificate("inter")],
        crls=lists,
        revocation_mode="require",
    )
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return validate_pdf_signature(signature, context).bottom_line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
