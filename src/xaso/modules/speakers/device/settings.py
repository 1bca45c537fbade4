"""The credential file of a device (JSON, readable by its owner only), and the list of many for a rehearsal."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xaso.modules.speakers.protocol.topics import SERIAL, Address


class BadFile(Exception):
    """The text is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`server` is the address files are fetched from; `ca` the certificate that broker and server are checked with."""

    serial: str
    secret: str
    commune: str
    host: str
    port: int
    server: str
    is_tls: bool = True
    ca: str = ""
    skew: float = 0.0

    @property
    def address(self) -> Address:
        return Address(self.commune, self.serial)


def read(path: Path) -> list[Settings]:
    """One device, or `{"devices": [{"serial", "secret"}, …], …}` with what they share beside it. Raises BadFile."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"Không đọc được tệp khoá {path}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadFile(f"Tệp khoá {path} đang cho người khác đọc. Hãy chạy: chmod 600 {path}")
    try:
        body = json.loads(text)
    except ValueError as error:
        raise BadFile(f"Tệp khoá {path} không phải JSON.") from error
    if not isinstance(body, dict):
        raise BadFile(f"Tệp khoá {path} không đúng mẫu.")
    shared = {key: value for key, value in body.items() if key != "devices"}
    devices = body.get("devices", [{}])
    if not isinstance(devices, list) or not devices or not all(isinstance(one, dict) for one in devices):
        raise BadFile("Mục “devices” của tệp khoá phải là danh sách loa.")
    return [_one({**shared, **one}) for one in devices]


def _one(body: dict[str, Any]) -> Settings:
    kinds: dict[str, tuple[type, ...]] = {
        "serial": (str,),
        "secret": (str,),
        "commune": (str,),
        "host": (str,),
        "port": (int,),
        "server": (str,),
        "is_tls": (bool,),
        "ca": (str,),
        "skew": (int, float),
    }
    for name, value in body.items():
        if name not in kinds or type(value) not in kinds[name]:
            raise BadFile(f"Tệp khoá: mục “{name}” thừa hoặc sai kiểu.")
    missing = [name for name in ("serial", "secret", "commune", "host", "port", "server") if not body.get(name)]
    if missing:
        raise BadFile(f"Tệp khoá thiếu mục: {', '.join(missing)}.")
    if not SERIAL.fullmatch(body["serial"]) or not SERIAL.fullmatch(body["commune"]):
        raise BadFile("Tệp khoá: “serial” hoặc “commune” có ký tự lạ.")
    return Settings(**body)
