"""The stand-in when no gateway is set up: a file beside the data, for its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from xaso.kit import clock
from xaso.modules.sms.providers import Outgoing, Settings
from xaso.modules.sms.rules.answers import Answer


class FileTransport:
    """Appends one JSON line per message to `outgoing/sms-YYYY-MM-DD.jsonl`."""

    title = "Tệp trên máy chủ (chưa nối tổng đài)"

    def _folder(self) -> Path:
        return Path(settings.DATA_DIR) / "outgoing"

    def send(self, given: Settings, messages: Sequence[Outgoing]) -> Iterator[Answer]:
        del given
        name = f"sms-{clock.today():%Y-%m-%d}.jsonl"
        try:
            self._folder().mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder() / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            for one in messages:
                yield Answer(one.key, error=f"Không ghi được tệp {name}: {error.strerror}", again=60)
            return
        with os.fdopen(descriptor, "a", encoding="utf-8") as target:
            for one in messages:
                line = {"id": one.uuid, "at": clock.local(clock.now()).isoformat(timespec="seconds"), "channel": "sms",
                        "to": one.phone, "title": "", "body": one.text}  # fmt: skip
                target.write(json.dumps(line, ensure_ascii=False) + "\n")
                yield Answer(one.key, (f"file-{one.uuid}",))

    def check(self, given: Settings) -> str:
        del given
        folder = self._folder()
        place = folder if folder.exists() else folder.parent
        return "" if os.access(place, os.W_OK) else f"Không ghi được vào {folder}."
