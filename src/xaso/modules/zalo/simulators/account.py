"""What the simulated account remembers: tokens, templates, quota, what it sent, and the faults that were asked for."""

from __future__ import annotations

import base64
import hashlib
import random
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from xaso.modules.zalo.simulators import documented as doc


class Refusal(Exception):
    """Zalo says no, in an HTTP 200."""

    def __init__(self, code: int) -> None:
        super().__init__(doc.WORDS.get(code, "error"))
        self.code = code


@dataclass
class Settings:
    app_id: str = "app-1"
    app_secret: str = "app-secret"  # noqa: S105 - a simulator's
    oa_secret: str = "oa-secret"  # noqa: S105
    oa_id: str = "4900000000001"
    name: str = "Xã mô phỏng"
    webhook: str = ""
    expires: float = 90_000
    code_lives: float = 600


@dataclass
class Fault:
    """`kind`: slow, drop (before anything is done), cut (done, the answer is lost), error, http, garbage."""

    path: str
    kind: str
    times: int = 1
    seconds: float = 0
    code: int = 0


@dataclass
class Account:
    settings: Settings
    lock: threading.RLock = field(default_factory=threading.RLock)
    codes: dict[str, tuple[str, float]] = field(default_factory=dict)
    access: dict[str, float] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    followers: dict[str, float] = field(default_factory=dict)
    admins: set[str] = field(default_factory=set)
    daily: int = 500
    left: int = 500
    is_night: bool = False
    random_expired: float = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    tracked: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refreshes: int = 0
    refused_refreshes: int = 0
    calls: list[str] = field(default_factory=list)

    # Consent and tokens

    def agree(self, challenge: str) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = (challenge, time.time() + self.settings.code_lives)
        return code

    def exchange(self, code: str, verifier: str) -> dict[str, Any]:
        challenge, until = self.codes.pop(code, ("", 0.0))
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not challenge or until < time.time() or digest != challenge:
            return {"error": -14003, "error_name": "Invalid code", "error_description": "Authorization code is invalid"}
        return self.pair()

    def renew(self, refresh: str) -> dict[str, Any]:
        if refresh not in self.refresh:
            self.refused_refreshes += 1
            return {"error": doc.USED_UP, "error_name": "Invalid refresh token", "error_description": "used or expired"}
        self.refresh.discard(refresh)
        self.used.add(refresh)
        self.refreshes += 1
        return self.pair()

    def pair(self) -> dict[str, Any]:
        access, refresh = f"a-{secrets.token_urlsafe(32)}", f"r-{secrets.token_urlsafe(32)}"
        self.access = {access: time.time() + self.settings.expires}
        self.refresh = {refresh}
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(int(self.settings.expires))}

    def check(self, token: str) -> None:
        if self.access.get(token, 0) < time.time() or random.random() < self.random_expired:  # noqa: S311
            raise Refusal(doc.EXPIRED)

    def expire(self) -> None:
        self.access = dict.fromkeys(self.access, 0.0)

    def forget(self) -> None:
        """As on the first day."""
        self.__dict__.update(Account(self.settings, self.lock).__dict__)

    def revoke(self) -> None:
        """The administrator took the consent back: every token is worth nothing."""
        self.access, self.refresh = {}, set()

    # Messages

    def send_template(self, body: dict[str, Any]) -> dict[str, Any]:
        phone, tracking = str(body.get("phone", "")), str(body.get("tracking_id", ""))
        if tracking and tracking in self.tracked:
            return self._answer(self.tracked[tracking])
        self._check_phone(phone, str(body.get("mode", "")))
        template = self._template(str(body.get("template_id", "")))
        data = body.get("template_data")
        self._check_data(template, data if isinstance(data, dict) else {})
        if self.is_night:
            raise Refusal(doc.NIGHT)
        if self.left <= 0:
            raise Refusal(doc.QUOTA)
        self.left -= 1
        msg_id = secrets.token_hex(10)
        self.sent.append({"msg_id": msg_id, "phone": phone, "tracking_id": tracking, "kind": "template", "data": data})
        if tracking:
            self.tracked[tracking] = msg_id
        return self._answer(msg_id)

    def _answer(self, msg_id: str) -> dict[str, Any]:
        quota = {"dailyQuota": str(self.daily), "remainingQuota": str(self.left)}
        return {"msg_id": msg_id, "sent_time": str(int(time.time() * 1000)), "quota": quota}

    def _check_phone(self, phone: str, mode: str) -> None:
        if not (phone.startswith("84") and phone.isdecimal() and 11 <= len(phone) <= 12):
            raise Refusal(doc.BAD_PHONE)
        if code := self.phones.get(phone):
            raise Refusal(code)
        if mode == "development" and phone not in self.admins:
            raise Refusal(-118)

    def _template(self, name: str) -> dict[str, Any]:
        template = self.templates.get(name)
        if template is None:
            raise Refusal(doc.BAD_TEMPLATE)
        state = template.get("state", "approved")
        if state != "approved":
            raise Refusal({"blocked": doc.BLOCKED, "spent": doc.SPENT}.get(state, doc.NOT_APPROVED))
        return template

    def _check_data(self, template: dict[str, Any], data: dict[str, Any]) -> None:
        params = template.get("params", {})
        if set(params) != set(data) or any(not str(value) or len(str(value)) > params[k] for k, value in data.items()):
            raise Refusal(doc.BAD_DATA)

    def send_text(self, body: dict[str, Any]) -> dict[str, Any]:
        recipient, message = body.get("recipient") or {}, body.get("message") or {}
        user = str(recipient.get("user_id", ""))
        if user not in self.followers:
            raise Refusal(doc.NOT_FOLLOWING)
        if self.followers[user] < time.time():
            raise Refusal(doc.TOO_LATE)
        msg_id = secrets.token_hex(10)
        self.sent.append({"msg_id": msg_id, "user": user, "kind": "text", "text": message.get("text", "")})
        return {"message_id": msg_id, "user_id": user}

    # Faults

    def fault(self, path: str) -> Fault | None:
        with self.lock:
            for one in self.faults:
                if one.times > 0 and one.path in path:
                    one.times -= 1
                    return one
        return None
