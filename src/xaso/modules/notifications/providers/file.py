"""The stand-in of a channel that has no provider yet: a file beside the data, read by a person or another program."""

import json
import os
from pathlib import Path

from django.conf import settings

from xaso.kit import clock
from xaso.modules.notifications.providers import DeliveryFailed, Outgoing


class FileProvider:
    """Appends one JSON line per message to `outgoing/<channel>-YYYY-MM-DD.jsonl`. The reference says it is a file.

    Lines carry codes and phone numbers, so only the owner of the process may read them.
    """

    def _folder(self) -> Path:
        return Path(settings.DATA_DIR) / "outgoing"

    def send(self, message: Outgoing) -> str:
        name = f"{message.channel}-{clock.today():%Y-%m-%d}.jsonl"
        line = {
            "id": message.uuid,
            "at": clock.local(clock.now()).isoformat(timespec="seconds"),
            "channel": message.channel,
            "to": message.to,
            "title": message.title,
            "body": message.body,
        }
        try:
            self._folder().mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder() / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as target:
                target.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise DeliveryFailed(f"Không ghi được tệp {name}: {error.strerror}", again=True) from error
        return f"file:{name}"

    def check(self) -> str:
        folder = self._folder()
        return (
            "" if os.access(folder if folder.exists() else folder.parent, os.W_OK) else f"Không ghi được vào {folder}."
        )
