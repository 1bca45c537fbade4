"""A provider whose answers the test decides: it keeps what it was asked in a folder, so that other processes see it.

`wait` answers "waiting" until the file `answer` says otherwise; `hang` never comes back from the first `start`.
"""

import json
import time
from pathlib import Path

from xaso.modules.signing.providers import Answer


class SlowHands:
    title = "Phép thử"

    def __init__(self, folder: Path, key) -> None:
        self.folder, self.key = folder, key

    def start(self, job):
        with (self.folder / "asked").open("a") as asked:
            asked.write(f"{job.uuid} {job.digest.hex()}\n")
        if (self.folder / "hang").exists():
            time.sleep(60)
        return self._answer(job)

    def poll(self, job, reference):
        with (self.folder / "polled").open("a") as polled:
            polled.write(f"{job.uuid} {reference}\n")
        return self._answer(job)

    def _answer(self, job):
        path = self.folder / "answer"
        said = json.loads(path.read_text()) if path.exists() else {"state": "waiting"}
        if said["state"] == "lost connection":
            raise OSError("nobody answers")
        if said["state"] == "signed":
            return Answer("signed", signature=self.key.sign(job.signed_attributes))
        return Answer(said["state"], reference="ref-1", sentence=said.get("sentence", ""))

    def say(self, state, sentence=""):
        (self.folder / "answer").write_text(json.dumps({"state": state, "sentence": sentence}))

    def asked(self):
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def certificates(self, holder):
        return []

    def check(self):
        return ""
