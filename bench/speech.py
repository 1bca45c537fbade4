"""How fast speech is made, in seconds of sound per second. Must: 20.

`./xaso bench speech [--notices 5]`

What is measured is what the worker does for a notice of a minute or two: words normalised, spoken by espeak-ng in its
process, levelled to −16 LUFS, limited and encoded as MP3 in another.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.rig.report import keep

MUST = 20.0
NOTICE = (
    "UBND xã Ngũ Kiên thông báo. Từ 7h30 đến 17h00 ngày 12/3/2026, điện lực Vĩnh Tường cắt điện để sửa chữa đường dây "
    "110kV đi qua 5 thôn. Bà con chủ động sản xuất, tắt các thiết bị không cần thiết. Cần hỏi, xin gọi 1900 1009.\n"
)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--notices", type=int, default=5)
    parser.add_argument("--times", type=int, default=4, help="how often the notice is said in one recording")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    import django

    django.setup()
    speeds = [_speed(NOTICE * chosen.times) for _ in range(chosen.notices)]
    numbers = {
        "notices": chosen.notices,
        "median": round(statistics.median(speeds), 1),
        "slowest": round(min(speeds), 1),
    }
    print(numbers)
    keep("speech", numbers)
    return 0 if numbers["median"] >= MUST else 1


def _speed(text):
    from xaso.modules.audio import making, queries
    from xaso.modules.audio.definitions import audio
    from xaso.modules.audio.engine import processes

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        source, target = Path(folder) / "a.wav", Path(folder) / "a.mp3"
        source.write_bytes(processes.espeak(queries.spoken(text), audio().voices[0].espeak, audio().speech_rate))
        found = processes.master(source, target, making.wanted(is_speech=True))
        return found["seconds"] / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
