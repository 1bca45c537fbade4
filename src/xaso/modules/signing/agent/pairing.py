"""Who may talk: a page whose address is allowed, after the code shown here was typed there."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from pathlib import Path

from xaso.modules.signing.agent.trouble import Trouble

TRIES = 5
MOST_PAIRED = 20
WRONG_CODE = "Mã ghép nối không đúng. Hãy nhập lại mã đang hiện ở cửa sổ “xaso agent”. Còn {} lần."
CLOSED = "Đã nhập sai mã ghép nối {} lần nên việc ghép nối bị đóng. Hãy tắt rồi mở lại “xaso agent” để có mã mới."
NOT_PAIRED = "Trình duyệt này chưa ghép nối với trình ký. Hãy nhập mã đang hiện ở cửa sổ “xaso agent”."


class Pairing:
    """Tokens given to browsers are kept here only as checksums, each bound to the address it was given for."""

    def __init__(self, home: Path) -> None:
        self._file = home / "paired.json"
        self._guard = threading.Lock()
        self._left = TRIES
        self.code = _new_code()

    def pair(self, origin: str, code: str) -> str:
        """The browser's token, for the right code; the code is then used up. Raises Trouble."""
        with self._guard:
            if self._left <= 0:
                raise Trouble("closed", CLOSED.format(TRIES))
            typed = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
            if not hmac.compare_digest(typed.encode(), self.code.encode()):
                self._left -= 1
                sentence = WRONG_CODE.format(self._left) if self._left else CLOSED.format(TRIES)
                raise Trouble("wrong_code" if self._left else "closed", sentence)
            token = secrets.token_urlsafe(32)
            self._keep([*self._known(), {"origin": origin, "sha256": _checksum(token)}][-MOST_PAIRED:])
            self._left, self.code = TRIES, _new_code()
            return token

    def need(self, origin: str, token: str) -> None:
        """Raises Trouble unless the token was given to a page of this address."""
        given = _checksum(token).encode()
        right = [
            hmac.compare_digest(given, one["sha256"].encode()) & (one["origin"] == origin) for one in self._known()
        ]
        if not any(right):
            raise Trouble("not_paired", NOT_PAIRED)

    def _known(self) -> list[dict[str, str]]:
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return []  # without it the browsers pair again, which is harmless
        return [one for one in told if isinstance(one, dict) and {"origin", "sha256"} <= set(one)]

    def _keep(self, known: list[dict[str, str]]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
            json.dump(known, target)
        fresh.replace(self._file)


def _new_code() -> str:
    return f"{secrets.randbelow(10**8):08d}"


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
