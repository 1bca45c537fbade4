"""The numbers with machine and date, printed and kept."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())  # fmt: skip
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    return {"cpu": model, "cores": os.cpu_count(), "memory_mib": memory, "python": platform.python_version(),
            "load": os.getloadavg()}  # fmt: skip


def keep(name, numbers):
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "name": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        **numbers,
    }
    with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as target:
        target.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"kept in {folder / name}.jsonl")
