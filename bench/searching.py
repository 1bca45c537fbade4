"""Full-text search: `find` as a clerk, a province and a narrow stranger ask it, against the bare index of the database.

`./xaso bench searching [--on sqlite,postgres] [--entries 100000] [--rounds 40]`

The bare side is a table with the same words and nothing else, asked for twenty rows newest first: no permissions, no
units, no marks. Both sides answer the same questions in turn; p95 is over all questions and rounds.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.rig.databases import ROOT, cluster, surroundings
from bench.rig.names import FAMILY, GIVEN, MIDDLE
from bench.rig.report import keep

KINDS = ("Quyết định", "Công văn", "Tờ trình", "Báo cáo", "Kế hoạch", "Thông báo", "Giấy mời", "Biên bản")
SUBJECTS = ("về việc cấp giấy chứng nhận quyền sử dụng đất", "về việc đăng ký khai sinh",
            "về văn bản hướng dẫn chuyển đổi số", "về việc hỗ trợ người có công", "về quản lý trật tự xây dựng",
            "về phòng chống bão lụt", "về việc tổ chức hội nghị", "về chế độ mai táng phí",
            "về việc vệ sinh môi trường nông thôn", "về việc rà soát hộ nghèo")  # fmt: skip
PLACES = ("thôn Đồng Cát", "thôn Yên Nhân", "khu Bến Then", "thôn Hạ Chuế", "thôn Nhật Chiêu", "khu Vĩnh Mỗ")
COMMON = ("văn bản", "van ban", "quyet dinh dat", "nguyen", "ve viec", "bao cao", "cong van so", "dang ky khai sinh")
SELECTIVE = ("nguyễn thị lan", "pham duc khanh mai tang", "1234/QĐ-UBND", "77/", '"hội nghị" quang', "dong cat bao lut",
             "H62.2", "kế hoạch 15", "xay dung yen nhan tran", "bien ban vinh mo")  # fmt: skip
COMMUNES = 136
STARTED = datetime(2015, 1, 1, tzinfo=UTC)
AT_ONCE = 5_000


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="sqlite,postgres")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--inside", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        print(json.dumps(_inside(chosen)))
        return 0
    for database in chosen.on.split(","):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-"))
            url = stack.enter_context(cluster())("search") if database == "postgres" else ""
            command = [
                sys.executable,
                __file__,
                "--inside",
                "--entries",
                str(chosen.entries),
                "--rounds",
                str(chosen.rounds),
            ]
            done = subprocess.run(
                command, env=surroundings(Path(folder), url), cwd=ROOT, stdout=subprocess.PIPE, check=True
            )
        found = json.loads(done.stdout.splitlines()[-1])
        print(json.dumps({database: found}, ensure_ascii=False, indent=1))
        keep("searching", {"database": database, "entries": chosen.entries, "results": found})
    return 0


def _inside(chosen):
    import django

    django.setup()
    from bench.rig.searching import measure

    return measure(chosen.entries, chosen.rounds)


def texts(count):
    """(title, unit path, moment) in the order of time; the same for the same count."""
    dice = random.Random(count)
    for number in range(count):
        title = f"{dice.choice(KINDS)} {number % 3000}/QĐ-UBND {dice.choice(SUBJECTS)}"
        person = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
        line = f"H62.{dice.randrange(99)}.{dice.randrange(99)}-{number:07} {person}, {dice.choice(PLACES)}"
        yield (
            title,
            line,
            f"26.{dice.randrange(9) + 244}.{dice.randrange(COMMUNES) + 9000:05}.",
            STARTED + timedelta(minutes=5 * number),
        )


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def summary(times):
    return {"median_ms": round(statistics.median(times) * 1000, 2), "p95_ms": round(percentile(times, 0.95) * 1000, 2),
            "max_ms": round(max(times) * 1000, 2)}  # fmt: skip


def timed(call):
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
